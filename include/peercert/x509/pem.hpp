// SPDX-License-Identifier: Apache-2.0
// RFC 7468's textual encoding of certificates.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// The lines around a certificate, without what ends them: Python's PEM_HEADER and PEM_FOOTER.
inline constexpr std::string_view kPemHeader = "-----BEGIN CERTIFICATE-----";
/// The line that ends a certificate.
inline constexpr std::string_view kPemFooter = "-----END CERTIFICATE-----";

/// The certificate as PEM: 64 columns, newline at the end. RFC 7468, 5.1.
std::string to_pem(Bytes der);

/// Where the block of a certificate stands in a text.
struct PemBlock {
  std::size_t begin = 0;     // of the BEGIN line
  std::size_t body = 0;      // of the base64, after the BEGIN line's dashes
  std::size_t body_end = 0;  // the next dashes, or the end of the text
  std::size_t end = 0;       // where the search for the block after it starts
  bool is_closed = false;    // whether those dashes begin an END line
};

/// The first block of a certificate that begins at `at` or after it. Anything may stand between
/// the blocks; those with other labels are passed over, "X509 CERTIFICATE" and OpenSSL's "TRUSTED
/// CERTIFICATE" are not. Does not look at the base64.
std::optional<PemBlock> find_pem_block(std::string_view text, std::size_t at) noexcept;

/// Walks the certificates of a PEM text, as find_pem_block() finds them. Borrows the text.
class PemReader {
 public:
  /// Reads the text from its start. Borrows it.
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
