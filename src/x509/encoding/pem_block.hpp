// SPDX-License-Identifier: Apache-2.0
// The blocks of a PEM text, whatever their labels.
#pragma once

#include <peercert/x509/pem.hpp>

namespace peercert {

/// A block, and what its BEGIN line names.
struct LabelledBlock {
  PemBlock block;
  std::string_view label;
};

/// The first block that begins at `at` or after it and whose label `is_wanted` accepts. Borrows the
/// text.
std::optional<LabelledBlock> find_pem_block(std::string_view text, std::size_t at,
                                            bool (*is_wanted)(std::string_view label)) noexcept;

bool is_certificate_label(std::string_view label) noexcept;

/// OpenSSL's certificate with trust settings after it.
inline constexpr std::string_view kTrustedCertificateLabel = "TRUSTED CERTIFICATE";

}  // namespace peercert
