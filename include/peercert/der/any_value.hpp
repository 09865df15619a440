// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/element.hpp>
#include <peercert/der/sequence_of.hpp>
#include <peercert/der/strings.hpp>

namespace peercert::der {

/// A value whose type only its tag tells: ANY, or an item of a SEQUENCE OF one primitive type.
/// Borrows the input.
struct AnyValue {
  Element element;  // the value as it was read

  /// The identifier octet.
  Tag tag() const noexcept { return element.identifier(); }
  /// The content, without tag and length.
  Bytes content() const noexcept { return element.content(); }
  /// Tag and length included.
  Bytes encoded() const noexcept { return element.encoded(); }
  /// Its characters; the encoding is none if it is no character string.
  StringView text() const noexcept {
    const Encoding encoding = tag() == kVisibleString ? Encoding::latin1 : encoding_of(tag());
    return {encoding, content()};
  }

  static AnyValue from_element(const Element& element) noexcept { return {element}; }
};

/// SEQUENCE OF OBJECT IDENTIFIER, SEQUENCE OF INTEGER, SET OF ANY.
using AnyValues = SequenceOf<AnyValue>;

}  // namespace peercert::der
