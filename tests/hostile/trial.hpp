// SPDX-License-Identifier: Apache-2.0
// A connection of ours with a hostile peer, and how it ended for us.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <peercert/ssl/context.hpp>

#include "hostile/tls_peer.hpp"

namespace peercert::hostile {

/// What our side does once the handshake is done.
enum class Then : std::uint8_t { read, write, unwrap };

struct Case {
  std::string name;
  Side ours;
  /// What the peer does; it may throw PeerGone. Its end of the connection is closed afterwards.
  std::function<void(Wire&)> peer;
  /// How it ends: the call, and the exception with its reason; "read end" is a proper end, without
  /// an exception. Where the kernel or the release of OpenSSL decides between several, all of them
  /// with '|' between.
  std::string expected;
  Then then = Then::read;
};

/// Most that a connection of ours may allocate, whatever the peer does.
constexpr std::size_t kMaxHeap = 8 << 20;

struct Verdict {
  std::string ending;  // as Case::expected
  std::string text;    // what() of the exception
  std::size_t heap_peak = 0;
};

/// "handshake SSLError WRONG_VERSION_NUMBER": runs one case.
Verdict run_case(const Case& tried);

/// Runs all cases, several at once, and expects of each what it says, a useful text, and less than
/// kMaxHeap.
void expect_endings(const std::vector<Case>& cases);

/// Our contexts: the client verifies the peer and its name, the server asks for a certificate that
/// has to be there.
const ssl::SSLContext& our_context(Side side);

// What a peer does:

/// As a server, reads the ClientHello; sends the octets; waits for our side to leave.
std::function<void(Wire&)> says(Side ours, Octets octets);
/// The same, and says that nothing more will come.
std::function<void(Wire&)> says_and_closes(Side ours, Octets octets);

using Script = std::function<void(TlsPeer&)>;

/// A handshake with each record passing through `tamper`; then the script.
std::function<void(Wire&)> tampers(Side ours, std::uint16_t version, TlsPeer::Tamper tamper,
                                   Script afterwards = {});
/// A good handshake, then the script, then waits for our side to leave.
std::function<void(Wire&)> afterwards(Side ours, std::uint16_t version, Script script);

/// Passes every record on as it is.
void pass(TlsPeer& peer, const Plain& plain);

}  // namespace peercert::hostile
