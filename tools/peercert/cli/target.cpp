// SPDX-License-Identifier: Apache-2.0
#include "cli/target.hpp"

#include <peercert/ssl/error.hpp>

#include "ssl/net/endpoint.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::tool {

Target parse_target(std::string_view text) {
  const ssl::Endpoint endpoint = ssl::parse_endpoint(text);
  if (!endpoint.scheme.empty() && !equal_ignoring_case(endpoint.scheme, "https")) {
    throw ssl::ValueError("of all URLs only https:// can be a target; else write HOST:PORT");
  }
  return {std::string(text), std::string(endpoint.host), endpoint.port.value_or(443)};
}

}  // namespace peercert::tool
