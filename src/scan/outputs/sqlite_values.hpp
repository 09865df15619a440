// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <peercert/columns/column.hpp>
#include <peercert/columns/json_values.hpp>
#include <peercert/render/output.hpp>

#include "scan/outputs/sqlite_database.hpp"

namespace peercert::scan {

/// Binds values to a statement. Binary values are texts, lists are JSON, and what has no value is
/// null. Keeps the texts until the next run() is over.
class SqliteValues final : public columns::ValueVisitor {
 public:
  explicit SqliteValues(SqliteStatement& statement) : statement_(statement) {}

  /// The next value is that of "?index".
  void next(int index) noexcept { index_ = index; }
  /// Takes a value of JSON that the caller makes, until end_json().
  columns::JsonValues& begin_json() noexcept { return json_; }
  void end_json() { end_text(); }
  /// Binds the texts and runs the statement.
  void run();

  void string(std::string_view text) override;
  void binary(Bytes bytes, columns::BinaryText text) override;
  void boolean(bool value) override;
  void int64(std::int64_t number) override;
  void timestamp(columns::Timestamp time, columns::TimeText text) override;
  void duration(columns::Duration duration) override;
  void begin_list() override;
  void end_list() override;
  FieldVisitor& begin_fields() override;
  void end_fields() override;

 private:
  struct Text {
    int index;
    std::size_t begin, end;
  };
  void end_text();

  SqliteStatement& statement_;
  int index_ = 0;
  bool is_in_list_ = false;
  Output text_;  // of all values, bound when it does not move any more
  std::size_t begin_ = 0;
  std::vector<Text> texts_;
  columns::JsonValues json_{text_};
};

/// The SQL type of a column of that type: " TEXT".
std::string_view sql_type(columns::ColumnType type) noexcept;

}  // namespace peercert::scan
