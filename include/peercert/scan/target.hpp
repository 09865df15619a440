// SPDX-License-Identifier: Apache-2.0
// Whom a scan talks to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>
#include <peercert/scan/start_tls.hpp>

namespace peercert::scan {

/// One endpoint to be looked at. All that a scan says of it refers to it by `index`. Of those that
/// no TargetSource has made, `index`, `line` and `text` are what you like: records repeat them.
struct Target {
  /// Its place among the targets of the input, from 0, before shards and lists leave any out: the
  /// same in every run over the same input.
  std::uint64_t index = 0;
  std::uint64_t line = 0;  // of the input, from 1
  std::string text{};      // as the input has it
  std::string host{};      // a name in A-labels, or an address without brackets
  std::uint16_t port = 443;
  /// What to send as SNI (RFC 6066, 3) and to compare with the certificate instead of `host`;
  /// empty: send and compare none.
  std::optional<std::string> server_name{};
  StartTls start_tls = StartTls::none;

  /// What is compared with the certificate; empty if nothing is.
  const std::string& reference_name() const& noexcept PEERCERT_LIFETIMEBOUND {
    return server_name ? *server_name : host;
  }
  std::string reference_name() && = delete;
};

}  // namespace peercert::scan
