// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/csv_reader.hpp"

#include <string_view>

#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

// One record, line by line.
//
//   record  = field *(COMMA field)
//   escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE
class RecordParser {
 public:
  explicit RecordParser(std::vector<std::string>& fields) : fields_(fields) {}

  // Whether the record ends with the line.
  bool add(std::string_view line) {
    rest_ = line;
    if (in_quotes_) {
      fields_.back().push_back('\n');
    } else {
      begin_field();
    }
    while (!in_quotes_ || read_quoted()) {
      in_quotes_ = false;
      if (rest_.empty()) return true;
      begin_field_behind_comma();
    }
    return false;
  }

 private:
  // Reads a field, or the quote in front of one.
  void begin_field() {
    fields_.emplace_back();
    in_quotes_ = rest_.starts_with('"');
    if (in_quotes_) {
      rest_.remove_prefix(1);
      return;
    }
    const std::string_view field = rest_.substr(0, rest_.find(','));
    fields_.back() = field;
    rest_.remove_prefix(field.size());
  }

  void begin_field_behind_comma() {
    if (rest_.front() != ',') throw ssl::ValueError("behind a quoted field is no comma");
    rest_.remove_prefix(1);
    begin_field();
  }

  // Whether the quotes are closed in this line.
  bool read_quoted() {
    for (;;) {
      const std::string_view part = rest_.substr(0, rest_.find('"'));
      fields_.back() += part;
      rest_.remove_prefix(part.size());
      if (rest_.empty()) return false;
      rest_.remove_prefix(1);
      if (!rest_.starts_with('"')) return true;
      fields_.back().push_back('"');
      rest_.remove_prefix(1);
    }
  }

  std::vector<std::string>& fields_;
  std::string_view rest_{};
  bool in_quotes_ = false;
};

}  // namespace

bool CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  RecordParser parser(fields);
  std::size_t record_len = 0;
  for (bool is_first = true;; is_first = false) {
    const LineReader::Status status = lines_.next(text_);
    if (is_first) line_ = lines_.number();
    if (status == LineReader::Status::end) {
      if (is_first) return false;
      throw ssl::ValueError("the quotes of a field are not closed");
    }
    record_len += text_.size() + 1;
    if (status == LineReader::Status::too_long || record_len > kMaxTargetLineLen + 1) {
      throw ssl::ValueError("the record is too long; perhaps the quotes of a field are not closed");
    }
    if (parser.add(text_)) return true;
  }
}

}  // namespace peercert::scan
