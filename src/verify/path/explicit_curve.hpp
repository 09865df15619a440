// SPDX-License-Identifier: Apache-2.0
// EC keys whose curve the certificate makes up. RFC 5480, 2.1.1, forbids them. To decode one
// OpenSSL computes in the field that it names, a quarter of a second for one of 661 bits.
#pragma once

#include <cstddef>

#include <peercert/base/result.hpp>
#include <peercert/verify/problem.hpp>

namespace peercert::verify {

/// How many EC keys in these bytes, which may be certificates, have explicit curve parameters. One
/// over a binary field counts twice: what names its basis begins as what names its field.
std::size_t num_explicit_curves(Bytes octets) noexcept;
/// Whether there is any.
bool has_explicit_curve(Bytes octets) noexcept;

/// That a certificate of the path has such a key: what OpenSSL says of it, had it been asked.
Problem explicit_curve(int depth);

}  // namespace peercert::verify
