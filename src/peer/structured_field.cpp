// SPDX-License-Identifier: Apache-2.0
#include "peer/structured_field.hpp"

#include <algorithm>

#include "x509/encoding/base64.hpp"

namespace peercert::structured {
namespace {

constexpr std::string_view kSpace = " ";
constexpr std::string_view kOptionalSpace = " \t";

void skip(std::string_view& text, std::string_view characters) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

std::string base64_text(Bytes octets) {
  constexpr std::size_t kQuantumLen = 4;  // characters for three octets
  std::string text((octets.size() + 2) / 3 * kQuantumLen, '=');
  base64::encode(octets, text.data());
  return text;
}

// Base64 as it is written: with all of its padding, without white space, the unused bits zero.
bool decode_base64(std::string_view text, Der& out) {
  return base64::decode(text, out) == std::string_view::npos && base64_text(out) == text;
}

// sf-binary = ":" *(base64) ":"
HeaderDefect take_byte_sequence(std::string_view& text, Der& out) {
  if (!text.starts_with(':')) return HeaderDefect::bad_syntax;
  const std::size_t end = text.find(':', 1);
  if (end == std::string_view::npos) return HeaderDefect::bad_syntax;
  const bool is_good = decode_base64(text.substr(1, end - 1), out);
  text.remove_prefix(end + 1);
  return is_good ? HeaderDefect::none : HeaderDefect::bad_base64;
}

}  // namespace

HeaderDefect parse_item(std::string_view value, Der& out) {
  skip(value, kSpace);
  const HeaderDefect defect = take_byte_sequence(value, out);
  if (defect != HeaderDefect::none) return defect;
  skip(value, kSpace);
  return value.empty() ? HeaderDefect::none : HeaderDefect::bad_syntax;
}

HeaderDefect parse_list(std::string_view value, std::vector<Der>& out) {
  skip(value, kSpace);
  while (!value.empty()) {
    if (out.size() == kMaxForwardedCertificates) return HeaderDefect::too_many;
    const HeaderDefect defect = take_byte_sequence(value, out.emplace_back());
    if (defect != HeaderDefect::none) return defect;
    skip(value, kOptionalSpace);
    if (value.empty()) break;
    if (!value.starts_with(',')) return HeaderDefect::bad_syntax;
    value.remove_prefix(1);
    skip(value, kOptionalSpace);
    if (value.empty()) return HeaderDefect::bad_syntax;  // a comma at the end
  }
  return HeaderDefect::none;
}

std::string byte_sequence(Bytes octets) { return ':' + base64_text(octets) + ':'; }

}  // namespace peercert::structured
