// SPDX-License-Identifier: Apache-2.0
// The little of SQLite that a sink needs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace peercert::scan {

/// One statement, prepared. It has to go before its database. Throws as the database.
class SqliteStatement {
 public:
  SqliteStatement() = default;

  // What stands for "?1", "?2" ... in the next run(); null unless it is said. Texts and octets have
  // to live until then; text that is no UTF-8 is escaped.
  void bind(int index, std::int64_t number);
  void bind(int index, double number);
  void bind(int index, std::string_view text);
  void bind(int index, Bytes octets);

  /// Whether there is a row, another one in each call. After the last the statement can run again.
  bool step();
  /// Runs a statement that has no rows.
  void run();
  std::int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  [[noreturn]] void fail() const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* name_ = nullptr;  // the database's
};

/// A database in a file. All calls throw std::system_error whose text begins with the file's name,
/// and std::invalid_argument if the file is no database.
class SqliteDatabase {
 public:
  /// Makes the file if it is not there. Throws for a symbolic link.
  explicit SqliteDatabase(const std::string& path);

  /// Runs statements that have no parameters.
  void execute(const std::string& sql);
  SqliteStatement prepare(const std::string& sql);
  /// The first number that a query gives.
  std::int64_t number(const std::string& sql);
  std::int64_t last_row() const noexcept;
  void close();

  const std::string& name() const noexcept { return *name_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };

  std::unique_ptr<const std::string> name_;  // statements point to it
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace peercert::scan
