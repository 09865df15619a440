// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <peercert/base/finding.hpp>

namespace peercert {
namespace {

struct Description {
  FindingCode code;
  std::string_view name;
  Severity severity;
  std::string_view sentence;
};

constexpr Severity kNote = Severity::note;
constexpr Severity kWarning = Severity::warning;
constexpr Severity kError = Severity::error;

// In the order of the enumerators. docs/findings.md says where each of them is written.
constexpr std::array<Description, kNumFindingCodes> kDescriptions{{
    {FindingCode::non_minimal_length, "non_minimal_length", kError,
     "length written longer than it need be"},
    {FindingCode::indefinite_length, "indefinite_length", kError, "indefinite length"},
    {FindingCode::non_minimal_tag, "non_minimal_tag", kError,
     "tag number written longer than it need be"},
    {FindingCode::reserved_tag, "reserved_tag", kError, "tag number that X.680 reserves"},
    {FindingCode::constructed_string, "constructed_string", kError, "string in segments"},
    {FindingCode::wrong_form, "wrong_form", kError,
     "primitive where the type is constructed, or the reverse"},
    {FindingCode::malformed_content, "malformed_content", kError,
     "constructed, but not made of whole elements"},
    {FindingCode::nested_too_deep, "nested_too_deep", kError, "nested deeper than is looked into"},
    {FindingCode::bad_boolean, "bad_boolean", kError, "BOOLEAN that is neither 00 nor FF"},
    {FindingCode::bad_integer, "bad_integer", kError, "INTEGER that is empty or padded"},
    {FindingCode::bad_bit_string, "bad_bit_string", kError,
     "BIT STRING with a wrong count of unused bits"},
    {FindingCode::unused_bits_set, "unused_bits_set", kError,
     "BIT STRING whose unused bits are not zero"},
    {FindingCode::bad_null, "bad_null", kError, "NULL with content"},
    {FindingCode::bad_oid, "bad_oid", kError, "OBJECT IDENTIFIER that is cut or padded"},
    {FindingCode::set_not_sorted, "set_not_sorted", kError, "SET OF that is not in order"},
    {FindingCode::time_not_der, "time_not_der", kError,
     "time that is not in DER's form: whole seconds, and Z"},
    {FindingCode::invalid_characters, "invalid_characters", kError,
     "characters that the string's type does not have"},
    {FindingCode::default_encoded, "default_encoded", kError,
     "value that is the DEFAULT, and so has to be absent"},
    {FindingCode::named_bits_not_trimmed, "named_bits_not_trimmed", kError,
     "named bits with zeros at their end"},
    {FindingCode::trailing_octets, "trailing_octets", kError, "octets behind the value"},

    {FindingCode::unknown_version, "unknown_version", kError, "version other than 1, 2 and 3"},
    {FindingCode::version_too_low, "version_too_low", kError,
     "field that this version does not have"},
    {FindingCode::version_too_high, "version_too_high", kNote, "version 3 without any extension"},
    {FindingCode::serial_not_positive, "serial_not_positive", kError, "zero or negative"},
    {FindingCode::serial_too_long, "serial_too_long", kError, "over 20 octets"},
    {FindingCode::serial_too_short, "serial_too_short", kWarning,
     "too short for 64 bits of chance"},
    {FindingCode::signature_mismatch, "signature_mismatch", kError,
     "not the algorithm that tbsCertificate names"},
    {FindingCode::algorithm_parameters, "algorithm_parameters", kError,
     "parameters that the algorithm does not have"},
    {FindingCode::weak_signature, "weak_signature", kWarning,
     "signature over a digest that is broken"},
    {FindingCode::not_a_date, "not_a_date", kError, "not a date"},
    {FindingCode::time_fraction, "time_fraction", kError, "fraction of a second"},
    {FindingCode::time_type, "time_type", kError,
     "GeneralizedTime of a year that UTCTime can tell"},
    {FindingCode::validity_reversed, "validity_reversed", kError, "earlier than notBefore"},
    {FindingCode::malformed_key, "malformed_key", kError, "not a key of its algorithm"},
    {FindingCode::weak_key, "weak_key", kWarning, "RSA key under 2048 bits"},
    {FindingCode::rsa_exponent, "rsa_exponent", kWarning, "RSA exponent that is even or under 3"},
    {FindingCode::unique_identifier, "unique_identifier", kError,
     "unique identifier, which may not be used"},

    {FindingCode::empty_issuer, "empty_issuer", kError, "empty"},
    {FindingCode::empty_subject, "empty_subject", kError,
     "empty, and no critical subjectAltName instead"},
    {FindingCode::empty_rdn, "empty_rdn", kError, "RelativeDistinguishedName without attribute"},
    {FindingCode::repeated_attribute, "repeated_attribute", kWarning,
     "attribute that the RelativeDistinguishedName has already"},
    {FindingCode::attribute_type, "attribute_type", kError,
     "attribute value of a type that the attribute does not have"},
    {FindingCode::attribute_length, "attribute_length", kError,
     "attribute value of a length that the attribute does not have"},
    {FindingCode::empty_attribute, "empty_attribute", kError, "empty attribute value"},
    {FindingCode::legacy_string_type, "legacy_string_type", kWarning,
     "neither PrintableString nor UTF8String"},
    {FindingCode::control_characters, "control_characters", kWarning,
     "control characters in a string"},

    {FindingCode::empty_extensions, "empty_extensions", kError, "present without any extension"},
    {FindingCode::repeated_extension, "repeated_extension", kError,
     "extension that was there before"},
    {FindingCode::too_many_extensions, "too_many_extensions", kWarning,
     "more extensions than are compared with each other"},
    {FindingCode::unknown_critical_extension, "unknown_critical_extension", kError,
     "unknown extension that is critical"},
    {FindingCode::must_be_critical, "must_be_critical", kError, "extension has to be critical"},
    {FindingCode::must_not_be_critical, "must_not_be_critical", kError,
     "extension may not be critical"},
    {FindingCode::should_be_critical, "should_be_critical", kNote, "extension should be critical"},
    {FindingCode::should_not_be_critical, "should_not_be_critical", kNote,
     "extension should not be critical"},
    {FindingCode::malformed_extension, "malformed_extension", kError,
     "value that is not of the extension's type"},
    {FindingCode::empty_sequence, "empty_sequence", kError, "list that may not be empty"},
    {FindingCode::no_subject_key_identifier, "no_subject_key_identifier", kError,
     "no subjectKeyIdentifier in a CA"},
    {FindingCode::no_authority_key_identifier, "no_authority_key_identifier", kError,
     "no authorityKeyIdentifier, and not self-issued"},
    {FindingCode::no_subject_alt_name, "no_subject_alt_name", kWarning,
     "no subjectAltName, and not a CA"},
    {FindingCode::precertificate, "precertificate", kNote,
     "precertificate: for the logs of RFC 6962, not for use"},

    {FindingCode::empty_general_name, "empty_general_name", kError, "empty name"},
    {FindingCode::bad_dns_name, "bad_dns_name", kError, "dNSName that is no host name"},
    {FindingCode::underscore_in_dns_name, "underscore_in_dns_name", kWarning,
     "dNSName with an underscore"},
    {FindingCode::bad_email_address, "bad_email_address", kError, "rfc822Name that is no address"},
    {FindingCode::bad_uri, "bad_uri", kError, "URI without scheme, or with characters of no URI"},
    {FindingCode::bad_ip_address, "bad_ip_address", kError, "iPAddress of neither 4 nor 16 octets"},

    {FindingCode::no_key_usage_bits, "no_key_usage_bits", kError, "no bit set"},
    {FindingCode::cert_sign_without_ca, "cert_sign_without_ca", kError,
     "keyCertSign without cA in basicConstraints"},
    {FindingCode::path_len_without_ca, "path_len_without_ca", kError,
     "pathLenConstraint without cA or keyCertSign"},
    {FindingCode::ca_extension_in_leaf, "ca_extension_in_leaf", kError,
     "extension for CAs in a certificate of none"},
    {FindingCode::incomplete_authority_key_identifier, "incomplete_authority_key_identifier",
     kError, "authorityCertIssuer without authorityCertSerialNumber, or the reverse"},
    {FindingCode::incomplete_distribution_point, "incomplete_distribution_point", kError,
     "DistributionPoint with neither distributionPoint nor cRLIssuer"},
    {FindingCode::repeated_policy, "repeated_policy", kError, "policy that was there before"},
}};

constexpr bool is_in_order() noexcept {
  for (std::size_t i = 0; i < kDescriptions.size(); ++i) {
    if (static_cast<std::size_t>(kDescriptions[i].code) != i) return false;
  }
  return true;
}
static_assert(is_in_order());

const Description& description_of(FindingCode code) noexcept {
  return kDescriptions[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view name_of(FindingCode code) noexcept { return description_of(code).name; }
std::string_view to_string(FindingCode code) noexcept { return description_of(code).sentence; }
Severity severity_of(FindingCode code) noexcept { return description_of(code).severity; }

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

std::string to_string(const Finding& finding) {
  std::string text;
  if (finding.field != Field{}) text.append(to_string(finding.field)).append(": ");
  text.append(to_string(finding.code));
  return text.append(" at byte ").append(std::to_string(finding.offset));
}

// The last of those that are less severe, since the first of each severity are to stay.
Finding* Findings::worst_place(Severity severity) noexcept {
  for (std::size_t i = size_; i > 0; --i) {
    if (findings_[i - 1].severity < severity) return &findings_[i - 1];
  }
  return nullptr;
}

bool Findings::has_room_for(FindingCode code) const noexcept {
  const auto is_less = [severity = severity_of(code)](const Finding& finding) {
    return finding.severity < severity;
  };
  return size_ < kCapacity || std::any_of(begin(), end(), is_less);
}

void Findings::add(FindingCode code, std::size_t offset, Field field) noexcept {
  const Severity severity = severity_of(code);
  Finding* place = nullptr;
  if (size_ < kCapacity) {
    place = &findings_[size_++];
  } else {
    ++num_left_out_;
    place = worst_place(severity);
  }
  if (place != nullptr) *place = {code, severity, field, static_cast<std::uint32_t>(offset)};
}

void Findings::sort() noexcept {
  // Insertion: stable without memory of its own, and there are few.
  for (std::size_t i = 1; i < size_; ++i) {
    for (std::size_t j = i; j > 0 && findings_[j].offset < findings_[j - 1].offset; --j) {
      std::swap(findings_[j], findings_[j - 1]);
    }
  }
}

const Finding* Findings::first_error() const& noexcept {
  const auto found = std::find_if(
      begin(), end(), [](const Finding& finding) { return finding.severity == Severity::error; });
  return found == end() ? nullptr : found;
}

}  // namespace peercert
