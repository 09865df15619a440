// SPDX-License-Identifier: Apache-2.0
// What the extensions' parse() functions share. They accept what OpenSSL's X509V3_EXT_d2i()
// accepts of DER; bytes after the value are ignored.
#pragma once

#include <optional>

#include <peercert/der/any_value.hpp>
#include <peercert/der/reader.hpp>
#include <peercert/x509/named_bits.hpp>

namespace peercert {

/// The T that `read(der::Reader&)` gives for an extension's value, or the first error, which names
/// T::kField and the byte of the value.
template <class T, class Read>
Result<T> parse_extension(Bytes value, Read read) noexcept {
  der::Progress progress{value.data(), T::kField};
  der::Reader in(value, progress);
  const T parsed = read(in);
  if (progress.failed()) return progress.error;
  return parsed;
}

/// The error of a type that two extensions share, in the one that was read.
inline Error in_field(Error error, Field field) noexcept {
  return {error.code, field, error.offset};
}

/// SEQUENCE OF, each item read by `read_item(der::Reader&)`; gives the content bytes.
template <class ReadItem>
Bytes read_sequence_of(der::Reader& in, der::Tag tag, ReadItem read_item) noexcept {
  const der::Element sequence = in.read_of(tag);
  der::Reader items = in.inside(sequence);
  while (items.more()) read_item(items);
  return sequence.content();
}

/// The item of a checked SEQUENCE OF, read once more by the `T::read(der::Reader&)` that checked
/// it.
template <class T>
T read_again(const der::Element& element) noexcept {
  der::Progress progress{element.encoded().data()};
  der::Reader in(element.encoded(), progress);
  return T::read(in);
}

/// SEQUENCE OF T.
template <class T>
der::SequenceOf<T> read_items(der::Reader& in, der::Tag tag = der::kSequence) noexcept {
  return der::SequenceOf<T>(
      read_sequence_of(in, tag, [](der::Reader& items) noexcept { T::read(items); }));
}

/// A list of what has a visit() of its own.
template <class T>
void visit(der::SequenceOf<T> items, FieldVisitor& to) {
  to.begin_list();
  for (const T item : items) item.visit(to);
  to.end_list();
}

/// [n] IMPLICIT INTEGER OPTIONAL, or INTEGER OPTIONAL.
inline std::optional<Bytes> read_optional_integer(der::Reader& in, der::Tag tag) noexcept {
  const der::Element element = in.read_optional(tag);
  if (!element.exists()) return std::nullopt;
  const Errc error = der::check_integer(element.content());
  if (error != Errc::ok) in.fail(error, element.encoded().data());
  return element.content();
}

/// [n] IMPLICIT of a type whose content has no rule, OPTIONAL.
inline std::optional<Bytes> read_optional_octets(der::Reader& in, der::Tag tag) noexcept {
  const der::Element element = in.read_optional(tag);
  return element.exists() ? std::optional(element.content()) : std::nullopt;
}

/// [n] IMPLICIT BIT STRING OPTIONAL.
inline std::optional<NamedBits> read_optional_bits(der::Reader& in, der::Tag tag) noexcept {
  const der::Element element = in.read_optional(tag);
  if (!element.exists()) return std::nullopt;
  const Errc error = der::check_bit_string(element.content());
  if (error != Errc::ok) in.fail(error, element.encoded().data());
  return NamedBits(element.content());
}

/// BOOLEAN DEFAULT FALSE. Any byte but 00 is true.
inline bool read_boolean_default_false(der::Reader& in) noexcept {
  const der::Element element = in.read_optional(der::kBoolean);
  if (!element.exists()) return false;
  const bool is_whole = element.content().size() == 1;
  if (!is_whole) in.fail(Errc::bad_boolean, element.encoded().data());
  return is_whole && element.content()[0] != 0;
}

/// NULL.
inline void read_null(der::Reader& in) noexcept {
  const der::Element null = in.read(der::kNull);
  if (!null.content().empty()) in.fail(Errc::bad_null, null.encoded().data());
}

/// SEQUENCE OF OBJECT IDENTIFIER.
inline der::AnyValues read_oids(der::Reader& in) noexcept {
  return der::AnyValues(
      read_sequence_of(in, der::kSequence, [](der::Reader& items) noexcept { items.read_oid(); }));
}

/// SEQUENCE OF INTEGER.
inline der::AnyValues read_integers(der::Reader& in) noexcept {
  return der::AnyValues(read_sequence_of(
      in, der::kSequence, [](der::Reader& items) noexcept { items.read_integer(); }));
}

}  // namespace peercert
