// SPDX-License-Identifier: Apache-2.0
// What is said of a certificate in more than one place.
#pragma once

#include <chrono>
#include <string>

#include <peercert/x509/certificate.hpp>

#include "render/json_object.hpp"

namespace peercert::tool {

/// The lines of the certificate, of which `encoded` are the octets as they came: in short, or all.
std::string certificate_text(const CertificateView& certificate, Bytes encoded,
                             std::chrono::sys_seconds now, bool details);

/// What stands for a certificate in a list: an object with "sha256" and, of one that can be read,
/// "subject" and "not_after".
void append_chain_member(Output& out, const Der& der);

/// The members "sha1", "spki_pin" and "certificate".
void add_details(render::JsonObject& record, const CertificateView& certificate, Bytes encoded);

}  // namespace peercert::tool
