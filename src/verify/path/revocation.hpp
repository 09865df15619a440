// SPDX-License-Identifier: Apache-2.0
// What certificate revocation lists say. RFC 5280, 5.
#pragma once

#include <string>
#include <vector>

#include "verify/path/openssl_path.hpp"

namespace peercert::verify {

/// Whether one of the lists is the certificate's issuer's.
bool has_crl_for(const X509& certificate, const std::vector<X509CrlPtr>& crls);

/// Since when, and why, the list revokes the certificate; empty if it does not.
std::string revocation(const X509& certificate, const X509_CRL& crl);

/// What is wrong with the lists of the path's issuers by RFC 5280, 5.1.2.1 and 5.2, beyond what
/// OpenSSL checks, and by BR, 7.2.2.1, with VerifyProfile::cabf. The depth is that of the
/// certificate that the list is for.
std::vector<Problem> check_crls(const X509s& path, const std::vector<X509CrlPtr>& crls,
                                VerifyProfile profile);

/// The codes of those. Static storage.
std::vector<PathProblem> crl_problems();

}  // namespace peercert::verify
