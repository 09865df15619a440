// SPDX-License-Identifier: Apache-2.0
// Content octets of the object identifiers that the code itself looks for.
#pragma once

#include <array>
#include <cstring>

#include <peercert/result.hpp>

namespace peercert::oids {

template <class... Octets>
constexpr auto make(Octets... octets) noexcept {
  return std::array<std::uint8_t, sizeof...(octets)>{static_cast<std::uint8_t>(octets)...};
}

/// `known` is one of the constants below, so that the comparison is one of a number.
inline bool equal(Bytes oid, Bytes known) noexcept {
  return oid.size() == known.size() && std::memcmp(oid.data(), known.data(), known.size()) == 0;
}

// RFC 5280, 4.2
inline constexpr auto kSubjectAltName = make(0x55, 0x1d, 0x11);                // 2.5.29.17
inline constexpr auto kCrlDistributionPoints = make(0x55, 0x1d, 0x1f);         // 2.5.29.31
inline constexpr auto kAuthorityInfoAccess = make(0x2b, 6, 1, 5, 5, 7, 1, 1);  // 1.3.6.1.5.5.7.1.1
inline constexpr auto kOcsp = make(0x2b, 6, 1, 5, 5, 7, 0x30, 1);              // 1.3.6.1.5.5.7.48.1
inline constexpr auto kCaIssuers = make(0x2b, 6, 1, 5, 5, 7, 0x30, 2);         // 1.3.6.1.5.5.7.48.2

// RFC 5280, 4.1.2.6 and X.520
inline constexpr auto kCommonName = make(0x55, 4, 3);         // 2.5.4.3
inline constexpr auto kOrganizationName = make(0x55, 4, 10);  // 2.5.4.10

// RFC 3279, RFC 5480, RFC 8410
inline constexpr auto kRsaEncryption =
    make(0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1);  // 1.2.840.113549.1.1.1
inline constexpr auto kEcPublicKey = make(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);  // 1.2.840.10045.2.1
inline constexpr auto kEd25519 = make(0x2b, 0x65, 0x70);                        // 1.3.101.112
inline constexpr auto kEd448 = make(0x2b, 0x65, 0x71);                          // 1.3.101.113
inline constexpr auto kP256 = make(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);  // 1.2.840.10045.3.1.7
inline constexpr auto kP384 = make(0x2b, 0x81, 4, 0, 0x22);                 // 1.3.132.0.34
inline constexpr auto kP521 = make(0x2b, 0x81, 4, 0, 0x23);                 // 1.3.132.0.35

// otherNames that OpenSSL prints
inline constexpr auto kUpn =
    make(0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3);                          // 1.3.6.1.4.1.311.20.2.3
inline constexpr auto kXmppAddr = make(0x2b, 6, 1, 5, 5, 7, 8, 5);         // RFC 6120, 13.7.1.4
inline constexpr auto kSrvName = make(0x2b, 6, 1, 5, 5, 7, 8, 7);          // RFC 4985
inline constexpr auto kNaiRealm = make(0x2b, 6, 1, 5, 5, 7, 8, 8);         // RFC 7585
inline constexpr auto kSmtpUtf8Mailbox = make(0x2b, 6, 1, 5, 5, 7, 8, 9);  // RFC 8398

}  // namespace peercert::oids
