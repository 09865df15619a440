// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <peercert/der/values.hpp>
#include <peercert/x509/field_visitor.hpp>

namespace peercert {

/// A BIT STRING whose bits have names, X.680, 22.2. Bits that are not there are not set. Borrows
/// its bytes.
class NamedBits {
 public:
  NamedBits() = default;
  /// Content bytes that check_bit_string() accepts.
  explicit NamedBits(Bytes content) noexcept : content_(content) {}

  /// Bit 0 is the highest of the first byte.
  bool operator[](std::size_t bit) const noexcept {
    return bit < size() && (content_[1 + bit / 8] << (bit % 8) & 0x80) != 0;
  }
  /// The number of bits, unused ones not counted.
  std::size_t size() const noexcept {
    return content_.size() < 2 ? 0 : (content_.size() - 1) * 8 - content_[0];
  }
  bool none() const noexcept { return !any_from(0); }
  /// Whether a bit from the given one on is set.
  bool any_from(std::size_t bit) const noexcept {
    for (; bit < size(); ++bit) {
      if ((*this)[bit]) return true;
    }
    return false;
  }
  /// Content bytes, the count of unused bits first.
  Bytes content() const noexcept { return content_; }

  /// A list of the names of the bits that are set, by bit number. If others are set, all bytes
  /// follow as "bits".
  void visit(std::span<const std::string_view> names, FieldVisitor& to) const {
    to.begin_list();
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
      if ((*this)[bit]) to.word(names[bit]);
    }
    if (any_from(names.size())) {
      to.begin_choice("bits").octets(content_.subspan(1));
      to.end_choice();
    }
    to.end_list();
  }

 private:
  Bytes content_{};
};

}  // namespace peercert
