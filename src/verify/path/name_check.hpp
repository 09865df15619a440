// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <peercert/verify/verifier.hpp>

namespace peercert::verify {

/// Why the leaf does not name whom it should, if it has to name anybody: one problem or none. By
/// subjectAltName alone; with VerifyProfile::openssl as OpenSSL has it for Python's default
/// context. Leaves OpenSSL's errors in the queue.
std::vector<Problem> check_name(const CertificateView& leaf, Bytes octets,
                                const VerifyOptions& options);

/// Its codes. Static storage.
std::vector<PathProblem> name_problems();

}  // namespace peercert::verify
