// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/peer/serial_text.hpp>

namespace peercert {
namespace {

constexpr std::size_t kOctetsPerLine = 35;  // of OpenSSL's i2a_ASN1_INTEGER()

// The octets of |INTEGER|, each computed as it is asked for: in two's complement the octets below
// the lowest one that is not zero stay, that one is negated, those above are inverted.
class Magnitude {
 public:
  explicit Magnitude(Bytes content) noexcept
      : content_(content), negative_(!content.empty() && (content[0] & 0x80)) {
    lowest_set_ = content_.size();
    while (lowest_set_ > 0 && content_[lowest_set_ - 1] == 0) --lowest_set_;
    if (content_.size() > 1 && (content_[0] == 0 || (content_[0] == 0xff && lowest_set_ > 1)))
      skip_ = 1;
  }
  bool negative() const noexcept { return negative_; }
  std::size_t size() const noexcept { return content_.size() - skip_; }
  unsigned operator[](std::size_t index) const noexcept {
    const std::size_t i = index + skip_;
    const unsigned octet = content_[i];
    if (!negative_ || i >= lowest_set_) return octet;
    return (i + 1 == lowest_set_ ? 0U - octet : ~octet) & 0xffU;
  }

 private:
  Bytes content_;
  bool negative_;
  std::size_t lowest_set_;  // one past the index of the lowest octet that is not zero
  std::size_t skip_ = 0;    // the sign octet in front of the magnitude
};

}  // namespace

std::size_t write_serial_text(Bytes content, char* out) noexcept {
  static constexpr char kHex[] = "0123456789ABCDEF";
  const Magnitude magnitude(content);
  char* at = out;
  if (magnitude.negative()) *at++ = '-';
  for (std::size_t i = 0; i < std::min(magnitude.size(), kOctetsPerLine); ++i) {
    *at++ = kHex[magnitude[i] >> 4];
    *at++ = kHex[magnitude[i] & 0x0f];
  }
  if (magnitude.size() > kOctetsPerLine) {
    *at++ = '\\';
    *at++ = '\n';
  }
  return static_cast<std::size_t>(at - out);
}

std::string to_serial_text(Bytes content) {
  char text[kMaxSerialTextLen];
  return std::string(text, write_serial_text(content, text));
}

}  // namespace peercert
