// SPDX-License-Identifier: Apache-2.0
// Certificates whose every part a test can replace. Nothing is signed.
#pragma once

#include <string_view>

#include "support/der_writer.hpp"

namespace peercert::test {

/// What to_string() makes of Errc::ok.
inline constexpr const char* kNoError = "no error";

// ---- Name

/// AttributeTypeAndValue.
inline Octets attribute(std::string_view type, const Octets& value) {
  return sequence(oid(type), value);
}

/// A Name of one commonName in UTF-8.
inline Octets common_name(std::string_view text) {
  return sequence(set(attribute("2.5.4.3", tlv(der::kUtf8String, text))));
}

/// A Name whose only attribute, a commonName, has this value.
inline Octets name_of(const Octets& value) { return sequence(set(attribute("2.5.4.3", value))); }

// ---- GeneralName

inline Octets rfc822_name(std::string_view text) { return tlv(der::context(1), text); }
inline Octets dns_name(std::string_view text) { return tlv(der::context(2), text); }
inline Octets directory_name(const Octets& name) { return tlv(der::context_constructed(4), name); }
inline Octets uri(std::string_view text) { return tlv(der::context(6), text); }
inline Octets ip_address(const Octets& address) { return tlv(der::context(7), address); }
inline Octets registered_id(const Octets& oid_content) { return tlv(der::context(8), oid_content); }
inline Octets other_name(std::string_view type_id, const Octets& value) {
  return tlv(der::context_constructed(0),
             concat(oid(type_id), tlv(der::context_constructed(0), value)));
}

// ---- Extension

inline constexpr std::string_view kSubjectAltName = "2.5.29.17";
inline constexpr std::string_view kCrlDistributionPoints = "2.5.29.31";
inline constexpr std::string_view kAuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
inline constexpr std::string_view kOcsp = "1.3.6.1.5.5.7.48.1";
inline constexpr std::string_view kCaIssuers = "1.3.6.1.5.5.7.48.2";

inline Octets extension(std::string_view id, const Octets& value) {
  return sequence(oid(id), tlv(der::kOctetString, value));
}

template <class... GeneralNames>
Octets subject_alt_name(const GeneralNames&... names) {
  return extension(kSubjectAltName, sequence(names...));
}

inline Octets access_description(std::string_view method, const Octets& location) {
  return sequence(oid(method), location);
}

/// A DistributionPoint with a fullName.
template <class... GeneralNames>
Octets distribution_point(const GeneralNames&... names) {
  const Octets full_name = tlv(der::context_constructed(0), concat(names...));
  return sequence(tlv(der::context_constructed(0), full_name));
}

// ---- Certificate

inline Octets algorithm(std::string_view id) { return sequence(oid(id)); }

struct CertificateBuilder {
  Octets version = tlv(der::context_constructed(0), tlv(der::kInteger, hex("02")));
  Octets serial_number = tlv(der::kInteger, hex("12 34"));
  Octets signature = algorithm("1.3.101.112");
  Octets issuer = common_name("Test CA");
  Octets not_before = tlv(der::kUtcTime, "260101000000Z");
  Octets not_after = tlv(der::kUtcTime, "270101000000Z");
  Octets subject = common_name("example.org");
  Octets public_key = sequence(algorithm("1.3.101.112"), tlv(der::kBitString, Octets(33)));
  Octets unique_ids{};
  Octets extensions{};  // each of them an Extension; none: the field is absent
  Octets signature_algorithm = algorithm("1.3.101.112");
  Octets signature_value = tlv(der::kBitString, Octets(65));

  Octets tbs_certificate() const {
    const Octets tagged_extensions =
        extensions.empty() ? Octets{} : tlv(der::context_constructed(3), sequence(extensions));
    return sequence(version, serial_number, signature, issuer, sequence(not_before, not_after),
                    subject, public_key, unique_ids, tagged_extensions);
  }
  Octets build() const { return sequence(tbs_certificate(), signature_algorithm, signature_value); }
};

}  // namespace peercert::test
