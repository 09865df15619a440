// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/sqlite_database.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sqlite3.h>

#include <peercert/der/strings.hpp>

#include "render/safe_text.hpp"
#include "scan/outputs/own_file.hpp"

namespace peercert::scan {
namespace {

constexpr int kBusyMilliseconds = 10'000;  // for readers that keep the database locked

[[noreturn]] void fail_with(sqlite3* database, const std::string& name) {
  const int code = sqlite3_errcode(database);
  const std::string text = name + ": " + sqlite3_errmsg(database);
  if (code == SQLITE_NOTADB) throw std::invalid_argument(text);
  int error = sqlite3_system_errno(database);
  if (code == SQLITE_FULL) error = ENOSPC;
  if (code == SQLITE_BUSY) error = EBUSY;
  throw std::system_error(error != 0 ? error : EIO, std::generic_category(), text);
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void SqliteStatement::fail() const { fail_with(sqlite3_db_handle(statement_.get()), *name_); }

void SqliteStatement::bind(int index, std::int64_t number) {
  if (sqlite3_bind_int64(statement_.get(), index, number) != SQLITE_OK) fail();
}

void SqliteStatement::bind(int index, double number) {
  if (sqlite3_bind_double(statement_.get(), index, number) != SQLITE_OK) fail();
}

void SqliteStatement::bind(int index, std::string_view text) {
  if (text.empty()) text = "";  // a null pointer would be a null

  const Bytes octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  std::string escaped;
  const bool is_utf8 = der::utf8_error(octets) == octets.size();
  if (!is_utf8) render::append_safe(octets, escaped);
  if (sqlite3_bind_text64(statement_.get(), index, is_utf8 ? text.data() : escaped.data(),
                          is_utf8 ? text.size() : escaped.size(),
                          is_utf8 ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK) {
    fail();
  }
}

void SqliteStatement::bind(int index, Bytes octets) {
  if (sqlite3_bind_blob64(statement_.get(), index, octets.data(), octets.size(), SQLITE_STATIC) !=
      SQLITE_OK) {
    fail();
  }
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail();
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const auto* const text = sqlite3_column_text(statement_.get(), column);
  const auto len = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), len);
}

void SqliteDatabase::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

SqliteDatabase::SqliteDatabase(const std::string& path)
    : name_(std::make_unique<const std::string>(path)) {
  sqlite3* database = nullptr;
  // SQLite looks for links in the folders, too, and follows none to its journals.
  const std::string place = canonical_place(path);
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
  const int code = sqlite3_open_v2(place.c_str(), &database, kFlags, nullptr);
  database_.reset(database);
  if (database == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) fail_with(database, name());
  sqlite3_busy_timeout(database, kBusyMilliseconds);
}

void SqliteDatabase::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail_with(database_.get(), name());
  }
}

SqliteStatement SqliteDatabase::prepare(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
    fail_with(database_.get(), name());
  }
  SqliteStatement statement;
  statement.statement_.reset(prepared);
  statement.name_ = name_.get();
  return statement;
}

std::int64_t SqliteDatabase::number(const std::string& sql) {
  SqliteStatement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::int64_t SqliteDatabase::last_row() const noexcept {
  return sqlite3_last_insert_rowid(database_.get());
}

void SqliteDatabase::close() {
  if (sqlite3_close(database_.get()) != SQLITE_OK) fail_with(database_.get(), name());
  static_cast<void>(database_.release());
}

}  // namespace peercert::scan
