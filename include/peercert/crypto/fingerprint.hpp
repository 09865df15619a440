// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <peercert/base/result.hpp>
#include <peercert/x509/public_key.hpp>

namespace peercert::crypto {

/// FIPS 180-4.
using Sha1Digest = std::array<std::uint8_t, 20>;
/// FIPS 180-4.
using Sha256Digest = std::array<std::uint8_t, 32>;

/// The SHA-256 digest of the bytes; of a certificate's DER, its fingerprint. FIPS 180-4. Throws
/// std::runtime_error if libcrypto has no such algorithm or no memory; so do the others.
Sha256Digest sha256(Bytes data);

/// The SHA-1 digest, which older tools show as the fingerprint. Two certificates can be made that
/// share it: to look things up, not to tell them apart.
Sha1Digest sha1(Bytes data);

/// The pin of a key: base64 of the SHA-256 digest of its SubjectPublicKeyInfo. RFC 7469, 2.4. The
/// same for every certificate of that key.
std::string spki_pin(const PublicKeyView& key);

}  // namespace peercert::crypto
