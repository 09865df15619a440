// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// On a function that lends memory of its object. clang warns where the object is gone first; what
/// every compiler refuses is the function on a temporary, which is deleted or returns a value.
#if defined(__clang__)
#define PEERCERT_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define PEERCERT_LIFETIMEBOUND
#endif

namespace peercert {

/// Bytes that somebody else owns.
using Bytes = std::span<const std::uint8_t>;

/// What is wrong. `to_string()` gives the sentence.
enum class Errc : std::uint8_t {
  ok,
  // The frame: X.690 lengths and tags, and the fields of RFC 5280's SEQUENCEs.
  empty_input,         // no bytes at all
  truncated,           // the input, or the enclosing element, ends inside an element
  bad_length,          // a length form that X.690, 8.1.3 does not allow, or an absurd length
  unexpected_tag,      // another type stands where RFC 5280 wants this field
  missing_field,       // a mandatory field is absent
  trailing_data,       // an element holds more than its type allows
  unexpected_end,      // end-of-contents octets inside a definite length
  indefinite_length,   // BER that has to be rewritten to DER first, X.690, 8.1.3.6
  constructed_string,  // BER that has to be rewritten to DER first, X.690, 8.7.3
  // The values.
  bad_boolean,         // X.690, 8.2: exactly one byte
  bad_integer,         // X.690, 8.3: at least one byte, no redundant leading byte
  bad_bit_string,      // X.690, 8.6: a byte that counts 0 to 7 unused bits comes first
  bad_oid,             // X.690, 8.19: no bytes, a cut subidentifier, or a padded one
  bad_null,            // X.690, 8.8: no content
  bad_string_length,   // BMPString in pairs, UniversalString in fours
  bad_string_type,     // an attribute value of a type that no Name may hold
  invalid_characters,  // not UTF-8, or a surrogate, or beyond U+10FFFF
  name_too_long,       // a Name over kMaxNameLen bytes
  oid_too_long,        // an OBJECT IDENTIFIER over kMaxOidLen bytes
  // The certificate is well-formed, but the dict of getpeercert() cannot present it.
  unsupported_value,  // an attribute value that has no text, such as a SEQUENCE
  // PEM, RFC 7468.
  pem_no_certificate,  // no BEGIN CERTIFICATE line, and not DER either
  pem_truncated,       // a BEGIN line without its END line
  pem_bad_base64,      // a character outside the alphabet, or bad padding
};

/// The field being read: Field{} is none. <peercert/x509/field.hpp> has the others.
enum class Field : std::uint8_t;

/// What, where in the standard, and where in the bytes. 8 bytes, trivially copyable.
struct Error {
  Errc code = Errc::ok;      // what is wrong
  Field field{};             // the field of RFC 5280 that was being read
  std::uint32_t offset = 0;  // bytes from the start of the caller's input

  friend constexpr bool operator==(const Error&, const Error&) = default;
};
static_assert(sizeof(Error) == 8);

/// Whether the bytes are BER that rewrite_ber() makes readable.
constexpr bool is_ber(Errc code) noexcept {
  return code == Errc::indefinite_length || code == Errc::constructed_string;
}

/// The sentence for a code ("malformed INTEGER"). Static storage.
std::string_view to_string(Errc code) noexcept;

/// The field's name as RFC 5280 spells it ("serialNumber"); empty for Field{}. Static storage. What
/// the fields are is x509's, and so is this function.
std::string_view to_string(Field field) noexcept;

/// The whole error: "serialNumber: malformed INTEGER at byte 15".
std::string to_string(Error error);

/// A value or an Error: the part of C++23's `std::expected<T, Error>` that is needed here.
/// Reading the value of a failed Result is a programming error, caught by `assert`.
template <class T>
class [[nodiscard]] Result {
 public:
  /// A result with this value.
  constexpr Result(T value) noexcept : value_(std::move(value)) {}
  /// A result without a value. Errc::ok is a programming error.
  constexpr Result(Error error) noexcept : error_(error) { assert(error.code != Errc::ok); }

  /// Whether there is a value.
  constexpr explicit operator bool() const noexcept { return error_.code == Errc::ok; }
  /// The same, by name.
  constexpr bool has_value() const noexcept { return error_.code == Errc::ok; }

  /// The value; only if there is one.
  constexpr const T& operator*() const& noexcept PEERCERT_LIFETIMEBOUND { return checked(); }
  constexpr T& operator*() & noexcept PEERCERT_LIFETIMEBOUND {
    assert(has_value());
    return value_;
  }
  constexpr T&& operator*() && noexcept PEERCERT_LIFETIMEBOUND {
    assert(has_value());
    return std::move(value_);
  }
  /// The value's members; only if there is a value.
  constexpr const T* operator->() const& noexcept PEERCERT_LIFETIMEBOUND { return &checked(); }
  /// Views lend what somebody else owns. What owns and is gone at the end of the statement must not
  /// lend: through `->` it would look like a value that stays.
  constexpr const T* operator->() const&& requires(!std::is_trivially_copyable_v<T>) = delete;

  /// The error; its code is Errc::ok when there is a value.
  constexpr Error error() const noexcept { return error_; }

 private:
  constexpr const T& checked() const noexcept {
    assert(has_value());
    return value_;
  }

  T value_{};
  Error error_{};
};

}  // namespace peercert
