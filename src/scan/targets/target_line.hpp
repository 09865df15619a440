// SPDX-License-Identifier: Apache-2.0
// What one line of the input names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/scan/start_tls.hpp>

#include "scan/targets/address_network.hpp"

namespace peercert::scan {

/// What the text says; what it leaves open is absent.
struct TargetLine {
  std::string host{};                       // as Target::host; empty if it is a network
  std::optional<AddressNetwork> network{};  // each address of which is meant
  std::optional<std::uint16_t> port{};
  std::optional<StartTls> start_tls{};
  std::optional<std::string> server_name{};  // as Target::server_name
};

/// Reads [scheme://]host[:port][/path][,servername], or network/bits[,servername]. Throws
/// ssl::ValueError that says what is wrong.
TargetLine parse_target_line(std::string_view text);

/// The port that the protocol has by IANA's registry; 443 for none and automatic.
std::uint16_t default_port(StartTls protocol) noexcept;

}  // namespace peercert::scan
