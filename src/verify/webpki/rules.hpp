// SPDX-License-Identifier: Apache-2.0
// The rules, in groups. Each group says in the report what is broken.
#pragma once

#include <span>

#include "verify/webpki/path_certificate.hpp"
#include "verify/webpki/report.hpp"

namespace peercert::verify {

/// Version, serial number, validity, issuer, subject, unique identifiers.
void check_fields(const PathCertificate& certificate, std::chrono::sys_seconds at, Report& report);

/// The algorithms of the signature and of the key.
void check_algorithms(const PathCertificate& certificate, Report& report);

/// What RFC 5280, 4.2, says of extensions: repetition, criticality, form, and which have to be
/// there.
void check_extensions(const PathCertificate& certificate, Report& report);
/// The extension's name, or its object identifier.
std::string name_of(const Extension& extension);

/// What the key may be used for: basicConstraints, keyUsage, extKeyUsage.
void check_usage(const PathCertificate& certificate, Purpose purpose, Report& report);
/// pathLenConstraint of one of the path's certificates.
void check_path_len(std::span<const PathCertificate> path, const PathCertificate& ca,
                    Report& report);

/// subjectAltName and commonName.
void check_names(const PathCertificate& certificate, const WebpkiOptions& options, Report& report);

/// The form of nameConstraints, and where it may be.
void check_name_constraints(const PathCertificate& certificate, Report& report);
/// The names of one of the path's certificates, by the constraints of all that are above it.
void check_constrained_names(std::span<const PathCertificate> path,
                             const PathCertificate& certificate, Report& report);

}  // namespace peercert::verify
