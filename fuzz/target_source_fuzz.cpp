// SPDX-License-Identifier: Apache-2.0
// Targets of an input of any form. The first byte says which: lines, CSV with a column by name or
// by number, JSON; the second which shard.
#include <cstdint>
#include <sstream>
#include <string>
#include <variant>

#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

constexpr int kMaxItems = 300;  // of a network there are many

scan::TargetOptions options_of(std::uint8_t form, std::uint8_t shard) {
  scan::TargetOptions options;
  switch (form % 6) {
    case 1: options.column = "c"; break;
    case 2: options.column = std::to_string(1 + form / 6 % 4); break;
    case 3: options.field = "a"; break;
    case 4: options.field = "a.b"; break;
    case 5: options.ports = {443, 8443}; break;
    default: break;
  }
  options.shard.count = 1 + shard % 3U;
  options.shard.number = 1 + shard / 3U % options.shard.count;
  if (shard >= 128) options.start_tls = scan::StartTls::automatic;
  options.use_host_as_server_name = shard % 2 == 0;
  return options;
}

// What a target says has nothing that could end a line of a protocol that it is written into.
void check_plain(const std::string& text) {
  for (const char c : text) check(static_cast<unsigned char>(c) > ' ' && c != '\x7f');
}

void check_target(const scan::Target& target, const scan::Shard& shard) {
  check_plain(target.host);
  check(!target.host.empty());
  check(target.port != 0);
  if (target.server_name) check_plain(*target.server_name);
  check(shard_of(target, shard.count) == shard.number);
  check(target.start_tls != scan::StartTls::automatic);
}

void check_items(const std::string& text, const scan::TargetOptions& options) try {
  std::istringstream input(text);
  scan::TargetSource source(input, options);
  std::uint64_t line = 0, next_index = 0;
  for (int i = 0; i < kMaxItems; ++i) {
    const scan::TargetSource::Item item = source.next();
    if (std::holds_alternative<scan::EndOfTargets>(item)) return;
    if (const auto* const bad = std::get_if<scan::BadLine>(&item)) {
      check(bad->line >= line && bad->line > 0);
      check(!bad->reason.empty());
      check_shown(bad->reason);
      line = bad->line;
      continue;
    }
    const auto& target = std::get<scan::Target>(item);
    check(target.line >= line && target.line > 0);
    check(target.index >= next_index);
    check_target(target, options.shard);
    line = target.line;
    next_index = target.index + 1;
  }
} catch (const ssl::ValueError&) {  // no such column
}

}  // namespace

void run(Bytes input) {
  if (input.size() < 2) return;
  check_items(std::string(as_text(input.subspan(2))), options_of(input[0], input[1]));
}

}  // namespace peercert::fuzz
