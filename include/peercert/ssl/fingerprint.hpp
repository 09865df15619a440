// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include <peercert/result.hpp>

namespace peercert::ssl {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// The SHA-256 digest of the octets; of a certificate's DER, its fingerprint. FIPS 180-4.
Sha256Digest sha256(Bytes data);

}  // namespace peercert::ssl
