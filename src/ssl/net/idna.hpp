// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace peercert::ssl {

/// The host name with each U-label as its A-label (xn--...), RFC 5890; as it is, if it is ASCII or
/// holds a NUL. By IDNA 2008 with the mappings of UTS 46, as browsers do, so that "ß" is a letter
/// of its own, where Python's IDNA 2003 makes "ss" of it. Throws ValueError for what is not UTF-8
/// or no host name.
std::string to_a_labels(std::string_view host);

/// What is wrong with a server_hostname; empty if nothing. RFC 6066, 3, and Python's rules.
std::string_view server_hostname_problem(std::string_view server_hostname) noexcept;

}  // namespace peercert::ssl
