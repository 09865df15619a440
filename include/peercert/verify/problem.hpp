// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace peercert::verify {

/// Whose certificate the leaf is: a TLS server's or a TLS client's. RFC 5280, 4.2.1.12.
enum class Purpose : std::uint8_t { server_auth, client_auth };

/// Why a path is not valid.
struct Problem {
  std::string_view code;  // stable, for programs: "san-missing". Static storage
  int depth = 0;          // which certificate: 0 is the leaf
  std::string message;    // a sentence in printable ASCII
};

}  // namespace peercert::verify
