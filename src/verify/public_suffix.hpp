// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/verify/webpki.hpp>

namespace peercert::verify {

// Not installed: core takes any list, and this one needs libpsl.

/// The ICANN section of the public suffix list that libpsl brings, for
/// WebpkiOptions::is_public_suffix; nullptr if peercert was built without libpsl. Baseline
/// Requirements, 3.2.2.6, leave the private section ("github.io") out.
PublicSuffixTest public_suffix_list() noexcept;

}  // namespace peercert::verify
