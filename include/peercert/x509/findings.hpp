// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/base/finding.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// What X.690 and RFC 5280, section 4, have against a certificate that was accepted, in the order
/// of the bytes: docs/findings.md lists all of it. `input` is what the certificate was made from,
/// by CertificateView::parse() or Certificate::from_der(): BER and bytes after the certificate are
/// found in it, and offsets count from its start. Neither signatures nor chains are checked, nor
/// the clock. Work is linear in the size of the input, except for deeply nested BER.
Findings find_defects(const CertificateView& certificate, Bytes input) noexcept;

}  // namespace peercert
