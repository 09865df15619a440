// SPDX-License-Identifier: Apache-2.0
// RFC 7468's textual encoding of certificates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <peercert/result.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// The certificate as PEM: 64 columns, newline at the end. RFC 7468, 5.1.
std::string to_pem(Bytes der);

/// Walks the certificates of a PEM text. Anything may stand between the blocks; blocks with other
/// labels are passed over, "X509 CERTIFICATE" and OpenSSL's "TRUSTED CERTIFICATE" are not.
/// Borrows the text.
class PemReader {
 public:
  explicit PemReader(std::string_view text) noexcept : text_(text) {}

  /// Decodes the next certificate into `der`, whose capacity is reused. Gives false at the end of
  /// the text. A block that is cut or not base64 gives an error at its byte offset; reading may go
  /// on and finds the block after it.
  Result<bool> next(Der& der);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace peercert
