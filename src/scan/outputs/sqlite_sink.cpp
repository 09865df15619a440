// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/sqlite_sink.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "render/json_object.hpp"
#include "scan/outputs/digest_set.hpp"
#include "scan/outputs/file_lock.hpp"
#include "scan/outputs/file_output.hpp"
#include "scan/outputs/own_file.hpp"
#include "scan/outputs/sqlite_database.hpp"
#include "scan/records/record_columns.hpp"
#include "scan/records/record_json.hpp"
#include "scan/records/record_text.hpp"

namespace peercert::scan {
namespace {

// PRAGMA application_id: a database of ours may be written over. "pcrt".
constexpr std::int64_t kApplicationId = 0x70637274;

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::text: return " TEXT";
    case ColumnType::integer: return " INTEGER";
    case ColumnType::real: return " REAL";
  }
  return {};
}

std::string schema() {
  std::string columns;
  for (const Column& column : record_columns()) {
    columns.append(", ").append(column.name).append(sql_type(column.type));
  }
  return "CREATE TABLE certificates (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE,"
         " der BLOB NOT NULL, first_seen TEXT NOT NULL, subject TEXT, issuer TEXT, serial TEXT,"
         " not_before TEXT, not_after TEXT, names TEXT, key_type TEXT, key_bits INTEGER,"
         " signature_algorithm TEXT, is_ca INTEGER);"
         "CREATE INDEX certificates_by_not_after ON certificates (not_after);"
         "CREATE INDEX certificates_by_issuer ON certificates (issuer);"
         "CREATE TABLE observations (id INTEGER PRIMARY KEY" +
         columns +
         ", fields TEXT);"
         "CREATE INDEX observations_by_sha256 ON observations (sha256);"
         "CREATE INDEX observations_by_host ON observations (host, sha256);";
}

std::string insert_observation() {
  std::string sql = "INSERT INTO observations VALUES (NULL";
  for (std::size_t i = 0; i < record_columns().size() + 1; ++i) sql += ", ?";
  return sql + ")";
}

// The fields come as JSON, and become values of SQL's; lists stay JSON.
std::string insert_certificate(std::size_t num_fields) {
  std::string sql = "INSERT INTO certificates VALUES (NULL, ?, ?, ?";
  for (std::size_t i = 0; i < num_fields; ++i) sql += ", json_extract(?, '$')";
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

  void write(const Record& record) override;
  std::string commit() override;
  void rewind(std::string_view committed) override;
  void close() override;

 private:
  void begin();
  void make_tables();
  std::int64_t row_number(std::string_view text) const;
  void cut(std::int64_t observation, std::int64_t certificate);
  void read_known();
  void add_certificate(const Der& der, const crypto::Sha256Digest& digest, Milliseconds time);
  void bind_columns();

  LockFile lock_;  // of the whole scan, where SQLite's are of one transaction
  SqliteDatabase database_;
  SqliteStatement insert_observation_, insert_certificate_;
  Fields fields_, certificate_fields_{kCertificateColumns};
  Examination examined_;
  DigestSet known_;
  Output row_, value_;
  std::int64_t last_observation_ = 0, last_certificate_ = 0;
  bool is_in_transaction_ = false;
};

void SqliteSink::begin() {
  if (is_in_transaction_) return;
  database_.execute("BEGIN IMMEDIATE");
  is_in_transaction_ = true;
}

void SqliteSink::write(const Record& record) {
  begin();
  examined_.examine(record);
  for (std::size_t i = 0; i < record.chain.size(); ++i) {
    add_certificate(record.chain[i], examined_.chain()[i], record.time);
  }
  for (std::size_t i = 0; i < record.verified_chain.size(); ++i) {
    add_certificate(record.verified_chain[i], examined_.verified_chain()[i], record.time);
  }
  bind_columns();
  insert_observation_.run();
  last_observation_ = database_.last_row();
}

// All values in one text, since growing moves what is bound.
void SqliteSink::bind_columns() {
  std::vector<std::size_t> ends;
  row_.clear();
  for (const Column& column : record_columns()) {
    column.append(examined_, row_);
    ends.push_back(row_.size());
  }
  if (!fields_.empty()) append_fields(row_, fields_, examined_, value_);
  ends.push_back(row_.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends.size(); begin = ends[i++]) {
    const std::string_view value = row_.view().substr(begin, ends[i] - begin);
    if (!value.empty()) insert_observation_.bind(static_cast<int>(i + 1), value);
  }
}

void SqliteSink::add_certificate(const Der& der, const crypto::Sha256Digest& digest,
                                 Milliseconds time) {
  if (known_.contains(digest)) return;
  const auto certificate = Certificate::from_der(der);
  if (!certificate) return;
  known_.insert(digest);
  std::vector<std::size_t> ends;
  row_.clear();
  render::append_hex(row_, digest);
  ends.push_back(row_.size());
  append_time(row_, time);
  ends.push_back(row_.size());
  for (std::size_t i = 0; i < certificate_fields_.size(); ++i) {
    certificate_fields_.append_value(i, row_, certificate->view(), der, {});
    ends.push_back(row_.size());
  }
  insert_certificate_.bind(1, row_.view().substr(0, ends[0]));
  insert_certificate_.bind(2, Bytes(der));
  for (std::size_t i = 1; i < ends.size(); ++i) {
    const std::string_view value = row_.view().substr(ends[i - 1], ends[i] - ends[i - 1]);
    if (!value.empty()) insert_certificate_.bind(static_cast<int>(i + 2), value);
  }
  insert_certificate_.run();
  last_certificate_ = database_.last_row();
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
  insert_observation_ = database_.prepare(insert_observation());
  insert_certificate_ = database_.prepare(insert_certificate(certificate_fields_.size()));
}

void SqliteSink::make_tables() {
  database_.execute("DROP TABLE IF EXISTS observations; DROP TABLE IF EXISTS certificates");
  database_.execute(schema());
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
