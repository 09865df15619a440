// SPDX-License-Identifier: Apache-2.0
// A path of three certificates that satisfies every rule, and of which a test replaces what it is
// about. Nothing is signed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <peercert/x509/certificate.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::test {

inline constexpr std::string_view kAuthorityKeyIdentifier = "2.5.29.35";
inline constexpr std::string_view kSubjectKeyIdentifier = "2.5.29.14";
inline constexpr std::string_view kBasicConstraints = "2.5.29.19";
inline constexpr std::string_view kKeyUsage = "2.5.29.15";
inline constexpr std::string_view kExtKeyUsage = "2.5.29.37";
inline constexpr std::string_view kNameConstraints = "2.5.29.30";
inline constexpr std::string_view kCertificatePolicies = "2.5.29.32";
inline constexpr std::string_view kPolicyConstraints = "2.5.29.36";
inline constexpr std::string_view kPolicyMappings = "2.5.29.33";
inline constexpr std::string_view kInhibitAnyPolicy = "2.5.29.54";

inline Octets boolean(bool value) { return tlv(der::kBoolean, hex(value ? "ff" : "00")); }
inline Octets integer(std::string_view content) { return tlv(der::kInteger, hex(content)); }
/// A BIT STRING of one octet.
inline Octets bits(std::string_view content) {
  return tlv(der::kBitString, concat(hex("00"), hex(content)));
}
inline Octets ecdsa_with_sha256() { return algorithm("1.2.840.10045.4.3.2"); }
/// An uncompressed point; that it is not on the curve nobody looks at.
inline Octets ec_key(std::string_view curve, std::size_t coordinate_len) {
  Octets point(1 + 2 * coordinate_len, 0x11);
  point[0] = 0x04;
  return sequence(sequence(oid("1.2.840.10045.2.1"), oid(curve)),
                  tlv(der::kBitString, concat(hex("00"), point)));
}
inline Octets rsa_key(const Octets& modulus, const Octets& exponent) {
  const Octets key = sequence(tlv(der::kInteger, modulus), tlv(der::kInteger, exponent));
  return sequence(sequence(oid("1.2.840.113549.1.1.1"), tlv(der::kNull, Octets{})),
                  tlv(der::kBitString, concat(hex("00"), key)));
}
inline Octets ext_key_usage(std::string_view purpose) { return sequence(oid(purpose)); }
inline Octets key_identifier(std::string_view of) { return octets(of); }
inline Octets authority_key_identifier(std::string_view of) {
  return sequence(tlv(der::context(0), key_identifier(of)));
}

/// A certificate whose extensions can be set one by one.
struct PathCertificateBuilder : CertificateBuilder {
  struct Value {
    std::string oid;
    bool critical = false;
    Octets value;
  };
  std::vector<Value> values{};

  /// Replaces the extension, or adds it.
  void set(std::string_view oid, const Octets& value, bool critical = false) {
    drop(oid);
    add(oid, value, critical);
  }
  void add(std::string_view oid, const Octets& value, bool critical = false) {
    values.push_back({std::string(oid), critical, value});
  }
  void drop(std::string_view oid) {
    std::erase_if(values, [oid](const Value& value) { return value.oid == oid; });
  }
  void set_critical(std::string_view oid, bool critical) {
    for (Value& value : values) {
      if (value.oid == oid) value.critical = critical;
    }
  }
  template <class... GeneralNames>
  void set_names(const GeneralNames&... names) {
    set(kSubjectAltName, sequence(names...));
  }
  Octets der() const {
    CertificateBuilder copy = *this;
    for (const Value& each : values) {
      const Octets flag = each.critical ? boolean(true) : Octets{};
      const Octets encoded =
          sequence(test::oid(each.oid), flag, tlv(der::kOctetString, each.value));
      copy.extensions = concat(copy.extensions, encoded);
    }
    return copy.build();
  }
};

inline PathCertificateBuilder certificate_of(std::string_view subject, std::string_view issuer) {
  PathCertificateBuilder out;
  out.signature = out.signature_algorithm = ecdsa_with_sha256();
  out.issuer = common_name(issuer);
  out.subject = common_name(subject);
  out.public_key = ec_key("1.2.840.10045.3.1.7", 32);
  out.set(kAuthorityKeyIdentifier, authority_key_identifier(issuer));
  return out;
}

inline PathCertificateBuilder ca_of(std::string_view subject, std::string_view issuer) {
  PathCertificateBuilder out = certificate_of(subject, issuer);
  out.set(kSubjectKeyIdentifier, tlv(der::kOctetString, key_identifier(subject)));
  out.set(kBasicConstraints, sequence(boolean(true)), true);
  out.set(kKeyUsage, bits("06"), true);  // keyCertSign, cRLSign
  return out;
}

inline PathCertificateBuilder leaf_of(std::string_view host, std::string_view issuer) {
  PathCertificateBuilder out = certificate_of(host, issuer);
  out.set(kKeyUsage, bits("80"), true);                       // digitalSignature
  out.set(kExtKeyUsage, ext_key_usage("1.3.6.1.5.5.7.3.1"));  // serverAuth
  out.set_names(dns_name(host));
  return out;
}

/// Leaf first, root last.
struct PathBuilder {
  std::vector<PathCertificateBuilder> certificates{
      leaf_of("example.org", "Intermediate"), ca_of("Intermediate", "Root"), ca_of("Root", "Root")};

  PathCertificateBuilder& leaf() { return certificates.front(); }
  PathCertificateBuilder& intermediate() { return certificates[1]; }
  PathCertificateBuilder& root() { return certificates.back(); }
};

/// The certificates, parsed, with the octets that they borrow.
struct BuiltPath {
  std::vector<Octets> der;
  std::vector<CertificateView> views;

  explicit BuiltPath(const PathBuilder& builder) {
    for (const PathCertificateBuilder& each : builder.certificates) der.push_back(each.der());
    for (const Octets& each : der) views.push_back(*CertificateView::parse(each));
  }
};

}  // namespace peercert::test
