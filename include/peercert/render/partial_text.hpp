// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <peercert/x509/partial_certificate.hpp>

namespace peercert {

/// A line for each field that is there, by its name in RFC 5280: its value, or why it cannot be
/// read and its first bytes. For people to read: the form may change. Characters that could
/// mislead a terminal are escaped.
std::string to_text(const PartialCertificate& certificate, std::string_view indent = "  ");

}  // namespace peercert
