// SPDX-License-Identifier: Apache-2.0
#include "render/field_values.hpp"

#include <charconv>

#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/safe_text.hpp"

namespace peercert::render {
namespace {

// Whatever JSON's readers make of a number, they are exact up to this.
constexpr std::int64_t kMaxExactInteger = std::int64_t{1} << 53;
constexpr std::size_t kMaxSmallLen = 8;

// The value of a valid INTEGER that is small.
std::int64_t small_integer(Bytes content) noexcept {
  std::uint64_t bits = (content[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : content) bits = bits << 8 | octet;
  return static_cast<std::int64_t>(bits);
}

// The magnitude of a negative INTEGER: all bits inverted, plus one.
std::string negated(Bytes content) {
  std::string magnitude(content.begin(), content.end());
  for (char& octet : magnitude) octet = static_cast<char>(~octet);
  for (std::size_t i = magnitude.size(); i-- > 0 && ++magnitude[i] == 0;) continue;
  return magnitude;
}

Bytes to_bytes(std::string_view octets) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
}

std::string lower_hex(Bytes octets) {
  std::string text = to_hex(octets, {});
  for (char& c : text) c = c >= 'A' ? static_cast<char>(c + 0x20) : c;
  return text;
}

void append_padded(int number, std::size_t width, std::string& out) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

std::string address_text(Bytes address) {
  const AltNameText text(GeneralName{GeneralNameType::ip_address, address});
  const Bytes characters = text.text().octets;
  return {characters.begin(), characters.end()};
}

std::string time_text(const DateTime& time, char separator, std::string_view zone) {
  std::string text;
  append_padded(time.year, 4, text);
  for (const int number : {time.month, time.day}) {
    text += '-';
    append_padded(number, 2, text);
  }
  for (const int number : {time.hour, time.minute, time.second}) {
    text += separator;
    append_padded(number, 2, text);
    separator = ':';
  }
  text.append(time.fraction.begin(), time.fraction.end());
  return text += zone;
}

}  // namespace

bool is_small_integer(Bytes content) noexcept {
  if (content.empty() || content.size() > kMaxSmallLen) return false;
  const std::int64_t number = small_integer(content);
  return number >= -kMaxExactInteger && number <= kMaxExactInteger;
}

std::string integer_text(Bytes content) {
  if (is_small_integer(content)) return std::to_string(small_integer(content));
  const bool is_negative = !content.empty() && (content[0] & 0x80) != 0;
  const std::string magnitude =
      is_negative ? negated(content) : std::string(content.begin(), content.end());
  const bool has_sign_octet = magnitude.size() > 1 && magnitude[0] == 0;
  return (is_negative ? "-0x" : "0x") +
         lower_hex(to_bytes(magnitude).subspan(has_sign_octet ? 1 : 0));
}

std::string dotted_text(Bytes oid) {
  if (oid.size() > kMaxOidLen || der::check_oid(oid) != Errc::ok) return "OID." + to_hex(oid, {});
  std::string text(kMaxDottedLen, '\0');
  text.resize(write_dotted(oid, text.data()));
  return text;
}

std::string ip_address_text(Bytes address, Bytes mask) {
  std::string text = address_text(address);
  if (!mask.empty()) text.append("/").append(address_text(mask));
  return text;
}

std::string time_text(const DateTime& time) { return time_text(time, ' ', " UTC"); }

std::string rfc3339_text(const DateTime& time) { return time_text(time, 'T', "Z"); }

std::string to_utf8(der::StringView text) {
  std::string out;
  char utf8[4];
  while (!text.octets.empty()) {
    out.append(utf8, der::encode_utf8(der::next_code_point(text), utf8));
  }
  return out;
}

bool is_well_formed(der::StringView text) noexcept {
  const std::size_t width = text.encoding == der::Encoding::ucs2   ? 2
                            : text.encoding == der::Encoding::ucs4 ? 4
                                                                   : 1;
  return text.octets.size() % width == 0 && der::encoding_error(text) == text.octets.size();
}

}  // namespace peercert::render
