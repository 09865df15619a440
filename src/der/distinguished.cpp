// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include <peercert/der/ber.hpp>
#include <peercert/der/distinguished.hpp>
#include <peercert/der/strings.hpp>
#include <peercert/der/values.hpp>

#include "der/header.hpp"

namespace peercert::der {
namespace {

constexpr Tag kVisibleString = 0x1a;

bool is_digit(std::uint8_t octet) noexcept { return octet >= '0' && octet <= '9'; }

// X.680, 41.4
bool is_printable(std::uint8_t octet) noexcept {
  const auto c = static_cast<char>(octet);
  const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return is_letter || is_digit(octet) ||
         (octet != 0 && std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos);
}

std::size_t first_other(Bytes content, bool (*is_allowed)(std::uint8_t)) noexcept {
  return static_cast<std::size_t>(std::ranges::find_if_not(content, is_allowed) - content.begin());
}

// The index of the first octet that is not part of a character of the type; the size if all are.
std::size_t character_error(Tag type, Bytes content) noexcept {
  switch (type) {
    case kNumericString:
      return first_other(content, [](std::uint8_t c) { return is_digit(c) || c == ' '; });
    case kPrintableString: return first_other(content, is_printable);
    case kIa5String: return first_other(content, [](std::uint8_t c) { return c < 0x80; });
    case kVisibleString:
      return first_other(content, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
    default: break;
  }
  const StringView text{encoding_of(type), content};
  const std::size_t error = encoding_error(text);
  const std::size_t width = text.encoding == Encoding::ucs2 ? 2 : 4;
  const bool is_fixed = text.encoding == Encoding::ucs2 || text.encoding == Encoding::ucs4;
  // What is left over behind the last whole character.
  return is_fixed ? std::min(error, content.size() - content.size() % width) : error;
}

// X.690, 11.7 and 11.8: YYMMDDhhmmssZ; YYYYMMDDhhmmss[.f]Z, where f does not end in zero.
bool is_der_time(Tag type, Bytes content) noexcept {
  const std::size_t num_digits = type == kUtcTime ? 12 : 14;
  const auto len = first_other(content, is_digit);
  if (len != num_digits || content.empty() || content.back() != 'Z') return false;
  if (content.size() == num_digits + 1) return true;
  const Bytes fraction = content.subspan(len, content.size() - len - 1);
  return type == kGeneralizedTime && fraction[0] == '.' && fraction.size() > 1 &&
         fraction.back() != '0' &&
         first_other(fraction.subspan(1), is_digit) + 1 == fraction.size();
}

bool has_unused_bits_set(Bytes content) noexcept {
  return (content.back() & ((1U << content[0]) - 1)) != 0;
}

// Types whose encoding is constructed always, X.690, 8.9 to 8.12, 8.17 and 8.18.
bool is_structure(Tag number) noexcept {
  switch (number) {
    case kSequence& kNumberMask:
    case kSet& kNumberMask:
    case kExternal:
    case kEmbeddedPdv:
    case kCharacterString: return true;
    default: return false;
  }
}

bool is_reserved(Tag number) noexcept { return number == 0 || number == 0x0f; }

class Walk {
 public:
  Walk(Bytes octets, std::size_t offset, Findings& out) noexcept
      : origin_(octets.data()), offset_(offset), at_(octets.data()), out_(out) {
    frames_[0].end = octets.data() + octets.size();
  }

  void run() noexcept {
    while (depth_ > 0) {
      Frame& frame = frames_[depth_ - 1];
      if (frame.is_indefinite && at_end_of_contents(frame)) {
        at_ += 2;
        --depth_;
      } else if (at_ != frame.end) {
        read_one(frame);
      } else {
        if (frame.is_indefinite) add(FindingCode::malformed_content, frame.begin);  // has no end
        --depth_;
      }
    }
  }

 private:
  struct Frame {
    const std::uint8_t* begin = nullptr;
    const std::uint8_t* end = nullptr;
    bool is_indefinite = false;
    bool is_set = false;
    Bytes previous{};  // the element before, in a SET
  };

  void add(FindingCode code, const std::uint8_t* at) noexcept {
    out_.add(code, offset_ + static_cast<std::size_t>(at - origin_));
  }

  bool at_end_of_contents(const Frame& frame) const noexcept {
    return frame.end - at_ >= 2 && at_[0] == 0 && at_[1] == 0;
  }

  // Where the next element begins cannot be known.
  void abandon(const Frame& frame) noexcept {
    add(FindingCode::malformed_content, at_);
    at_ = frame.end;
    while (depth_ > 0 && frames_[depth_ - 1].end == at_) --depth_;
  }

  void read_one(Frame& frame) noexcept {
    const std::uint8_t* content = at_;
    Header header;
    if (read_header(content, frame.end, header) != Errc::ok) return abandon(frame);
    if (header.content_len > static_cast<std::size_t>(frame.end - content)) return abandon(frame);
    check_header(header, content);
    if (frame.is_set) check_order(frame, header, content + header.content_len);
    if (is_universal(header.identifier)) check_universal(header, {content, header.content_len});
    if (header.identifier & kConstructed) return enter(frame, header, content);
    at_ = content + header.content_len;
  }

  // X.690, 10.1: minimal lengths; 8.1.2: the high tag form is for numbers over 30, unpadded.
  void check_header(const Header& header, const std::uint8_t* content) noexcept {
    const Bytes identifier = header.identifier_octets;
    const std::uint8_t* const length = identifier.data() + identifier.size();
    const bool is_low_number = (header.identifier & kNumberMask) != kHighTagNumber;
    if (identifier.size() > 1 && (is_low_number || identifier[1] == 0x80)) {
      add(FindingCode::non_minimal_tag, at_);
    }
    if (header.indefinite) return add(FindingCode::indefinite_length, at_);
    const bool is_long = content - length > 1;
    if (is_long && (length[1] == 0 || header.content_len < 0x80)) {
      add(FindingCode::non_minimal_length, at_);
    }
  }

  // X.690, 11.6. No whole encoding begins another one, so that none has to be padded.
  void check_order(Frame& frame, const Header& header, const std::uint8_t* end) noexcept {
    const Bytes current = header.indefinite ? Bytes{} : Bytes(at_, end);
    const bool is_comparable = !current.empty() && !frame.previous.empty();
    if (is_comparable && std::ranges::lexicographical_compare(current, frame.previous)) {
      add(FindingCode::set_not_sorted, at_);
    }
    frame.previous = current;
  }

  void check_universal(const Header& header, Bytes content) noexcept {
    const Tag number = header.identifier & kNumberMask;
    const bool is_constructed = header.identifier & kConstructed;
    if (number == kHighTagNumber) return;
    if (is_reserved(number)) return add(FindingCode::reserved_tag, at_);
    if (is_constructed != is_structure(number)) {
      const bool is_segmented = is_constructed && is_string_type(number);
      return add(is_segmented ? FindingCode::constructed_string : FindingCode::wrong_form, at_);
    }
    if (!is_constructed) check_primitive(number, content);
  }

  void check_primitive(Tag type, Bytes content) noexcept {
    switch (type) {
      case kBoolean: {
        const bool is_der = content.size() == 1 && (content[0] == 0 || content[0] == 0xff);
        return expect(is_der, FindingCode::bad_boolean);
      }
      case kInteger:
      case kEnumerated: return expect(check_integer(content) == Errc::ok, FindingCode::bad_integer);
      case kBitString: return check_bits(content);
      case kNull: return expect(content.empty(), FindingCode::bad_null);
      case kOid: return expect(check_oid(content) == Errc::ok, FindingCode::bad_oid);
      case kUtcTime:
      case kGeneralizedTime: return expect(is_der_time(type, content), FindingCode::time_not_der);
      default: return check_characters(type, content);
    }
  }

  void check_bits(Bytes content) noexcept {
    const bool is_whole =
        check_bit_string(content) == Errc::ok && (content.size() > 1 || content[0] == 0);
    if (!is_whole) return add(FindingCode::bad_bit_string, at_);
    expect(content.size() == 1 || !has_unused_bits_set(content), FindingCode::unused_bits_set);
  }

  void check_characters(Tag type, Bytes content) noexcept {
    const std::size_t error = character_error(type, content);
    if (error != content.size()) add(FindingCode::invalid_characters, content.data() + error);
  }

  void expect(bool holds, FindingCode code) noexcept {
    if (!holds) add(code, at_);
  }

  void enter(const Frame& frame, const Header& header, const std::uint8_t* content) noexcept {
    if (depth_ == frames_.size()) return pass_over(frame);
    const std::uint8_t* const end = header.indefinite ? frame.end : content + header.content_len;
    frames_[depth_++] = {at_, end, header.indefinite, header.identifier == kSet, {}};
    at_ = content;
  }

  void pass_over(const Frame& frame) noexcept {
    add(FindingCode::nested_too_deep, at_);
    BerElement element;
    if (read_ber_element(at_, frame.end, element) != Errc::ok) abandon(frame);
  }

  const std::uint8_t* const origin_;
  const std::size_t offset_;
  const std::uint8_t* at_;
  Findings& out_;
  std::array<Frame, kMaxDerDepth> frames_{};
  std::size_t depth_ = 1;
};

}  // namespace

void find_der_defects(Bytes octets, std::size_t offset, Findings& out) noexcept {
  Walk(octets, offset, out).run();
}

}  // namespace peercert::der
