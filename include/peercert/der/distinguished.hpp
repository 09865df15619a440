// SPDX-License-Identifier: Apache-2.0
// X.690's distinguished encoding rules, over elements of which nothing else is known.
#pragma once

#include <peercert/base/finding.hpp>
#include <peercert/base/result.hpp>

namespace peercert::der {

/// Elements nested deeper are not looked into, which is a finding.
inline constexpr std::size_t kMaxDerDepth = 64;

/// Adds what keeps the elements in `octets`, one after the other, from being DER: clauses 8, 10
/// and 11, and which characters a string type has. Reads BER of any kind. The findings name no
/// field; `offset` is where the bytes stand in the input. Does not look into OCTET STRINGs and BIT
/// STRINGs, and cannot tell the types under IMPLICIT tags, nor what is a DEFAULT. Work is linear in
/// the number of bytes, times the depth where lengths are indefinite.
void find_der_defects(Bytes octets, std::size_t offset, Findings& out) noexcept;

}  // namespace peercert::der
