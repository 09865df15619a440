// SPDX-License-Identifier: Apache-2.0
// The rules, in groups. Each group says in the report what is broken.
#pragma once

#include <span>

#include "verify/path_certificate.hpp"
#include "verify/report.hpp"

namespace peercert::verify {

/// Version, serial number, validity, issuer, subject, unique identifiers.
void check_fields(const PathCertificate& certificate, std::chrono::sys_seconds at, Report& report);

/// The algorithms of the signature and of the key.
void check_algorithms(const PathCertificate& certificate, Report& report);

/// What RFC 5280, 4.2, says of extensions: repetition.
void check_extensions(const PathCertificate& certificate, Report& report);

}  // namespace peercert::verify
