// SPDX-License-Identifier: Apache-2.0
// What --details adds to a certificate.
#pragma once

#include <chrono>
#include <string>

#include <peercert/render/output.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::tool {

/// The lines of the certificate, of which `encoded` are the octets as they came: in short, or all.
std::string certificate_text(const CertificateView& certificate, Bytes encoded,
                             std::chrono::sys_seconds now, bool details);

/// Members of the record: "sha1", "spki_pin", "certificate", with commas between them.
void append_details_json(Output& out, const CertificateView& certificate, Bytes encoded);

}  // namespace peercert::tool
