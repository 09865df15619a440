// SPDX-License-Identifier: Apache-2.0
// Files of trust anchors and of CRLs, in PEM or DER: the one reader of Verifier and of SSLContext.
// All leave OpenSSL's errors in the queue.
#pragma once

#include <optional>
#include <vector>

#include "verify/path/openssl_path.hpp"

namespace peercert::verify {

/// A certificate or a CRL is longer than 127 bytes, so that its DER begins with 30 and a long
/// length; text does not begin so.
bool is_der(Bytes octets) noexcept;

/// What a file of trust anchors holds.
struct TrustAnchors {
  /// Each with its trust settings after it, if it has them: decode_anchor() reads both.
  std::vector<Der> certificates;
  std::vector<X509CrlPtr> crls;
};

/// Appends the certificates and CRLs of PEM, where blocks with other labels are passed over, or the
/// certificates of DER, one after the other. Those in PEM without the label TRUSTED CERTIFICATE
/// have no trust settings: what follows the certificate in such a block is dropped, as OpenSSL
/// does.
std::optional<InputError> read_trust_anchors(Bytes pem_or_der, TrustAnchors& anchors);

/// A certificate, with its trust settings if there are any after it; null if it is none, or if
/// anything else follows.
X509Ptr decode_anchor(Bytes der);

/// Appends the lists, as Verifier::add_crls() has it.
std::optional<InputError> read_crls(Bytes pem_or_der, std::vector<X509CrlPtr>& crls);

}  // namespace peercert::verify
