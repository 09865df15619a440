// SPDX-License-Identifier: Apache-2.0
// The names that OpenSSL gives to object identifiers.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <peercert/base/result.hpp>

namespace peercert {

/// Content bytes of a longer OBJECT IDENTIFIER cannot be printed, as in OpenSSL's OBJ_obj2txt().
inline constexpr std::size_t kMaxOidLen = 586;
/// Characters of the longest dotted form: each byte gives at most three digits and a dot.
inline constexpr std::size_t kMaxDottedLen = kMaxOidLen * 4;

/// OpenSSL's names for an OBJECT IDENTIFIER. Static storage.
struct ObjectName {
  std::string_view short_name;  // "CN"
  std::string_view long_name;   // "commonName"
};

/// The names of the identifier with these content bytes; nullopt if OpenSSL 3.0 knows none.
std::optional<ObjectName> find_object_name(Bytes oid) noexcept;

/// The text of an identifier, as OpenSSL's OBJ_obj2txt(): its long name, else dotted decimal.
class ObjectText {
 public:
  /// Empty if the identifier is malformed, or unknown and over kMaxOidLen.
  explicit ObjectText(Bytes oid) noexcept;
  /// Valid while this object lives and is not moved.
  std::string_view view() const& noexcept PEERCERT_LIFETIMEBOUND {
    return name_.empty() ? std::string_view(digits_.data(), digits_len_) : name_;
  }
  std::string_view view() && = delete;

 private:
  std::string_view name_;
  std::size_t digits_len_ = 0;
  std::array<char, kMaxDottedLen> digits_;  // written only for identifiers without a name
};

/// Writes dotted decimal, arcs of any size; gives the number of characters. `out` has room for
/// kMaxDottedLen, and the identifier at most kMaxOidLen bytes.
std::size_t write_dotted(Bytes oid, char* out) noexcept;

}  // namespace peercert
