// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <limits>

#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {
namespace {

constexpr std::size_t index_of(Field field) noexcept { return static_cast<std::size_t>(field); }

using FieldNames = std::array<std::string_view, std::numeric_limits<std::uint8_t>::max() + 1>;

// Not constexpr: the compiler refuses a table in which two fields have one number.
void two_fields_have_one_number() {}

constexpr void add(FieldNames& names, Field field, std::string_view name) {
  std::string_view& place = names[index_of(field)];
  if (!place.empty()) two_fields_have_one_number();
  place = name;
}

constexpr FieldNames make_names() {
  FieldNames names{};
  add(names, Field::certificate, "certificate");
  add(names, Field::tbs_certificate, "tbsCertificate");
  add(names, Field::version, "version");
  add(names, Field::serial_number, "serialNumber");
  add(names, Field::signature, "signature");
  add(names, Field::issuer, "issuer");
  add(names, Field::validity, "validity");
  add(names, Field::not_before, "notBefore");
  add(names, Field::not_after, "notAfter");
  add(names, Field::subject, "subject");
  add(names, Field::subject_public_key_info, "subjectPublicKeyInfo");
  add(names, Field::issuer_unique_id, "issuerUniqueID");
  add(names, Field::subject_unique_id, "subjectUniqueID");
  add(names, Field::extensions, "extensions");
  add(names, Field::signature_algorithm, "signatureAlgorithm");
  add(names, Field::signature_value, "signatureValue");
  add(names, Field::pem, "PEM");
#define PEERCERT_EXTENSION(type, name) add(names, type::kField, name);
#include <peercert/x509/extension_table.inc>
  return names;
}

constexpr FieldNames kNames = make_names();

}  // namespace

std::string_view to_string(Field field) noexcept { return kNames[index_of(field)]; }

}  // namespace peercert
