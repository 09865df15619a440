// SPDX-License-Identifier: Apache-2.0
// The Certificate message of TLS, read without OpenSSL.
#pragma once

#include <cstddef>
#include <vector>

#include <peercert/base/result.hpp>

namespace peercert::tls {

/// Entries that are kept of one message: as many as OpenSSL's default depth of a path.
inline constexpr std::size_t kMaxCertificates = 100;

/// The entries of a Certificate message. Borrows the message.
struct CertificateMessage {
  std::vector<Bytes> certificates{};  // the first kMaxCertificates, whatever is in them
  std::size_t num_sent = 0;           // how many there were
};

/// Reads the message with its Handshake header, RFC 8446, 4. Does not look into the entries. What
/// is cut off ends the list.
CertificateMessage read_certificate_message(Bytes message, bool is_tls13);

/// Whether an entry can be read as a certificate: as Certificate::from_der() has it.
bool is_certificate(Bytes entry);

}  // namespace peercert::tls
