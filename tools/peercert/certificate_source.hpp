// SPDX-License-Identifier: Apache-2.0
// The certificates of a file.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/result.hpp>
#include <peercert/x509/pem.hpp>

namespace peercert::tool {

/// All octets of a file, or of standard input for "-". Throws std::system_error.
std::string read_file(const std::string& name);

/// Walks the certificates of a PEM bundle, or of DER, one behind the other. Borrows the octets.
class CertificateSource {
 public:
  explicit CertificateSource(std::string_view octets);

  /// The next certificate's octets, not yet decoded, or why there is none; nullopt at the end. The
  /// octets stay valid over one further call, so that a caller can look one ahead.
  std::optional<Result<Bytes>> next();

 private:
  std::optional<Result<Bytes>> next_pem();
  std::optional<Result<Bytes>> next_der();

  bool is_der_;
  bool found_any_ = false;
  Bytes der_;
  PemReader pem_;
  std::array<Der, 2> blocks_;
  std::size_t block_ = 0;
};

}  // namespace peercert::tool
