// SPDX-License-Identifier: Apache-2.0
// Lists of networks in files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <peercert/scan/networks.hpp>

namespace peercert::scan {

/// The networks that files allow and deny, and what a resumed scan compares of the files.
class NetworkLists {
 public:
  /// No files: all addresses are allowed.
  NetworkLists() = default;
  /// Reads each file once and to its end, as NetworkSet::add_lines() does. It may be a pipe, whose
  /// writer is waited for; "-" is standard input. Throws std::system_error where a file cannot be
  /// read, and std::invalid_argument for a line that is no network, and if the files of `allow`
  /// have no network at all: a set without one would allow all. The texts begin with the file's
  /// name.
  NetworkLists(const std::vector<std::string>& allow, const std::vector<std::string>& deny);

  const Networks& networks() const& noexcept PEERCERT_LIFETIMEBOUND { return networks_; }
  Networks networks() && noexcept { return std::move(networks_); }
  /// A digest of what the files hold, in whatever order they are named; empty without a file.
  std::string allowed_digest() const { return allowed_digest_; }
  std::string denied_digest() const { return denied_digest_; }

 private:
  Networks networks_{};
  std::string allowed_digest_{}, denied_digest_{};
};

}  // namespace peercert::scan
