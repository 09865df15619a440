// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/reader.hpp>
#include <peercert/der/sequence_of.hpp>
#include <peercert/x509/general_name.hpp>

namespace peercert {

/// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }.
/// RFC 5280, 4.1.2.9. Borrows the certificate's DER. The value is not decoded.
struct Extension {
  Bytes oid;
  bool critical = false;
  Bytes value;

  static Extension from_element(const der::Element& element) noexcept;
};
using ExtensionsView = der::SequenceOf<Extension>;

/// Reads and checks `[3] EXPLICIT SEQUENCE OF Extension`, without looking into the values.
ExtensionsView read_extensions(der::Reader& in) noexcept;

/// The SubjectAltName of an extension's value. Octets behind it are not looked at, as OpenSSL does.
/// RFC 5280, 4.2.1.6.
Result<GeneralNamesView> parse_subject_alt_name(Bytes value) noexcept;

/// AccessDescription ::= SEQUENCE { accessMethod, accessLocation }. RFC 5280, 4.2.2.1.
struct AccessDescription {
  Bytes access_method;
  GeneralName access_location;
  static AccessDescription from_element(const der::Element& element) noexcept;
};
using AuthorityInfoAccessView = der::SequenceOf<AccessDescription>;
Result<AuthorityInfoAccessView> parse_authority_info_access(Bytes value) noexcept;

/// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] }, all of
/// them OPTIONAL. RFC 5280, 4.2.1.13.
struct DistributionPoint {
  GeneralNamesView full_name;  // empty if absent, or if a nameRelativeToCRLIssuer stands there
  static DistributionPoint from_element(const der::Element& element) noexcept;
};
using CrlDistributionPointsView = der::SequenceOf<DistributionPoint>;
Result<CrlDistributionPointsView> parse_crl_distribution_points(Bytes value) noexcept;

/// Parses the value if it is one of the three above. Gives Errc::ok for others.
Errc check_known_extension(const Extension& extension) noexcept;

}  // namespace peercert
