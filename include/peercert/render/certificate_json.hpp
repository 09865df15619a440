// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/render/output.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// All that the certificate says as a JSON object on one line, by the names of RFC 5280:
/// "version", "serialNumber" ... "extensions", "signatureValue". docs/formats.md.
void append_certificate_json(Output& out, const CertificateView& certificate);

}  // namespace peercert
