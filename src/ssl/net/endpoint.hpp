// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace peercert::ssl {

/// What people write to say whom to connect to. Borrows the text.
struct Endpoint {
  std::string_view scheme{};  // of a URL, as it is written; empty if the text is none
  std::string_view host{};    // a name or an address, without brackets
  std::optional<std::uint16_t> port{};
};

/// Reads host, host:port, [v6]:port, a bare IPv6 address, or scheme://host[:port]/anything (RFC
/// 3986, 3.2), of which a user's name is passed over. Which schemes there are is the caller's
/// matter, and whether the host exists the resolver's. Throws ValueError that says what is wrong.
Endpoint parse_endpoint(std::string_view text);

/// Where the host and port of a text may end at the latest: in front of the path of a URL.
std::size_t authority_end(std::string_view text) noexcept;

/// Whether no octet is one that a host cannot have and that would end it in one of these forms.
bool is_host_text(std::string_view host) noexcept;

}  // namespace peercert::ssl
