// SPDX-License-Identifier: Apache-2.0
// The columns of a certificate: JSON that RapidJSON reads, and a row of CSV that is one line of as
// many cells as there are columns, none of which a spreadsheet would run.
#include <algorithm>

#include <rapidjson/document.h>

#include <peercert/columns/certificate_columns.hpp>
#include <peercert/columns/csv_row.hpp>
#include <peercert/columns/json_values.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

void check_json(const columns::CertificateRow& row) {
  Output out;
  columns::JsonValues values(out);
  values.begin_object();
  for (const auto& column : columns::certificate_columns()) {
    values.name(column.name);
    column.visit(row, values);
  }
  values.end_object();
  check_shown(out.view());
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(out.view().data(), out.size());
  check(!document.HasParseError() && document.IsObject());
  for (const auto& column : columns::certificate_columns()) {
    const char* const name = column.name.data();  // a literal, which a NUL ends
    check(!document.HasMember(name) || document[name].IsArray() == column.type.is_list);
  }
}

/// The cell at the beginning, which is removed with what ends it.
std::string_view take_cell(std::string_view& row) {
  std::size_t end = 0;
  bool is_quoted = false;
  for (; end < row.size(); ++end) {
    if (row[end] == '"') is_quoted = !is_quoted;
    if (!is_quoted && (row[end] == ',' || row[end] == '\r')) break;
  }
  check(end < row.size() && !is_quoted);
  const std::string_view cell = row.substr(0, end);
  row.remove_prefix(end + (row[end] == '\r' ? 0 : 1));
  return cell;
}

void check_csv(const columns::CertificateRow& row) {
  Output out;
  columns::CsvRow cells(out);
  for (const auto& column : columns::certificate_columns()) {
    cells.next_cell();
    column.visit(row, cells);
  }
  cells.end_row();
  std::string_view rest = out.view();
  check(rest.ends_with("\r\n"));
  check_shown(rest.substr(0, rest.size() - 2));
  for (const auto& column : columns::certificate_columns()) {
    std::string_view cell = take_cell(rest);
    if (cell.starts_with('"')) cell.remove_prefix(1);
    const bool is_number = column.type.value == columns::ValueType::int64;
    check(is_number || cell.empty() ||
          std::string_view("=+-@").find(cell.front()) == std::string_view::npos);
  }
  check(rest == "\r\n");
}

}  // namespace

void run(Bytes input) {
  const Result<Certificate> certificate = Certificate::from_der(input);
  if (!certificate) return;
  const Bytes some = input.first(std::min<std::size_t>(input.size(), 20));
  const columns::CertificateRow row{certificate->view(), input, {}, some, some};
  check_json(row);
  check_csv(row);
}

}  // namespace peercert::fuzz
