// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/line_reader.hpp"

#include <istream>
#include <string_view>

#include <peercert/scan/target_source.hpp>

namespace peercert::scan {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

LineReader::Status LineReader::next(std::string& line) {
  using Traits = std::istream::traits_type;
  line.clear();
  std::streambuf& input = *input_.rdbuf();
  Traits::int_type c = input.sbumpc();
  if (Traits::eq_int_type(c, Traits::eof())) return Status::end;
  ++number_;
  Status status = Status::line;
  for (; !Traits::eq_int_type(c, Traits::eof()) && c != '\n'; c = input.sbumpc()) {
    if (line.size() == kMaxTargetLineLen) {
      status = Status::too_long;
    } else {
      line.push_back(Traits::to_char_type(c));
    }
  }
  if (line.ends_with('\r')) line.pop_back();
  if (number_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
  return status;
}

}  // namespace peercert::scan
