// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/sqlite_sink.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <peercert/scan/record_columns.hpp>

#include "scan/outputs/certificate_table.hpp"
#include "scan/outputs/digest_set.hpp"
#include "scan/outputs/file_lock.hpp"
#include "scan/outputs/file_output.hpp"
#include "scan/outputs/own_file.hpp"
#include "scan/outputs/sqlite_database.hpp"
#include "scan/outputs/sqlite_values.hpp"
#include "scan/records/record_json.hpp"

namespace peercert::scan {
namespace {

// PRAGMA application_id: a database of ours may be written over. "pcrt".
constexpr std::int64_t kApplicationId = 0x70637274;

std::string schema(const Fields& certificate_fields) {
  std::string certificates, observations;
  for (const CertificateColumn* const column : certificate_fields.columns()) {
    certificates.append(", ").append(column->name).append(sql_type(column->type));
  }
  for (const RecordColumn& column : record_columns()) {
    observations.append(", ").append(column.name).append(sql_type(column.type));
  }
  return "CREATE TABLE certificates (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE,"
         " der BLOB NOT NULL, first_seen TEXT NOT NULL" +
         certificates +
         ");"
         "CREATE INDEX certificates_by_not_after ON certificates (not_after);"
         "CREATE INDEX certificates_by_issuer ON certificates (issuer);"
         "CREATE TABLE observations (id INTEGER PRIMARY KEY" +
         observations +
         ", fields TEXT);"
         "CREATE INDEX observations_by_sha256 ON observations (sha256);"
         "CREATE INDEX observations_by_host ON observations (host, sha256);";
}

// A statement for rows whose id SQLite chooses.
std::string insert_into(std::string_view table, std::size_t num_values) {
  std::string sql = "INSERT INTO " + std::string(table) + " VALUES (NULL";
  for (std::size_t i = 0; i < num_values; ++i) sql += ", ?";
  return sql + ")";
}

class SqliteSink final : public Sink {
 public:
  SqliteSink(const std::string& path, const OutputOptions& options)
      : lock_(path), database_(path), fields_(options.fields) {
    if (database_.number("PRAGMA application_id") != kApplicationId &&
        database_.number("SELECT count(*) FROM sqlite_master") != 0) {
      throw std::invalid_argument(path + ": a database that no scan has made");
    }
    // Others can read while the scan writes, and a commit is on the disk.
    database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    begin();  // which a database that others write to, or that cannot be written, refuses
  }

  void write(const RecordView& view) override;
  std::string commit() override;
  void rewind(std::string_view committed) override;
  void close() override;

 private:
  void begin();
  void make_tables();
  std::int64_t row_number(std::string_view text) const;
  void cut(std::int64_t observation, std::int64_t certificate);
  void read_known();
  void add_certificate(const CertificateEntry& entry, const RecordView& view);
  void add_observation(const RecordView& view);

  LockFile lock_;  // of the whole scan, where SQLite's are of one transaction
  SqliteDatabase database_;
  SqliteStatement insert_observation_, insert_certificate_;
  SqliteValues observation_{insert_observation_}, certificate_{insert_certificate_};
  Fields fields_, certificate_fields_{kCertificateColumns};
  DigestSet known_;
  std::int64_t last_observation_ = 0, last_certificate_ = 0;
  bool is_in_transaction_ = false;
};

void SqliteSink::begin() {
  if (is_in_transaction_) return;
  database_.execute("BEGIN IMMEDIATE");
  is_in_transaction_ = true;
}

void SqliteSink::write(const RecordView& view) {
  begin();
  for (const CertificateEntry& entry : view.certificates()) add_certificate(entry, view);
  add_observation(view);
}

void SqliteSink::add_certificate(const CertificateEntry& entry, const RecordView& view) {
  if (known_.contains(entry.sha256()) || entry.certificate() == nullptr) return;
  known_.insert(entry.sha256());
  int index = 0;
  certificate_.next(++index);
  certificate_.binary(entry.sha256(), columns::BinaryText::hex);
  insert_certificate_.bind(++index, entry.der());
  certificate_.next(++index);
  certificate_.timestamp(view.record().time, columns::TimeText::milliseconds);
  const columns::CertificateRow row = entry.row({}, certificate_fields_.needs());
  for (const CertificateColumn* const column : certificate_fields_.columns()) {
    certificate_.next(++index);
    column->visit(row, certificate_);
  }
  certificate_.run();
  last_certificate_ = database_.last_row();
}

void SqliteSink::add_observation(const RecordView& view) {
  int index = 0;
  for (const RecordColumn& column : record_columns()) {
    observation_.next(++index);
    column.visit(view, observation_);
  }
  if (!fields_.empty() && view.certificate() != nullptr) {
    observation_.next(++index);
    append_fields(observation_.begin_json(), fields_, view);
    observation_.end_json();
  }
  observation_.run();
  last_observation_ = database_.last_row();
}

std::string SqliteSink::commit() {
  if (is_in_transaction_) database_.execute("COMMIT");
  is_in_transaction_ = false;
  return std::to_string(last_observation_) + ' ' + std::to_string(last_certificate_);
}

void SqliteSink::rewind(std::string_view committed) {
  begin();
  if (committed.empty()) {
    make_tables();
  } else {
    const std::size_t space = std::min(committed.find(' '), committed.size() - 1);
    cut(row_number(committed.substr(0, space)), row_number(committed.substr(space + 1)));
  }
  read_known();
  commit();
  insert_observation_ = database_.prepare(insert_into("observations", record_columns().size() + 1));
  insert_certificate_ =
      database_.prepare(insert_into("certificates", certificate_fields_.size() + 3));
}

void SqliteSink::make_tables() {
  database_.execute("DROP TABLE IF EXISTS observations; DROP TABLE IF EXISTS certificates");
  database_.execute(schema(certificate_fields_));
  database_.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
  last_observation_ = last_certificate_ = 0;
}

std::int64_t SqliteSink::row_number(std::string_view text) const {
  const std::uint64_t number = parse_commit(text, database_.name());
  if (number > std::numeric_limits<std::int64_t>::max()) {
    throw std::invalid_argument(database_.name() + ": not what a scan has left");
  }
  return static_cast<std::int64_t>(number);
}

// Rows are numbered in the order in which they came.
void SqliteSink::cut(std::int64_t observation, std::int64_t certificate) {
  const auto cut_table = [this](const std::string& table, std::int64_t last) {
    if (database_.number("SELECT count(*) FROM sqlite_master WHERE name = '" + table + "'") == 0 ||
        database_.number("SELECT coalesce(max(id), 0) FROM " + table) < last) {
      throw std::invalid_argument(database_.name() +
                                  ": has less than the scan that is to be resumed has left");
    }
    database_.execute("DELETE FROM " + table + " WHERE id > " + std::to_string(last));
  };
  cut_table("observations", observation);
  cut_table("certificates", certificate);
  // A certificate that cannot be decoded is in its observation alone.
  if (database_.number("SELECT count(*) FROM observations WHERE sha256 IS NOT NULL AND der IS NULL "
                       "AND sha256 NOT IN (SELECT sha256 FROM certificates)") != 0) {
    throw std::invalid_argument(database_.name() + ": not what a scan has left");
  }
  last_observation_ = observation;
  last_certificate_ = certificate;
}

void SqliteSink::read_known() {
  known_.clear();
  SqliteStatement digests = database_.prepare("SELECT sha256 FROM certificates");
  while (digests.step()) {
    if (const auto digest = parse_digest(digests.text(0))) known_.insert(*digest);
  }
}

void SqliteSink::close() {
  commit();
  insert_observation_ = {};
  insert_certificate_ = {};
  database_.close();
}

}  // namespace

std::unique_ptr<Sink> make_sqlite_sink(const std::string& path, const OutputOptions& options) {
  if (path == kStandardOutput || path.ends_with(".zst")) {
    throw std::invalid_argument(path + ": a database has to be a file, and is not compressed");
  }
  return std::make_unique<SqliteSink>(follow_own_links(path), options);
}

}  // namespace peercert::scan
