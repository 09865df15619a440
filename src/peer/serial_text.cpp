// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>

#include <peercert/peer/serial_text.hpp>

namespace peercert {
namespace {

// The two digits of each octet.
using Digits = std::array<char, 2>;
constexpr auto kHexDigitPairs = [] {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::array<Digits, 0x100> hex{};
  for (std::size_t octet = 0; octet < hex.size(); ++octet) {
    hex[octet] = {kDigits[octet >> 4], kDigits[octet & 0x0f]};
  }
  return hex;
}();

char* put_hex(Bytes octets, char* at) noexcept {
  for (const std::uint8_t octet : octets) {
    std::memcpy(at, kHexDigitPairs[octet].data(), sizeof(Digits));
    at += sizeof(Digits);
  }
  return at;
}

// |INTEGER| of a negative one: in two's complement the octets below the lowest one that is not zero
// stay, that one is negated, those above are inverted. Only as many octets as a line takes.
class NegatedLine {
 public:
  explicit NegatedLine(Bytes content) noexcept {
    std::size_t lowest_set = content.size();            // one past its index
    while (content[lowest_set - 1] == 0) --lowest_set;  // ends: the first octet is over 0x7f
    const bool has_sign_octet = content.size() > 1 && content[0] == 0xff && lowest_set > 1;
    const std::size_t skip = has_sign_octet ? 1 : 0;
    size_ = std::min(content.size() - skip, octets_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      const unsigned octet = content[i + skip];
      const std::size_t place = i + skip + 1;
      octets_[i] = static_cast<std::uint8_t>(place > lowest_set    ? octet
                                             : place == lowest_set ? 0U - octet
                                                                   : ~octet);
    }
  }
  Bytes octets() const noexcept { return {octets_.data(), size_}; }

 private:
  std::array<std::uint8_t, kMaxSerialLineLen + 1>
      octets_;  // one more than fits tells that it does not
  std::size_t size_ = 0;
};

char* put_line(Bytes magnitude, char* at) noexcept {
  at = put_hex(magnitude.first(std::min(magnitude.size(), kMaxSerialLineLen)), at);
  if (magnitude.size() > kMaxSerialLineLen) {
    *at++ = '\\';
    *at++ = '\n';
  }
  return at;
}

}  // namespace

std::size_t write_serial_text(Bytes content, char* out) noexcept {
  char* end = out;
  if (!content.empty() && (content[0] & 0x80)) {
    *end++ = '-';
    end = put_line(NegatedLine(content).octets(), end);
  } else {
    const bool has_sign_octet = content.size() > 1 && content[0] == 0;
    end = put_line(content.subspan(has_sign_octet ? 1 : 0), end);
  }
  return static_cast<std::size_t>(end - out);
}

std::string to_serial_text(Bytes content) {
  char text[kMaxSerialTextLen];
  return std::string(text, write_serial_text(content, text));
}

}  // namespace peercert
