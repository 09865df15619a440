// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <peercert/verify/verifier.hpp>

namespace peercert::verify {

/// Why the leaf does not name whom it should: one problem or none.
std::vector<Problem> check_name(const CertificateView& leaf, const ReferenceName& name);

/// Its codes. Static storage.
std::vector<PathProblem> name_problems();

}  // namespace peercert::verify
