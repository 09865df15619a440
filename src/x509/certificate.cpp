// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <peercert/der/reader.hpp>
#include <peercert/der/values.hpp>
#include <peercert/x509/ber.hpp>
#include <peercert/x509/certificate.hpp>
#include <peercert/x509/field.hpp>

#include "x509/certificate_fields.hpp"

namespace peercert {
namespace {

using der::context;
using der::context_constructed;

// Offsets in errors have 32 bits; no certificate comes near this.
constexpr std::size_t kMaxInputLen = std::numeric_limits<std::uint32_t>::max();

}  // namespace

// TBSCertificate ::= SEQUENCE {
//     version          [0]  EXPLICIT Version DEFAULT v1,
//     serialNumber          CertificateSerialNumber,
//     signature             AlgorithmIdentifier,
//     issuer                Name,
//     validity              Validity,
//     subject               Name,
//     subjectPublicKeyInfo  SubjectPublicKeyInfo,
//     issuerUniqueID   [1]  IMPLICIT UniqueIdentifier OPTIONAL,
//     subjectUniqueID  [2]  IMPLICIT UniqueIdentifier OPTIONAL,
//     extensions       [3]  EXPLICIT Extensions OPTIONAL }
void CertificateView::read_tbs_certificate(der::Reader tbs) noexcept {
  tbs.field(Field::version);
  if (tbs.next_is(context_constructed(0))) version_ = read_version(tbs);
  tbs.field(Field::serial_number);
  serial_number_ = tbs.read_integer();
  tbs.field(Field::signature);
  signature_ = read_algorithm_identifier(tbs);
  tbs.field(Field::issuer);
  issuer_ = read_issuer_or_subject(tbs, has_unusual_names_);
  tbs.field(Field::validity);
  der::Reader validity = tbs.enter(der::kSequence);
  tbs.field(Field::not_before);
  not_before_ = read_time(validity);
  tbs.field(Field::not_after);
  not_after_ = read_time(validity);
  validity.finish();
  tbs.field(Field::subject);
  subject_ = read_issuer_or_subject(tbs, has_unusual_names_);
  tbs.field(Field::subject_public_key_info);
  public_key_ = read_subject_public_key_info(tbs);
  if (!tbs.next_is(context_constructed(3))) {
    tbs.field(Field::issuer_unique_id);
    if (tbs.next_is(context(1))) issuer_unique_id_ = read_unique_id(tbs, 1);
    tbs.field(Field::subject_unique_id);
    if (tbs.next_is(context(2))) subject_unique_id_ = read_unique_id(tbs, 2);
  }
  tbs.field(Field::extensions);
  if (tbs.next_is(context_constructed(3))) {
    extensions_ = read_extensions(tbs, extension_index_);
  }
  tbs.field(Field::tbs_certificate);
  tbs.finish();
}

// Certificate ::= SEQUENCE {
//     tbsCertificate      TBSCertificate,
//     signatureAlgorithm  AlgorithmIdentifier,
//     signatureValue      BIT STRING }
Error CertificateView::parse(Bytes input, CertificateView& view) noexcept {
  view = {};
  if (input.empty()) return {Errc::empty_input, Field::certificate, 0};
  input = input.first(std::min(input.size(), kMaxInputLen));
  der::Progress progress{input.data(), Field::certificate};
  der::Reader in(input, progress);

  const der::Element outer = in.read(der::kSequence);
  der::Reader certificate = in.inside(outer);
  view.der_ = outer.encoded();
  in.field(Field::tbs_certificate);
  const der::Element tbs = certificate.read(der::kSequence);
  view.tbs_certificate_ = tbs.encoded();
  view.read_tbs_certificate(certificate.inside(tbs));
  in.field(Field::signature_algorithm);
  view.signature_algorithm_ = read_algorithm_identifier(certificate);
  in.field(Field::signature_value);
  view.signature_value_ = certificate.read_bit_string();
  in.field(Field::certificate);
  certificate.finish();

  return progress.error;
}

Result<CertificateView> CertificateView::parse(Bytes input) noexcept {
  Result<CertificateView> result{CertificateView()};
  const Error error = parse(input, *result);
  if (error.code != Errc::ok) result = error;
  return result;
}

std::int64_t CertificateView::version() const noexcept {
  if (version_.empty()) return 1;
  if (version_.size() > sizeof(std::int64_t)) return 0;
  std::uint64_t value = (version_[0] & 0x80) ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : version_) value = value << 8 | octet;
  return static_cast<std::int64_t>(value + 1);  // wraps as C's long does, C++20 [basic.fundamental]
}

namespace {

// Whether an extension that getpeercert() reads is written in BER.
bool has_ber_extension(const CertificateView& view) noexcept {
  const auto is_ber_value = [&view](ExtensionType type, auto parse) noexcept {
    const std::optional<Bytes> value = view.extension(type);
    return value && is_ber(parse(*value).error().code);
  };
  return is_ber_value(ExtensionType::subject_alt_name, parse_subject_alt_name) ||
         is_ber_value(ExtensionType::authority_info_access, parse_authority_info_access) ||
         is_ber_value(ExtensionType::crl_distribution_points, parse_crl_distribution_points);
}

}  // namespace

Result<Certificate> Certificate::own(Der octets, bool is_rewritten) {
  Certificate certificate;
  certificate.octets_ = std::make_shared<const Der>(std::move(octets));
  const Result<CertificateView> view = CertificateView::parse(Bytes(*certificate.octets_));
  if (!view) return view.error();
  certificate.view_ = *view;
  certificate.view_.is_rewritten_ = is_rewritten;
  return certificate;
}

Result<Certificate> Certificate::from_der(Bytes der) {
  const Result<CertificateView> borrowed = CertificateView::parse(der);
  if (!borrowed && !is_ber(borrowed.error().code)) return borrowed.error();
  if (!borrowed || has_ber_extension(*borrowed)) return own(rewrite_ber(der), true);
  const Bytes own_octets = borrowed->der();
  return own(Der(own_octets.begin(), own_octets.end()), false);
}

}  // namespace peercert
