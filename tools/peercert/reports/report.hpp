// SPDX-License-Identifier: Apache-2.0
// A visit in each of the output formats.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "visit.hpp"

namespace peercert::tool {

/// The verdict, the certificate and the connection, to be looked at.
std::string text_report(const Visit& visit, const GetOptions& options, const Style& style);

/// A line of the schema peercert.get/1. The text does not depend on the terminal.
std::string json_report(const Visit& visit, const GetOptions& options);

/// What programs want: empty unless the handshake succeeded.
std::string python_report(const Visit& visit);
std::string pem_report(const Visit& visit, const GetOptions& options);
std::string der_report(const Visit& visit);

}  // namespace peercert::tool
