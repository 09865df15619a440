// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/sqlite_values.hpp"

#include <algorithm>
#include <cstdint>

#include "columns/value_text.hpp"

namespace peercert::scan {

void SqliteValues::run() {
  for (const Text& text : texts_) {
    statement_.bind(text.index, text_.view().substr(text.begin, text.end - text.begin));
  }
  statement_.run();
  texts_.clear();
  text_.clear();
  begin_ = 0;
}

void SqliteValues::end_text() {
  texts_.push_back({index_, begin_, text_.size()});
  begin_ = text_.size();
}

void SqliteValues::string(std::string_view text) {
  if (is_in_list_) return json_.string(text);
  text_.append(text);
  end_text();
}

void SqliteValues::binary(Bytes bytes, columns::BinaryText text) {
  if (is_in_list_) return json_.binary(bytes, text);
  columns::append_text(text_, bytes, text);
  end_text();
}

void SqliteValues::boolean(bool value) {
  if (is_in_list_) return json_.boolean(value);
  statement_.bind(index_, std::int64_t{value});
}

void SqliteValues::int64(std::int64_t number) {
  if (is_in_list_) return json_.int64(number);
  statement_.bind(index_, number);
}

void SqliteValues::timestamp(columns::Timestamp time, columns::TimeText text) {
  if (is_in_list_) return json_.timestamp(time, text);
  columns::append_text(text_, time, text);
  end_text();
}

void SqliteValues::duration(columns::Duration duration) {
  if (is_in_list_) return json_.duration(duration);
  constexpr double kMicrosecondsInAMillisecond = 1000;
  const auto count = static_cast<double>(std::max<std::int64_t>(duration.count(), 0));
  statement_.bind(index_, count / kMicrosecondsInAMillisecond);
}

void SqliteValues::begin_list() {
  json_.begin_list();
  is_in_list_ = true;
}

void SqliteValues::end_list() {
  json_.end_list();
  is_in_list_ = false;
  end_text();
}

FieldVisitor& SqliteValues::begin_fields() { return json_.begin_fields(); }

void SqliteValues::end_fields() {
  json_.end_fields();
  end_text();
}

std::string_view sql_type(columns::ColumnType type) noexcept {
  using columns::ValueType;
  if (type.is_list) return " TEXT";
  switch (type.value) {
    case ValueType::string:
    case ValueType::binary:
    case ValueType::timestamp:
    case ValueType::structure: return " TEXT";
    case ValueType::boolean:
    case ValueType::int64: return " INTEGER";
    case ValueType::duration: return " REAL";
  }
  return {};
}

}  // namespace peercert::scan
