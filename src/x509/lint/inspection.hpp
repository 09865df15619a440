// SPDX-License-Identifier: Apache-2.0
// What the rules of RFC 5280 share: the certificate, and where to put what they find.
#pragma once

#include <peercert/base/finding.hpp>
#include <peercert/x509/certificate.hpp>

#include "x509/lint/field_map.hpp"

namespace peercert {

class Inspection {
 public:
  Inspection(const CertificateView& certificate, Bytes input, Findings& out) noexcept
      : certificate_(certificate), input_(input), fields_(certificate.der()), out_(out) {}

  const CertificateView& certificate() const noexcept { return certificate_; }
  /// Whether basicConstraints says that the subject is a CA.
  bool is_ca() const noexcept { return is_ca_; }
  void set_ca(bool is_ca) noexcept { is_ca_ = is_ca; }

  bool has(Field field) const noexcept { return !fields_.encoded(field).empty(); }
  Bytes encoded(Field field) const noexcept { return fields_.encoded(field); }

  /// At an octet of certificate().der().
  void add(FindingCode code, const std::uint8_t* at) noexcept;
  void add(FindingCode code, const der::Element& element) noexcept {
    add(code, element.encoded().data());
  }
  /// At the first octet of a field that is there.
  void add(FindingCode code, Field field) noexcept { add(code, fields_.encoded(field).data()); }
  /// Adds it unless the rule holds.
  template <class Place>
  void expect(bool holds, FindingCode code, const Place& place) noexcept {
    if (!holds) add(code, place);
  }

 private:
  const CertificateView& certificate_;
  Bytes input_;
  FieldMap fields_;
  Findings& out_;
  bool is_ca_ = false;
};

/// RFC 5280, 4.1.2.4 and 4.1.2.6.
void check_subject_and_issuer(Inspection& in) noexcept;
/// The attributes of a Name, wherever it stands.
void check_name(NameView name, Inspection& in) noexcept;
/// 4.1.2.7, RFC 3279 and RFC 5480.
void check_public_key(Inspection& in) noexcept;
/// 4.1.2.9 and 4.2.
void check_extensions(Inspection& in) noexcept;
/// 4.2.1.6: GeneralNames of any extension.
void check_general_names(GeneralNamesView names, Inspection& in) noexcept;
void check_general_name(const GeneralName& name, const std::uint8_t* at, Inspection& in) noexcept;

}  // namespace peercert
