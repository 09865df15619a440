// SPDX-License-Identifier: Apache-2.0
// What the standards object to in bytes that were accepted.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <peercert/base/result.hpp>

namespace peercert {

/// How bad a finding is.
enum class Severity : std::uint8_t {
  note,     // allowed; a SHOULD of RFC 5280's that was not followed
  warning,  // against the CA/Browser Forum's Baseline Requirements, or common practice
  error,    // RFC 5280 or X.690's distinguished encoding rules refuse it
};

/// What was found. `name_of()` gives the word for programs, `to_string()` the sentence, and
/// `severity_of()` how bad it is; docs/findings.md lists all of them.
enum class FindingCode : std::uint8_t {
  // X.690: it is BER, not DER, or not even that.
  non_minimal_length,
  indefinite_length,
  non_minimal_tag,
  reserved_tag,
  constructed_string,
  wrong_form,
  malformed_content,
  nested_too_deep,
  bad_boolean,
  bad_integer,
  bad_bit_string,
  unused_bits_set,
  bad_null,
  bad_oid,
  set_not_sorted,
  time_not_der,
  invalid_characters,
  default_encoded,
  named_bits_not_trimmed,
  trailing_octets,
  // RFC 5280, 4.1: the fields of the certificate.
  unknown_version,
  version_too_low,
  version_too_high,
  serial_not_positive,
  serial_too_long,
  serial_too_short,
  signature_mismatch,
  algorithm_parameters,
  weak_signature,
  not_a_date,
  time_fraction,
  time_type,
  validity_reversed,
  malformed_key,
  weak_key,
  rsa_exponent,
  unique_identifier,
  // Names.
  empty_issuer,
  empty_subject,
  empty_rdn,
  repeated_attribute,
  attribute_type,
  attribute_length,
  empty_attribute,
  legacy_string_type,
  control_characters,
  // RFC 5280, 4.2: extensions.
  empty_extensions,
  repeated_extension,
  too_many_extensions,
  unknown_critical_extension,
  must_be_critical,
  must_not_be_critical,
  should_be_critical,
  should_not_be_critical,
  malformed_extension,
  empty_sequence,
  no_subject_key_identifier,
  no_authority_key_identifier,
  no_subject_alt_name,
  precertificate,
  // GeneralNames.
  empty_general_name,
  bad_dns_name,
  underscore_in_dns_name,
  bad_email_address,
  bad_uri,
  bad_ip_address,
  // What extensions say of the certificate, and of each other.
  no_key_usage_bits,
  cert_sign_without_ca,
  path_len_without_ca,
  ca_extension_in_leaf,
  incomplete_authority_key_identifier,
  incomplete_distribution_point,
  repeated_policy,
};
/// How many codes there are.
inline constexpr std::size_t kNumFindingCodes =
    static_cast<std::size_t>(FindingCode::repeated_policy) + 1;

/// What, how bad, where in the standard, and where in the bytes. 8 bytes, trivially copyable.
struct Finding {
  FindingCode code = FindingCode::non_minimal_length;  // what was found
  Severity severity = Severity::note;                  // how bad it is
  Field field{};                                       // the field of RFC 5280 that it is in
  std::uint32_t offset = 0;                            // bytes from the start of the caller's input

  friend constexpr bool operator==(const Finding&, const Finding&) = default;
};
static_assert(sizeof(Finding) == 8);

/// A number of findings that does not depend on what a hostile input would like. Of more than fit,
/// the more severe and then the first stay: if there was an error at all, it is here.
class Findings {
 public:
  static constexpr std::size_t kCapacity = 32;  // how many are kept

  /// Adds a finding with the severity of its code, or counts it if there is no room.
  void add(FindingCode code, std::size_t offset, Field field = {}) noexcept;
  /// Whether add() would keep it. The others are only counted.
  bool has_room_for(FindingCode code) const noexcept;
  /// In the order of their offsets.
  void sort() noexcept;

  const Finding* begin() const& noexcept PEERCERT_LIFETIMEBOUND { return findings_.data(); }
  const Finding* end() const& noexcept PEERCERT_LIFETIMEBOUND { return findings_.data() + size_; }
  const Finding* begin() && = delete;
  const Finding* end() && = delete;
  /// The findings, to be changed in place.
  std::span<Finding> items() & noexcept PEERCERT_LIFETIMEBOUND { return {findings_.data(), size_}; }
  std::span<Finding> items() && = delete;
  std::size_t size() const noexcept { return size_; }  // how many are kept here
  bool empty() const noexcept { return size_ == 0; }
  /// How many more there were.
  std::size_t num_left_out() const noexcept { return num_left_out_; }
  /// The first that is an error; nullptr if none is.
  const Finding* first_error() const& noexcept PEERCERT_LIFETIMEBOUND;
  const Finding* first_error() && = delete;

 private:
  Finding* worst_place(Severity severity) noexcept;

  std::array<Finding, kCapacity> findings_{};
  std::size_t size_ = 0;
  std::size_t num_left_out_ = 0;
};

/// The code as a word for programs ("repeated_extension"). Static storage.
std::string_view name_of(FindingCode code) noexcept;
/// The sentence for a code. Static storage.
std::string_view to_string(FindingCode code) noexcept;
/// How bad a code is: each has one severity.
Severity severity_of(FindingCode code) noexcept;
/// "note", "warning" or "error". Static storage.
std::string_view to_string(Severity severity) noexcept;

/// The whole finding: "serialNumber: over 20 octets at byte 15".
std::string to_string(const Finding& finding);

}  // namespace peercert
