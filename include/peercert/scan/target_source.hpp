// SPDX-License-Identifier: Apache-2.0
// Targets from a text of any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <peercert/scan/target.hpp>

namespace peercert::scan {

/// Octets of a line, and of a record of CSV, at most: a longer one is a bad line.
inline constexpr std::size_t kMaxTargetLineLen = std::size_t{1} << 20;
/// A network of IPv6 addresses has at most 2 to the power of this many.
inline constexpr unsigned kMaxIpv6HostBits = 24;
inline constexpr std::uint16_t kDefaultPort = 443;

/// Which part of the targets is ours when `count` machines share them: each target belongs to one.
struct Shard {
  std::uint32_t number = 1;  // from 1
  std::uint32_t count = 1;
};
/// Reads "2/8". Throws ssl::ValueError unless 1 <= number <= count.
Shard parse_shard(std::string_view text);
/// The shard that a target belongs to, from 1. The same everywhere and always: FNV-1a with 64 bits
/// over "host:port" as Target has them, its halves combined by exclusive or, modulo `count`,
/// plus 1.
std::uint32_t shard_of(const Target& target, std::uint32_t count) noexcept;

struct TargetOptions {
  /// For targets that do not say a port, each of these in turn; if empty, that of their protocol.
  std::vector<std::uint16_t> ports{};
  /// The input is CSV (RFC 4180), and this column holds the targets: a number from 1, and there is
  /// no header; or a name in the first line. Empty: the input is not CSV.
  std::string column{};
  /// The input is a JSON object on each line, and this member holds the target: "a", or "a.b" for
  /// a member of a member. Empty: the input is not JSON.
  std::string field{};
  /// For targets without a scheme. With `automatic` start_tls_of_port() decides for each.
  StartTls start_tls = StartTls::none;
  Shard shard{};
  /// Whether the host is sent as SNI and compared with the certificate, where the line says
  /// nothing else.
  bool use_host_as_server_name = true;
};

/// A line that names no target.
struct BadLine {
  std::uint64_t line = 0;  // from 1; of a record over several lines the first
  std::string reason{};    // a sentence without anything of the input
};

/// Behind the last target.
struct EndOfTargets {};

/// The targets of an input, one after the other: memory is used for one line alone. One thread at a
/// time.
///
/// A line is host, host:port, an address, [v6]:port, a network such as 192.0.2.0/24 (each of its
/// addresses), or a URL, whose scheme says port and StartTls; behind each of them ",servername" may
/// follow, with nothing behind the comma for none. Blank lines and those that begin with # are
/// passed over. Columns and fields hold the same.
class TargetSource {
 public:
  using Item = std::variant<EndOfTargets, BadLine, Target>;

  /// The input must live as long. Throws ssl::ValueError for options that contradict each other.
  TargetSource(std::istream& input, TargetOptions options);
  TargetSource(const TargetSource&) = delete;
  TargetSource& operator=(const TargetSource&) = delete;
  ~TargetSource();

  /// Reads the header that names the columns of CSV, if there is one, which next() does otherwise.
  /// Throws std::ios_base::failure if the input cannot be read, and ssl::ValueError if there is no
  /// such column.
  void read_header();

  /// The next target of our shard, or what is in its place. Targets of other shards count for
  /// Target::index all the same. Throws as read_header().
  Item next();

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// The target as a line that gives it, whatever ports and StartTls the options have:
/// "smtp://a.example:25,b.example", "tls://[2001:db8::1]:443".
std::string to_string(const Target& target);

}  // namespace peercert::scan
