// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/pin.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

std::string pin_of(const Credential& credential) {
  const Certificate certificate = *Certificate::from_der(credential.certificate_der());
  return "sha256//" + crypto::spki_pin(certificate.view().subject_public_key_info());
}

TEST(Pin, MatchesTheKey) {
  const Certificate server = *Certificate::from_der(pki().server.certificate_der());
  const std::string own = pin_of(pki().server);
  const std::string other = pin_of(pki().client);
  EXPECT_TRUE(matches_pin(server.view(), PinSet(own)));
  EXPECT_TRUE(matches_pin(server.view(), PinSet(other + ";" + own)));
  EXPECT_TRUE(matches_pin(server.view(), PinSet(own + ";" + other)));
  EXPECT_FALSE(matches_pin(server.view(), PinSet(other)));
}

TEST(Pin, IsComparedToItsEnd) {
  const Certificate server = *Certificate::from_der(pki().server.certificate_der());
  std::string pin = pin_of(pki().server);
  char& last = pin[pin.size() - 2];  // before the padding; its two last bits are 0
  last = last == 'A' ? 'E' : 'A';
  EXPECT_FALSE(matches_pin(server.view(), PinSet(pin)));
}

TEST(Pin, OfAVerifiedPeer) {
  TlsPair pair(pki().client_context(), pki().server_context(), "localhost");
  const PeerIdentity identity = pair.handshake().client.peer_identity();
  ASSERT_TRUE(identity.verified());
  EXPECT_TRUE(identity.verified()->matches_pin(PinSet(pin_of(pki().server))));
  EXPECT_FALSE(identity.verified()->matches_pin(PinSet(pin_of(pki().root))));
}

TEST(Pin, ThatIsNoneIsRefused) {
  const std::string good = pin_of(pki().server);
  const std::string digits = good.substr(8);
  const std::string zeros(42, 'A');
  EXPECT_NO_THROW(PinSet("sha256//" + zeros + "A="));
  for (const std::string& bad :
       {std::string(), digits, "sha1//" + digits, "SHA256//" + digits, good + ";", ";" + good,
        good + " ", " " + good, good + "," + good, good.substr(0, good.size() - 1),
        good.substr(0, good.size() - 4),
        "sha256//" + zeros + "B=", "sha256//" + zeros + "==", "sha256//" + zeros + "A\n",
        "sha256//" + zeros.substr(1) + "\nA=", "sha256//" + zeros + "AA",
        "sha256//" + zeros + "-="}) {
    EXPECT_THROW(PinSet{bad}, ValueError) << bad;
  }
}

}  // namespace
}  // namespace peercert::ssl
