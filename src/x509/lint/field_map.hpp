// SPDX-License-Identifier: Apache-2.0
// Where the fields of a certificate stand in its octets.
#pragma once

#include <array>
#include <cstddef>

#include <peercert/base/result.hpp>
#include <peercert/der/ber.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Takes the elements of BER one by one. What is no element ends it.
class BerCursor {
 public:
  explicit BerCursor(Bytes content) noexcept : rest_(content) {}

  bool more() const noexcept { return !rest_.empty(); }
  /// An element without octets where there is none.
  der::BerElement next() noexcept;

 private:
  Bytes rest_;
};

/// The fields of a certificate in DER or BER that was accepted. Borrows its octets.
class FieldMap {
 public:
  explicit FieldMap(Bytes certificate) noexcept;

  /// Header and content of a field of Certificate, TBSCertificate or Validity; empty if absent.
  Bytes encoded(Field field) const noexcept { return fields_[static_cast<std::size_t>(field)]; }
  /// The innermost field that the octet belongs to; for one in an extension of a known type, that
  /// extension.
  Field field_at(const std::uint8_t* at) const noexcept;

  /// Calls `visit(value)` with the content octets of each extension's OCTET STRING that is in one
  /// piece.
  template <class Visit>
  void for_each_extension_value(Visit visit) const;

 private:
  void read_tbs_certificate(Bytes content) noexcept;
  void set(Field field, const der::BerElement& element) noexcept;
  BerCursor extensions() const noexcept;
  Field extension_at(const std::uint8_t* at) const noexcept;

  std::array<Bytes, static_cast<std::size_t>(Field::signature_value) + 1> fields_{};
};

template <class Visit>
void FieldMap::for_each_extension_value(Visit visit) const {
  BerCursor all = extensions();
  while (all.more()) {
    BerCursor extension(all.next().content);
    while (extension.more()) {
      const der::BerElement element = extension.next();
      if (element.identifier == der::kOctetString) visit(element.content);
    }
  }
}

}  // namespace peercert
