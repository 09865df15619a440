// SPDX-License-Identifier: Apache-2.0
// CertificateView::parse() and Certificate::from_der(): what they give lies inside the input, they
// agree, and the certificate's own octets give it again.
#include <algorithm>

#include <peercert/x509/certificate.hpp>

#include "walk.hpp"

namespace peercert::fuzz {
namespace {

void check_algorithm(const AlgorithmIdentifier& algorithm, Bytes whole) {
  check_oid(algorithm.algorithm, whole);
  check_inside(algorithm.parameters, whole);
}

void check_time(TimeView time, Bytes whole) {
  check_inside(time.content, whole);
  if (const auto date = time.parse()) check_inside(date->fraction, whole);
}

void check_certificate(const CertificateView& view) {
  const Bytes whole = view.der();
  check_inside(view.tbs_certificate(), whole);
  check_inside(view.serial_number(), whole);
  check(!view.serial_number().empty());
  check_algorithm(view.signature(), whole);
  walk(view.issuer(), whole);
  check_time(view.not_before(), whole);
  check_time(view.not_after(), whole);
  walk(view.subject(), whole);
  const PublicKeyView key = view.subject_public_key_info();
  check_inside(key.der, whole);
  check_inside(key.key, whole);
  check_algorithm(key.algorithm, whole);
  check(key.bits() >= 0);
  check_inside(view.issuer_unique_id(), whole);
  check_inside(view.subject_unique_id(), whole);
  for (const Extension extension : view.extensions()) {
    check_oid(extension.oid, whole);
    check_inside(extension.value, whole);
  }
  check_algorithm(view.signature_algorithm(), whole);
  check_inside(view.signature_value(), whole);
  check(!view.signature_value().empty());
}

void check_same(const CertificateView& a, const CertificateView& b) {
  check(std::ranges::equal(a.der(), b.der()));
  check(std::ranges::equal(a.tbs_certificate(), b.tbs_certificate()));
  check(std::ranges::equal(a.serial_number(), b.serial_number()));
  check(std::ranges::equal(a.issuer().content(), b.issuer().content()));
  check(std::ranges::equal(a.subject().content(), b.subject().content()));
  check(std::ranges::equal(a.extensions().content(), b.extensions().content()));
  check(std::ranges::equal(a.signature_value(), b.signature_value()));
  check(a.version() == b.version());
}

// The owning twin, and the octets that it holds parsed once more.
void check_owned(const Certificate& owned) {
  check_certificate(owned.view());
  const Result<CertificateView> again = CertificateView::parse(owned.der());
  check(again.has_value());
  check_same(*again, owned.view());
}

}  // namespace

void run(Bytes input) {
  const Result<CertificateView> view = CertificateView::parse(input);
  const Result<Certificate> owned = Certificate::from_der(input);
  if (owned) check_owned(*owned);
  if (view) {
    check_inside(view->der(), input);
    check_certificate(*view);
    check(owned.has_value());
    if (!owned->view().is_rewritten()) check_same(*view, owned->view());
    return;
  }
  check(view.error().offset <= input.size());
  if (!is_ber(view.error().code)) check(!owned && owned.error() == view.error());
}

}  // namespace peercert::fuzz
