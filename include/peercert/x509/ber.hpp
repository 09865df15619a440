// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/base/result.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// A certificate written in BER, and the extensions that getpeercert() reads, as DER: definite
/// lengths of minimal size, strings in one piece. What cannot be rewritten stays as it is, for the
/// parser to refuse. Bytes after the certificate are dropped. The signature does not fit the
/// result.
Der rewrite_ber(Bytes certificate);

}  // namespace peercert
