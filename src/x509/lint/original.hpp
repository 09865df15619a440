// SPDX-License-Identifier: Apache-2.0
// A certificate that rewrite_ber() rewrote, beside the octets that were given.
#pragma once

#include <cstddef>

#include <peercert/base/finding.hpp>
#include <peercert/base/result.hpp>

namespace peercert {

/// Where what stands at `offset` in the rewritten octets stands in the original ones: the octet
/// itself, or the first one of the string in segments, or of the header, that it came from.
std::size_t original_offset(Bytes rewritten, Bytes original, std::size_t offset) noexcept;

/// Adds the strings in segments under IMPLICIT tags, which only the grammar tells from structures:
/// those that rewrite_ber() put together.
void find_segmented_strings(Bytes rewritten, Bytes original, Findings& out) noexcept;

}  // namespace peercert
