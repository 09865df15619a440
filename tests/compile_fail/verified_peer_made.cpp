// SPDX-License-Identifier: Apache-2.0
// A verified peer that no connection has verified.
// error: no matching (function|constructor)
#include <peercert/ssl/peer_identity.hpp>

using namespace peercert::ssl;

bool may_enter(const VerifiedPeer& peer) { return peer.name() == "server.example"; }

bool decide(const PeerIdentity& identity) {
#ifdef MISTAKE
  return identity.certificate() != nullptr && may_enter(VerifiedPeer());
#else
  const auto peer = identity.verified();
  return peer && may_enter(*peer);
#endif
}
