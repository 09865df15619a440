// SPDX-License-Identifier: Apache-2.0
// A cursor over DER whose first error sticks, so that parse code reads as the ASN.1 does.
#pragma once

#include <peercert/der/element.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/result.hpp>

namespace peercert::der {

/// Where a parse stands, shared by the readers of one input: the first error and the field in hand.
struct Progress {
  const std::uint8_t* origin = nullptr;  // offsets are counted from here
  Field field = Field::none;
  Error error{};

  bool failed() const noexcept { return error.code != Errc::ok; }
  void fail(Errc code, const std::uint8_t* at) noexcept {
    if (!failed()) error = {code, field, static_cast<std::uint32_t>(at - origin)};
  }
};

/// Reads the elements of one constructed value in order. After the first failure every read gives
/// an absent Element and more() is false; `Progress` keeps what happened. Borrows the input and the
/// Progress.
class Reader {
 public:
  Reader(Bytes content, Progress& progress) noexcept
      : at_(content.data()), end_(content.data() + content.size()), progress_(&progress) {}

  bool more() const noexcept { return at_ != end_ && !progress_->failed(); }
  const std::uint8_t* position() const noexcept { return at_; }

  /// The next element, whatever it is, with the content rules of its type checked.
  Element read_any() noexcept;

  /// The next element, which has to have this tag.
  Element read(Tag tag) noexcept;

  /// The next element if it has this tag, else an absent one: OPTIONAL and DEFAULT.
  Element read_optional(Tag tag) noexcept { return next_is(tag) ? read(tag) : Element{}; }

  /// A primitive value with the content rules of its type checked; gives the content.
  Bytes read_integer() noexcept;
  Bytes read_oid() noexcept;
  Bytes read_bit_string() noexcept;

  /// Whether an element with this tag is next.
  bool next_is(Tag tag) const noexcept;

  /// A SEQUENCE, or a `[n]` tag: reads it and gives a reader of what it holds.
  Reader enter(Tag tag) noexcept { return inside(read(tag)); }

  /// A SEQUENCE OF or SET OF, whose constructed bit OpenSSL does not look at.
  Element read_of(Tag tag) noexcept;
  Reader enter_of(Tag tag) noexcept { return inside(read_of(tag)); }

  /// A reader of an element's content.
  Reader inside(const Element& element) const noexcept { return {element.content, *progress_}; }

  /// Says that nothing may follow in this value.
  void finish() noexcept {
    if (more()) fail(Errc::trailing_data, at_);
  }

  void field(Field field) noexcept { progress_->field = field; }
  void fail(Errc code, const std::uint8_t* at) noexcept { progress_->fail(code, at); }
  bool failed() const noexcept { return progress_->failed(); }

 private:
  Element next() noexcept;
  Bytes checked(const Element& element, Errc (*check)(Bytes) noexcept) noexcept;

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  Progress* progress_;
};

}  // namespace peercert::der
