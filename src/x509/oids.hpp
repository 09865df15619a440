// SPDX-License-Identifier: Apache-2.0
// The object identifiers that the code itself looks for, but for those of extensions' types, which
// have their own.
#pragma once

#include <cstring>

#include <peercert/base/result.hpp>
#include <peercert/der/oid.hpp>

namespace peercert::oids {

/// `known` is one of the constants below, so that the comparison is one of a number.
inline bool equal(Bytes oid, Bytes known) noexcept {
  return oid.size() == known.size() && std::memcmp(oid.data(), known.data(), known.size()) == 0;
}

// RFC 5280, 4.2
inline constexpr auto kSubjectAltName = der::make_oid<2, 5, 29, 17>();
inline constexpr auto kCrlDistributionPoints = der::make_oid<2, 5, 29, 31>();
inline constexpr auto kAuthorityInfoAccess = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 1>();
inline constexpr auto kOcsp = der::make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1>();
inline constexpr auto kCaIssuers = der::make_oid<1, 3, 6, 1, 5, 5, 7, 48, 2>();

// RFC 5280, 4.1.2.6 and X.520
inline constexpr auto kCommonName = der::make_oid<2, 5, 4, 3>();
inline constexpr auto kOrganizationName = der::make_oid<2, 5, 4, 10>();

// RFC 5480
inline constexpr auto kP256 = der::make_oid<1, 2, 840, 10045, 3, 1, 7>();
inline constexpr auto kP384 = der::make_oid<1, 3, 132, 0, 34>();
inline constexpr auto kP521 = der::make_oid<1, 3, 132, 0, 35>();

// otherNames that OpenSSL prints
inline constexpr auto kUpn = der::make_oid<1, 3, 6, 1, 4, 1, 311, 20, 2, 3>();
inline constexpr auto kXmppAddr = der::make_oid<1, 3, 6, 1, 5, 5, 7, 8, 5>();         // RFC 6120
inline constexpr auto kSrvName = der::make_oid<1, 3, 6, 1, 5, 5, 7, 8, 7>();          // RFC 4985
inline constexpr auto kNaiRealm = der::make_oid<1, 3, 6, 1, 5, 5, 7, 8, 8>();         // RFC 7585
inline constexpr auto kSmtpUtf8Mailbox = der::make_oid<1, 3, 6, 1, 5, 5, 7, 8, 9>();  // RFC 8398

}  // namespace peercert::oids
