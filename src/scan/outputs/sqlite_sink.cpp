// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/sqlite_sink.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <sys/stat.h>

#include <peercert/base/version.hpp>
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

// PRAGMA application_id: a database of ours may be written to. "pcrt".
constexpr std::int64_t kApplicationId = 0x70637274;
// PRAGMA user_version: the form of its tables. Before there were runs it was 0.
constexpr std::int64_t kVersion = 2;

constexpr std::string_view kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

std::string schema(const Fields& certificate_fields) {
  std::string certificates, observations;
  for (const CertificateColumn* const column : certificate_fields.columns()) {
    certificates.append(", ").append(column->name).append(sql_type(column->type));
  }
  for (const RecordColumn& column : record_columns()) {
    observations.append(", ").append(column.name).append(sql_type(column.type));
  }
  return "CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished "
         "TEXT,"
         " command TEXT, version TEXT NOT NULL);"
         "CREATE TABLE certificates (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE,"
         " der BLOB NOT NULL, first_seen TEXT NOT NULL" +
         certificates +
         ");"
         "CREATE INDEX certificates_by_not_after ON certificates (not_after);"
         "CREATE INDEX certificates_by_issuer ON certificates (issuer);"
         "CREATE TABLE observations (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs" +
         observations +
         ", fields TEXT);"
         "CREATE INDEX observations_by_sha256 ON observations (sha256);"
         "CREATE INDEX observations_by_host ON observations (host, sha256);"
         "CREATE VIEW latest AS SELECT * FROM observations WHERE run = (SELECT max(id) FROM runs);"
         "PRAGMA application_id = " +
         std::to_string(kApplicationId) + ";PRAGMA user_version = " + std::to_string(kVersion);
}

// A statement for rows whose id SQLite chooses.
std::string insert_into(std::string_view table, std::size_t num_values) {
  std::string sql = "INSERT INTO " + std::string(table) + " VALUES (NULL";
  for (std::size_t i = 0; i < num_values; ++i) sql += ", ?";
  return sql + ")";
}

// Locks and journals go by the name: by two of them two scans would write at once, and SQLite would
// not find the journal of a scan that was killed.
const std::string& refuse_second_name(const std::string& path) {
  struct stat status {};
  const bool is_file = ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file || status.st_nlink == 1) return path;
  throw std::invalid_argument(
      path +
      ": a database with several names (hard links), each of which has a lock and a journal of its "
      "own: remove the others, or name another file");
}

class SqliteSink final : public Sink {
 public:
  SqliteSink(const std::string& path, const OutputOptions& options)
      : lock_(path),
        database_(refuse_second_name(path)),
        fields_(options.fields),
        command_(options.command) {
    refuse_foreign();
    // Others can read while the scan writes, and a commit is on the disk.
    database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    begin();  // which a database that others write to, or that cannot be written, refuses
  }

  void write(const RecordView& view) override;
  std::string commit() override;
  void rewind(std::string_view committed) override;
  void finish() override;
  void close() override;

 private:
  // Where a commit was: the run, and the last rows then.
  struct Place {
    std::int64_t run = 0, observation = 0, certificate = 0;
  };

  void refuse_foreign();
  void begin();
  void begin_run();
  void set_finished(std::string_view sql);
  Place parse_place(std::string_view text) const;
  bool has_rows_of(const Place& place);
  void cut(const Place& place);
  void read_known();
  void add_certificate(const CertificateEntry& entry, const RecordView& view);
  void add_observation(const RecordView& view);

  LockFile lock_;  // of the whole scan, where SQLite's are of one transaction
  SqliteDatabase database_;
  SqliteStatement insert_observation_, insert_certificate_;
  SqliteValues observation_{insert_observation_}, certificate_{insert_certificate_};
  Fields fields_, certificate_fields_{kCertificateColumns};
  std::string command_;
  DigestSet known_;
  Place last_;
  bool is_in_transaction_ = false;
};

void SqliteSink::refuse_foreign() {
  if (database_.number("PRAGMA application_id") == kApplicationId) {
    if (database_.number("PRAGMA user_version") == kVersion) return;
    throw std::invalid_argument(
        database_.name() +
        ": a database of another version of peercert, to which this one cannot add a run: "
        "move it away, or name another file");
  }
  if (database_.number("SELECT count(*) FROM sqlite_master") != 0) {
    throw std::invalid_argument(database_.name() + ": a database that no scan has made");
  }
}

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
  last_.certificate = database_.last_row();
}

void SqliteSink::add_observation(const RecordView& view) {
  int index = 0;
  insert_observation_.bind(++index, last_.run);
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
  last_.observation = database_.last_row();
}

std::string SqliteSink::commit() {
  if (is_in_transaction_) database_.execute("COMMIT");
  is_in_transaction_ = false;
  return std::to_string(last_.run) + ' ' + std::to_string(last_.observation) + ' ' +
         std::to_string(last_.certificate);
}

void SqliteSink::rewind(std::string_view committed) {
  begin();
  if (committed.empty()) {
    begin_run();
  } else {
    cut(parse_place(committed));
  }
  read_known();
  commit();
  insert_observation_ = database_.prepare(insert_into("observations", record_columns().size() + 2));
  insert_certificate_ =
      database_.prepare(insert_into("certificates", certificate_fields_.size() + 3));
}

void SqliteSink::begin_run() {
  if (database_.number("SELECT count(*) FROM sqlite_master") == 0) {
    database_.execute(schema(certificate_fields_));
  }
  SqliteStatement insert =
      database_.prepare("INSERT INTO runs VALUES (NULL, " + std::string(kNow) + ", NULL, ?, ?)");
  if (!command_.empty()) insert.bind(1, command_);
  insert.bind(2, version());
  insert.run();
  last_ = {.run = database_.last_row(),
           .certificate = database_.number("SELECT coalesce(max(id), 0) FROM certificates")};
}

void SqliteSink::set_finished(std::string_view sql) {
  database_.execute("UPDATE runs SET finished = " + std::string(sql) +
                    " WHERE id = " + std::to_string(last_.run));
}

SqliteSink::Place SqliteSink::parse_place(std::string_view text) const {
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool is_last = i + 1 == numbers.size();
    const std::size_t end = is_last ? text.size() : std::min(text.find(' '), text.size());
    const std::uint64_t number = parse_commit(text.substr(0, end), database_.name());
    if (number > std::numeric_limits<std::int64_t>::max()) {
      throw std::invalid_argument(database_.name() + ": not what a scan has left");
    }
    numbers[i] = static_cast<std::int64_t>(number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {numbers[0], numbers[1], numbers[2]};
}

// Whether what was there at that place still is.
bool SqliteSink::has_rows_of(const Place& place) {
  const auto has = [this](const std::string& rows) {
    return database_.number("SELECT count(*) FROM " + rows) != 0;
  };
  const std::string run = std::to_string(place.run);
  const std::string observation = std::to_string(place.observation);
  if (!has("sqlite_master WHERE name = 'runs'") || !has("runs WHERE id = " + run)) return false;
  const bool has_observation =
      place.observation == 0 || has("observations WHERE id = " + observation + " AND run = " + run);
  return has_observation &&
         database_.number("SELECT coalesce(max(id), 0) FROM certificates") >= place.certificate;
}

// Rows are numbered in the order in which they came.
void SqliteSink::cut(const Place& place) {
  if (!has_rows_of(place)) {
    throw std::invalid_argument(database_.name() +
                                ": has less than the scan that is to be resumed has left");
  }
  database_.execute("DELETE FROM observations WHERE run = " + std::to_string(place.run) +
                    " AND id > " + std::to_string(place.observation));
  // A later run may refer to any certificate that it has found here.
  if (database_.number("SELECT max(id) FROM runs") == place.run) {
    database_.execute("DELETE FROM certificates WHERE id > " + std::to_string(place.certificate));
  }
  // A certificate that cannot be decoded is in its observation alone.
  if (database_.number("SELECT count(*) FROM observations WHERE sha256 IS NOT NULL AND der IS NULL "
                       "AND sha256 NOT IN (SELECT sha256 FROM certificates)") != 0) {
    throw std::invalid_argument(database_.name() + ": not what a scan has left");
  }
  last_ = place;
  set_finished("NULL");
}

void SqliteSink::read_known() {
  known_.clear();
  SqliteStatement digests = database_.prepare("SELECT sha256 FROM certificates");
  while (digests.step()) {
    if (const auto digest = parse_digest(digests.text(0))) known_.insert(*digest);
  }
}

// On the disk with close().
void SqliteSink::finish() {
  begin();
  set_finished(kNow);
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
