// SPDX-License-Identifier: Apache-2.0
// A cursor over DER whose first error sticks, so that parse code reads as the ASN.1 does.
#pragma once

#include <peercert/base/result.hpp>
#include <peercert/der/element.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/der/values.hpp>

namespace peercert::der {

/// Where a parse stands, shared by the readers of one input: the first error and the field in hand.
struct Progress {
  const std::uint8_t* origin = nullptr;  // offsets are counted from here
  Field field{};                         // the field being read, for the error
  Error error{};                         // the first error; Errc::ok as long as there is none

  /// Whether there was an error.
  bool failed() const noexcept { return error.code != Errc::ok; }
  /// Keeps this error, at this place of the input, if it is the first.
  void fail(Errc code, const std::uint8_t* at) noexcept {
    if (!failed()) error = {code, field, static_cast<std::uint32_t>(at - origin)};
  }
};

/// Reads the elements of one constructed value in order. After the first failure every read gives
/// an absent Element and more() is false; `Progress` keeps what happened. Borrows the input and the
/// Progress.
class Reader {
 public:
  /// Reads `content`, and keeps errors in `progress`.
  Reader(Bytes content, Progress& progress) noexcept
      : at_(content.data()), end_(content.data() + content.size()), progress_(&progress) {}

  /// Whether there is another element; false after an error.
  bool more() const noexcept { return at_ != end_ && !progress_->failed(); }
  /// Where the next element begins.
  const std::uint8_t* position() const noexcept { return at_; }
  /// What has not been read yet.
  Bytes rest() const noexcept { return {at_, end_}; }
  /// Passes over bytes of rest() that the caller has read.
  void skip(std::size_t len) noexcept { at_ += len; }

  /// The next element, whatever it is, with the content rules of its type checked.
  Element read_any() noexcept;

  /// The next element, which has to have this tag.
  Element read(Tag tag) noexcept;

  /// The next element if it has this tag, else an absent one: OPTIONAL and DEFAULT.
  Element read_optional(Tag tag) noexcept { return next_is(tag) ? read(tag) : Element{}; }

  /// A primitive value with the content rules of its type checked; gives the content.
  ///@{
  Bytes read_integer() noexcept;
  Bytes read_oid() noexcept;
  Bytes read_bit_string() noexcept;
  ///@}

  /// Whether an element with this tag is next.
  bool next_is(Tag tag) const noexcept;

  /// A SEQUENCE, or a `[n]` tag: reads it and gives a reader of what it holds.
  Reader enter(Tag tag) noexcept { return inside(read(tag)); }

  /// A SEQUENCE OF or SET OF, whose constructed bit OpenSSL ignores.
  Element read_of(Tag tag) noexcept;
  /// The same, and a reader of what it holds.
  Reader enter_of(Tag tag) noexcept { return inside(read_of(tag)); }

  /// A reader of an element's content.
  Reader inside(const Element& element) const noexcept { return {element.content(), *progress_}; }

  /// Says that nothing may follow in this value.
  void finish() noexcept {
    if (more()) fail(Errc::trailing_data, at_);
  }

  /// Says which field is read from now on.
  void field(Field field) noexcept { progress_->field = field; }
  /// Keeps this error if it is the first.
  void fail(Errc code, const std::uint8_t* at) noexcept { progress_->fail(code, at); }
  /// Whether there was an error.
  bool failed() const noexcept { return progress_->failed(); }

 private:
  // The next element; absent after a failure.
  Element next() noexcept {
    Element element;
    if (failed()) return element;
    const Errc error = read_element(at_, end_, element);
    if (error != Errc::ok) [[unlikely]]
      fail(error, at_);
    return element;
  }
  // Rare, and so kept out of the callers: why an element is not the one that was asked for.
  void refuse(Bytes encoded, Tag found, Tag wanted) noexcept;
  bool next_is_slow(Tag tag) const noexcept;
  Bytes checked(Element element, Errc error) noexcept;

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  Progress* progress_;
};

// The functions below run some fifty times for each certificate: inline, they cost half as much.

inline Element Reader::read(Tag tag) noexcept {
  const Element element = next();
  if (element.identifier() == tag) [[likely]]
    return element;
  refuse(element.encoded(), element.identifier(), tag);
  return {};
}

inline Element Reader::read_of(Tag tag) noexcept {
  const Element element = next();
  if ((element.identifier() | kConstructed) == tag) [[likely]]
    return element;
  refuse(element.encoded(), element.identifier(), tag);
  return {};
}

inline bool Reader::next_is(Tag tag) const noexcept {
  if (!more()) return false;
  // A BER encoder may have written the string in segments or the tag number in the high form: the
  // field is there all the same, and read() says what is wrong with it.
  if (((*at_ ^ tag) & ~kConstructed) == 0) return true;
  return (*at_ & kNumberMask) == kHighTagNumber && next_is_slow(tag);
}

inline Bytes Reader::checked(Element element, Errc error) noexcept {
  if (error == Errc::ok) [[likely]]
    return element.content();
  if (element.exists()) fail(error, element.encoded().data());  // else read() has said why
  return {};
}

inline Element Reader::read_any() noexcept {
  const Element element = next();
  const Errc error = check_any(element.identifier(), element.content());
  if (error == Errc::ok) [[likely]]
    return element;
  fail(error, element.encoded().data());
  return {};
}

inline Bytes Reader::read_integer() noexcept {
  const Element element = read(kInteger);
  return checked(element, check_integer(element.content()));
}

inline Bytes Reader::read_oid() noexcept {
  const Element element = read(kOid);
  return checked(element, check_oid(element.content()));
}

inline Bytes Reader::read_bit_string() noexcept {
  const Element element = read(kBitString);
  return checked(element, check_bit_string(element.content()));
}

}  // namespace peercert::der
