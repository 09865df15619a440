// SPDX-License-Identifier: Apache-2.0
// EC keys whose curve the certificate makes up. RFC 5480, 2.1.1, forbids them. To decode one
// OpenSSL computes in the field that it names, a quarter of a second for one of 661 bits.
#pragma once

#include <peercert/result.hpp>
#include <peercert/verify/problem.hpp>

namespace peercert::verify {

/// Whether an EC key or certificate in these bytes has explicit curve parameters.
bool has_explicit_curve(Bytes octets) noexcept;

/// That a certificate of the path has such a key: what OpenSSL says of it, had it been asked.
Problem explicit_curve(int depth);

}  // namespace peercert::verify
