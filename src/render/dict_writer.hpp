// SPDX-License-Identifier: Apache-2.0
// Writes the items of a dict one behind the other. The formats differ in their punctuation and in
// how they write what has to be escaped:
//
//     kQuote  kColon  kSeparator  kOpenTuple  kCloseTuple  kLoneItemEnd  kNone
//     kPairBegin  kPairMiddle  kPairEnd  kRdnBegin  kRdnEnd  around the parts of what is usual
//     static void put_escaped_text(Output&, prefix, der::StringView)  quotes included
//     static void put_octets(Output&, octets)
//
// A separator stands behind every item. The end of a tuple or dict takes the last one back, which
// costs less than to find out in front of each item whether one is needed.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>

#include <peercert/der/strings.hpp>
#include <peercert/render/output.hpp>

#include "render/plain_text.hpp"
#include "x509/x520_names.hpp"

namespace peercert::render {

template <std::size_t N>
char* put_literal(const char (&literal)[N], char* at) noexcept {
  std::memcpy(at, literal, N - 1);
  return at + N - 1;
}

/// Appends text character by character, as `put` writes each and gives its end, but for runs of
/// plain ones.
template <class Put>
void append_escaped(Output& out, der::StringView text, char quote, Put put) {
  constexpr std::size_t kMaxCharacterLen = 12;  // JSON's surrogate pairs: \udb40\udc01
  const bool has_ascii = der::is_ascii_superset(text.encoding);
  while (!text.octets.empty()) {
    const std::size_t run = has_ascii ? plain_run_len(text.octets, quote) : 0;
    out.append({reinterpret_cast<const char*>(text.octets.data()), run});
    text.octets = text.octets.subspan(run);
    if (text.octets.empty()) break;
    char* const at = out.reserve(kMaxCharacterLen);
    out.set_end(put(at, der::next_code_point(text)));
  }
}

template <class Format>
class DictWriter {
 public:
  explicit DictWriter(Output& out) noexcept : out_(out) {}

  void begin_dict() { out_.append('{'); }
  void end_dict() {
    char* const at = out_.reserve(kSeparatorLen + 1) - kSeparatorLen;
    *at = '}';
    out_.set_end(put_literal(Format::kSeparator, at + 1));
  }
  template <std::size_t N>
  void key(const char (&name)[N]) {
    char* at = out_.reserve(N + 1 + sizeof(Format::kColon));
    *at++ = Format::kQuote;
    at = put_literal(name, at);
    *at++ = Format::kQuote;
    out_.set_end(put_literal(Format::kColon, at));
  }

  void begin_tuple() {
    outer_[depth_++] = num_items_;
    num_items_ = 0;
    out_.append(Format::kOpenTuple);
  }
  void end_tuple() {
    char* at = out_.reserve(sizeof(Format::kLoneItemEnd) + kSeparatorLen);
    if (num_items_ > 0) at -= kSeparatorLen;
    if (num_items_ == 1) {
      at = put_literal(Format::kLoneItemEnd, at);
    } else {
      *at++ = Format::kCloseTuple;
    }
    out_.set_end(put_literal(Format::kSeparator, at));
    num_items_ = outer_[--depth_] + 1;
  }

  void number(std::int64_t value) {
    constexpr std::size_t kMaxNumberLen = 20;
    char* const at = out_.reserve(kMaxNumberLen + kSeparatorLen);
    end_item(std::to_chars(at, at + kMaxNumberLen, value).ptr);
  }
  void none() { end_item(put_literal(Format::kNone, out_.reserve(sizeof(Format::kNone)))); }
  /// Text that is known to have nothing to escape.
  void ascii(std::string_view text) {
    char* at = out_.reserve(text.size() + 2 + kSeparatorLen);
    *at++ = Format::kQuote;
    at = std::copy_n(text.data(), text.size(), at);
    *at++ = Format::kQuote;
    end_item(at);
  }
  /// The same, which `write` puts where it is told to: at most that many characters. It gives their
  /// end.
  template <class Write>
  void ascii(std::size_t max_len, Write write) {
    char* at = out_.reserve(max_len + 2 + kSeparatorLen);
    *at++ = Format::kQuote;
    at = write(at);
    *at++ = Format::kQuote;
    end_item(at);
  }
  void text(der::StringView text) {
    char* const at = out_.reserve(text.octets.size() + 2 + kSeparatorLen);
    if (!is_plain_copied(text, at + 1)) return this->text({}, text);
    *at = Format::kQuote;
    char* const end = at + 1 + text.octets.size();
    *end = Format::kQuote;
    end_item(end + 1);
  }
  void text(std::string_view prefix, der::StringView text) {
    char* at = out_.reserve(prefix.size() + text.octets.size() + 2 + kSeparatorLen);
    *at++ = Format::kQuote;
    at = std::copy_n(prefix.data(), prefix.size(), at);
    if (!is_plain_copied(text, at)) {
      Format::put_escaped_text(out_, prefix, text);
      return end_item(out_.reserve(kSeparatorLen));
    }
    at += text.octets.size();
    *at++ = Format::kQuote;
    end_item(at);
  }
  template <class Octets>
  void octets(const Octets& octets) {
    Format::put_octets(out_, octets);
    end_item(out_.reserve(kSeparatorLen));
  }

  // What most of a dict is made of, each in one go.

  /// A tuple of two strings. `first` has nothing to escape.
  void pair(std::string_view first, std::string_view prefix, der::StringView second) {
    begin_tuple();
    ascii(first);
    text(prefix, second);
    end_tuple();
  }
  /// The same with a short literal in front. Gives false, and writes nothing, if the text has to be
  /// looked at character by character.
  template <std::size_t N>
  bool plain_pair(const char (&first)[N], Bytes second) {
    char* at = out_.reserve(N + second.size() + kPairLen);
    at = put_literal(first, put_literal(Format::kPairBegin, at));
    at = put_literal(Format::kPairMiddle, at);
    if (!copy_if_plain(second, at, Format::kQuote)) return false;
    out_.set_end(put_literal(Format::kPairEnd, at + second.size()));
    ++num_items_;
    return true;
  }
  /// A RelativeDistinguishedName of one attribute. Gives false as plain_pair(), and if the type has
  /// no name.
  bool plain_rdn(const X520Name& type, Bytes value) {
    if (type.len == 0) return false;
    char* at = out_.reserve(X520Name::kFieldLen + value.size() + kRdnLen);
    at = put_literal(Format::kRdnBegin, at);
    std::memcpy(at, type.text, X520Name::kFieldLen);
    at = put_literal(Format::kPairMiddle, at + type.len);
    if (!copy_if_plain(value, at, Format::kQuote)) return false;
    out_.set_end(put_literal(Format::kRdnEnd, at + value.size()));
    ++num_items_;
    return true;
  }

 private:
  // How deep tuples stand in one another: subjectAltName, pair, Name, RDN, pair.
  static constexpr std::size_t kMaxDepth = 6;
  static constexpr std::size_t kSeparatorLen = sizeof(Format::kSeparator) - 1;
  static constexpr std::size_t kPairLen =
      sizeof(Format::kPairBegin) + sizeof(Format::kPairMiddle) + sizeof(Format::kPairEnd);
  static constexpr std::size_t kRdnLen =
      sizeof(Format::kRdnBegin) + sizeof(Format::kPairMiddle) + sizeof(Format::kRdnEnd);

  void end_item(char* at) noexcept {
    out_.set_end(put_literal(Format::kSeparator, at));
    ++num_items_;
  }
  static bool is_plain_copied(der::StringView text, char* to) noexcept {
    return der::is_ascii_superset(text.encoding) && copy_if_plain(text.octets, to, Format::kQuote);
  }

  Output& out_;
  std::size_t num_items_ = 0;
  std::size_t depth_ = 0;
  std::array<std::size_t, kMaxDepth> outer_{};
};

/// What `write` writes, without the separator behind the last item.
template <class Format, class Write>
void append_item(Output& out, Write write) {
  DictWriter<Format> writer(out);
  write(writer);
  out.set_end(out.reserve(0) - (sizeof(Format::kSeparator) - 1));
}

}  // namespace peercert::render
