// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "verify/path/openssl_path.hpp"

namespace peercert::verify {

/// How often names have to be compared with name constraints in a path, leaf first: each name with
/// each subtree of every CA above it. OpenSSL bounds that for two certificates, and does not for
/// the thousands of pairs that a long path has.
std::size_t constraint_comparisons(const STACK_OF(X509) * path);

}  // namespace peercert::verify
