// SPDX-License-Identifier: Apache-2.0
// Every extension that has a type here, and the way from an Extension to it.
#pragma once

#include <algorithm>
#include <optional>

#include <peercert/x509/extension.hpp>
#include <peercert/x509/extension_table.inc>

namespace peercert {

/// A list of extension types.
template <class... Types>
struct ExtensionTypes {
  static constexpr std::size_t kSize = sizeof...(Types);  // how many there are
};

/// The types of the rows, without the type that begins the list.
template <class BeforeFirst, class... Types>
using TypesOfRows = ExtensionTypes<Types...>;

/// The types of extension_table.inc. Each has `kOid`, `kField` (to_string() gives its name), and
///
///     static Result<T> parse(Bytes value) noexcept;  // borrows the value
///     void visit(FieldVisitor& to) const;
///
/// What iterates cannot fail once parse() has accepted the value.
using KnownExtensions = TypesOfRows<void
#define PEERCERT_EXTENSION(type, name) , type
#include <peercert/x509/extension_table.inc>
                                    >;

/// An extension whose OID is not in the table.
struct UnknownExtension {
  Bytes oid;    // extnID
  Bytes value;  // extnValue, not decoded
};

/// An extension whose OID is in the table, and whose value is not of its type.
struct MalformedExtension {
  Error error;  // its field names the extension, its offset counts in the value
  Bytes value;  // extnValue, not decoded
};

/// Whether the extension has T's object identifier.
template <class T>
bool is_extension(const Extension& extension) noexcept {
  return std::ranges::equal(extension.oid, T::kOid);
}

/// Parses the extension's value as T and gives it, or why not, to one of the visitor's overloads.
template <class T, class Visitor>
void visit_extension_as(const Extension& extension, Visitor&& visitor) {
  const Result<T> parsed = T::parse(extension.value);
  parsed ? visitor(*parsed) : visitor(MalformedExtension{parsed.error(), extension.value});
}

/// The same for a list of types of your own.
template <class Visitor, class... Types>
void visit_extension(const Extension& extension, Visitor&& visitor, ExtensionTypes<Types...>) {
  const bool is_known =
      ((is_extension<Types>(extension) && (visit_extension_as<Types>(extension, visitor), true)) ||
       ...);
  if (!is_known) visitor(UnknownExtension{extension.oid, extension.value});
}

/// Calls `visitor` with the extension decoded: a type of the table, MalformedExtension or
/// UnknownExtension.
template <class Visitor>
void visit_extension(const Extension& extension, Visitor&& visitor) {
  visit_extension(extension, visitor, KnownExtensions{});
}

/// Calls `visitor` with the Field of the extension, Field{} if it is not in the table.
template <class... Types>
Field field_of_extension(const Extension& extension, ExtensionTypes<Types...>) noexcept {
  Field field{};
  ((is_extension<Types>(extension) && (field = Types::kField, true)) || ...);
  return field;
}
inline Field field_of_extension(const Extension& extension) noexcept {
  return field_of_extension(extension, KnownExtensions{});
}

/// The bytes after an extension's value, which parse() ignores; none if the value is no
/// element.
inline Bytes trailing_octets(const Extension& extension) noexcept {
  const std::uint8_t* at = extension.value.data();
  const std::uint8_t* const end = at + extension.value.size();
  der::Element element;
  if (read_element(at, end, element) != Errc::ok) return {};
  return {at, end};
}

/// The extension of type T that is there exactly once, as X509_get_ext_d2i() has it.
template <class T>
std::optional<Extension> find_extension(ExtensionsView extensions) noexcept {
  std::optional<Extension> found;
  for (const Extension extension : extensions) {
    if (!is_extension<T>(extension)) continue;
    if (found) return std::nullopt;
    found = extension;
  }
  return found;
}

}  // namespace peercert
