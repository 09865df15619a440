// SPDX-License-Identifier: Apache-2.0
// What TargetSource reads to_string() writes, and TargetSource reads the same again.
#include <sstream>
#include <string>
#include <variant>

#include <peercert/scan/target_source.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

/// The first target of the text, or what is there instead.
scan::TargetSource::Item read(const std::string& text) {
  std::istringstream input(text);
  return scan::TargetSource(input, {}).next();
}

}  // namespace

void run(Bytes input) {
  const scan::TargetSource::Item item = read(std::string(input.begin(), input.end()));
  const auto* const target = std::get_if<scan::Target>(&item);
  if (target == nullptr) return;
  const std::string text = to_string(*target);
  const scan::TargetSource::Item again = read(text);
  const auto* const same = std::get_if<scan::Target>(&again);
  check(same != nullptr);
  check(same->host == target->host);
  check(same->port == target->port);
  check(same->server_name == target->server_name);
  check(same->start_tls == target->start_tls);
  check(to_string(*same) == text);
}

}  // namespace peercert::fuzz
