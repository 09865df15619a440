// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <peercert/columns/column.hpp>
#include <peercert/columns/json_values.hpp>
#include <peercert/render/output.hpp>

namespace peercert::columns {

/// Writes values as the cells of a row of CSV (RFC 4180) at the end of an Output, which it borrows.
/// Lists are JSON arrays. Strings are escaped as Python's repr() does, so that a row is one line,
/// and get a ' in front where a spreadsheet would take them for a formula.
class CsvRow final : public ValueVisitor {
 public:
  explicit CsvRow(Output& out) noexcept : out_(out) {}

  /// Begins the next cell. Without a value it stays empty.
  void next_cell();
  void end_row();

  void string(std::string_view text) override;
  void binary(Bytes bytes, BinaryText text) override;
  void boolean(bool value) override;
  void int64(std::int64_t number) override;
  void timestamp(Timestamp time, TimeText text) override;
  void duration(Duration duration) override;
  void begin_list() override;
  void end_list() override;
  FieldVisitor& begin_fields() override;
  void end_fields() override;

 private:
  Output& out_;
  bool is_first_ = true, is_in_list_ = false;
  Output text_;  // of a list, or of another value as it is written without escapes
  JsonValues list_{text_};
};

}  // namespace peercert::columns
