// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <peercert/columns/csv_row.hpp>

#include "columns/value_text.hpp"
#include "render/safe_text.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::columns {
namespace {

// Spreadsheets take such a cell for a formula and run it: what a peer sends must not become one.
// Control characters in front, which they skip, are escaped by then.
bool is_formula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos;
}

// A cell with a comma, a quote or a space at an end is quoted.
void append_cell(Output& out, std::string_view text) {
  const bool needs_quotes = text.find_first_of(",\"\r\n") != std::string_view::npos ||
                            text.starts_with(' ') || text.ends_with(' ');
  if (!needs_quotes) return out.append(text);
  out.append('"');
  for (const char c : text) {
    if (c == '"') out.append('"');
    out.append(c);
  }
  out.append('"');
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == ':' || c == '_' || c == '-';
}

// Most cells: what escapes and quotes would leave as it is.
bool is_plain(std::string_view text) {
  return text.empty() || (text.front() != '-' && std::ranges::all_of(text, is_word));
}

}  // namespace

void CsvRow::next_cell() {
  if (!is_first_) out_.append(',');
  is_first_ = false;
}

void CsvRow::end_row() {
  out_.append("\r\n");
  is_first_ = true;
}

void CsvRow::string(std::string_view text) {
  if (is_in_list_) return list_.string(text);
  if (is_plain(text)) return out_.append(text);
  std::string safe;
  render::append_safe({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, safe);
  if (is_formula(safe)) safe.insert(0, 1, '\'');
  append_cell(out_, safe);
}

void CsvRow::binary(Bytes bytes, BinaryText text) {
  if (is_in_list_) return list_.binary(bytes, text);
  text_.clear();
  append_text(text_, bytes, text);
  if (is_formula(text_.view())) out_.append('\'');  // base64 has a +
  out_.append(text_.view());
}

void CsvRow::boolean(bool value) {
  if (is_in_list_) return list_.boolean(value);
  append_text(out_, value);
}

void CsvRow::int64(std::int64_t number) {
  if (is_in_list_) return list_.int64(number);
  render::append_number(out_, number);
}

void CsvRow::timestamp(Timestamp time, TimeText text) {
  if (is_in_list_) return list_.timestamp(time, text);
  append_text(out_, time, text);
}

void CsvRow::duration(Duration duration) {
  if (is_in_list_) return list_.duration(duration);
  render::append_milliseconds(out_, duration);
}

void CsvRow::begin_list() {
  text_.clear();
  list_.begin_list();
  is_in_list_ = true;
}

void CsvRow::end_list() {
  list_.end_list();
  is_in_list_ = false;
  append_cell(out_, text_.view());
}

FieldVisitor& CsvRow::begin_fields() {
  text_.clear();
  return list_.begin_fields();
}

void CsvRow::end_fields() {
  list_.end_fields();
  append_cell(out_, text_.view());
}

}  // namespace peercert::columns
