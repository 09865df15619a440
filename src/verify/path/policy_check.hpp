// SPDX-License-Identifier: Apache-2.0
// Certificate policies. RFC 5280, 6.1.
#pragma once

#include <span>
#include <vector>

#include <peercert/verify/verifier.hpp>

namespace peercert::verify {

/// Whether the path, leaf first and trust anchor last, is valid for some policy, if one of its CAs
/// asks for that by requireExplicitPolicy (RFC 5280, 4.2.1.11): without that a path without any
/// policy is as good, and nothing else that certificates say of policies makes a difference.
std::vector<Problem> check_policies(std::span<const CertificateView> path);

/// The codes of Problems that check_policies() gives. Static storage.
std::vector<PathProblem> policy_problems();

}  // namespace peercert::verify
