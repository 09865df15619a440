// SPDX-License-Identifier: Apache-2.0
// What can be said of a certificate in a column, each value once.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include <peercert/columns/column.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::columns {

/// Digests, which core cannot compute: bits of Column::needs. A column whose digest is not there
/// has no value.
enum CertificateNeeds : std::uint8_t {
  needs_sha1 = 1,         // of the certificate
  needs_spki_sha256 = 2,  // of the SubjectPublicKeyInfo
};

/// A certificate as a row. Borrows all of it.
struct CertificateRow {
  const CertificateView& certificate;
  Bytes encoded;                    // the certificate as it was sent
  std::chrono::sys_seconds time{};  // what days are counted from
  Bytes sha1{}, spki_sha256{};
};

/// The columns, in the order in which help lists them.
std::span<const Column<CertificateRow>> certificate_columns() noexcept;

}  // namespace peercert::columns
