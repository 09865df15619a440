// SPDX-License-Identifier: Apache-2.0
// What certificate revocation lists say. RFC 5280, 5.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/openssl_path.hpp"

namespace peercert::verify {

/// Appends the lists of a text in PEM or of DER, as Verifier::add_crls() has it. Leaves OpenSSL's
/// errors in the queue.
std::optional<CrlError> read_crls(Bytes pem_or_der, std::vector<X509CrlPtr>& crls);

/// Whether one of the lists is the certificate's issuer's.
bool has_crl_for(const X509& certificate, const std::vector<X509CrlPtr>& crls);

/// Since when, and why, the list revokes the certificate; empty if it does not.
std::string revocation(const X509& certificate, const X509_CRL& crl);

/// What is wrong with the lists of the path's issuers by RFC 5280, 5.1.2.1 and 5.2, beyond what
/// OpenSSL checks. The depth is that of the certificate that the list is for.
std::vector<Problem> check_crls(const X509s& path, const std::vector<X509CrlPtr>& crls);

/// The codes of those. Static storage.
std::vector<PathProblem> crl_problems();

}  // namespace peercert::verify
