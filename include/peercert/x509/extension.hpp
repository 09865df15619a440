// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include <peercert/der/reader.hpp>
#include <peercert/der/sequence_of.hpp>
#include <peercert/x509/general_name.hpp>

namespace peercert {

/// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }.
/// RFC 5280, 4.1.2.9. Borrows the certificate's DER. The value is not decoded.
struct Extension {
  Bytes oid;              // extnID
  bool critical = false;  // whether who does not know it has to refuse the certificate
  Bytes value;            // extnValue, not decoded

  static Extension from_element(const der::Element& element) noexcept;
};
/// Extensions in encoded order. RFC 5280, 4.1.2.9.
using ExtensionsView = der::SequenceOf<Extension>;

/// The extensions that CertificateView finds without a search.
enum class ExtensionType : std::uint8_t {
  subject_alt_name,         // 4.2.1.6
  authority_info_access,    // 4.2.2.1
  crl_distribution_points,  // 4.2.1.13
};
/// How many there are.
inline constexpr std::size_t kNumExtensionTypes = 3;

/// Where the values of those extensions are. Borrows the certificate's DER.
class ExtensionIndex {
 public:
  /// The value, not decoded, of an extension that occurs exactly once. If it occurs twice there is
  /// none, as in X509_get_ext_d2i().
  std::optional<Bytes> only(ExtensionType type) const noexcept {
    const Slot& slot = slots_[static_cast<std::size_t>(type)];
    return slot.count == 1 ? std::optional(slot.value) : std::nullopt;
  }
  /// Notes one more extension.
  void add(Bytes oid, Bytes value) noexcept;

 private:
  struct Slot {
    Bytes value{};
    std::size_t count = 0;
  };
  std::array<Slot, kNumExtensionTypes> slots_{};
};

/// Reads and checks one Extension, without looking into its value.
Extension read_extension(der::Reader& in) noexcept;
/// Reads and checks `[3] EXPLICIT SEQUENCE OF Extension`, without looking into the values.
ExtensionsView read_extensions(der::Reader& in, ExtensionIndex& index) noexcept;

/// The SubjectAltName of an extension's value. Bytes after it are ignored, as in OpenSSL.
/// RFC 5280, 4.2.1.6.
Result<GeneralNamesView> parse_subject_alt_name(Bytes value) noexcept;

/// AccessDescription ::= SEQUENCE { accessMethod, accessLocation }. RFC 5280, 4.2.2.1.
struct AccessDescription {
  Bytes access_method;          // an OBJECT IDENTIFIER, such as id-ad-ocsp
  GeneralName access_location;  // where to find it
  static AccessDescription from_element(const der::Element& element) noexcept;
};
/// The descriptions in encoded order.
using AuthorityInfoAccessView = der::SequenceOf<AccessDescription>;
/// The AuthorityInfoAccess of an extension's value. Bytes after it are ignored, as in OpenSSL.
Result<AuthorityInfoAccessView> parse_authority_info_access(Bytes value) noexcept;

/// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] }, all of
/// them OPTIONAL. RFC 5280, 4.2.1.13.
struct DistributionPoint {
  GeneralNamesView full_name;  // empty if absent, or if a nameRelativeToCRLIssuer stands there
  static DistributionPoint from_element(const der::Element& element) noexcept;
};
/// The points in encoded order.
using CrlDistributionPointsView = der::SequenceOf<DistributionPoint>;
/// The CRLDistributionPoints of an extension's value. Bytes after it are ignored, as in OpenSSL.
Result<CrlDistributionPointsView> parse_crl_distribution_points(Bytes value) noexcept;

}  // namespace peercert
