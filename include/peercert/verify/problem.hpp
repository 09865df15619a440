// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace peercert::verify {

/// Whose certificate the leaf is: a TLS server's or a TLS client's. RFC 5280, 4.2.1.12.
enum class Purpose : std::uint8_t { server_auth, client_auth };

/// Whose rules decide. Each profile has the rules of those above it.
enum class VerifyProfile : std::uint8_t {
  openssl,  // OpenSSL's, as Python's default context sets it up
  webpki,   // RFC 5280's and RFC 9525's, and what browsers refuse: check_webpki()
  cabf,     // what the Baseline Requirements, 7.1, ask of issuers: check_cabf()
};

/// Why a path is not valid.
struct Problem {
  std::string_view code;  // stable, for programs: "san-missing". Static storage
  int depth = 0;          // which certificate: 0 is the leaf
  std::string message;    // a sentence in printable ASCII
};

}  // namespace peercert::verify
