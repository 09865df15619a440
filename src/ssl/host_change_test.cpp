// SPDX-License-Identifier: Apache-2.0
// Sessions of one context that another one is asked to resume: virtual hosts, processes, and a
// client that was given more to trust. TLS 1.2 and 1.3, tickets and the server's cache.
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "support/bio_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

bool has_no_suffix(std::string_view) noexcept { return false; }
int say_the_same(int ok, X509_STORE_CTX*) { return ok; }

/// Two hosts of one server, by set_context() in the SNI callback.
class HostChanges : public testing::TestWithParam<std::tuple<TLSVersion, bool>> {
 protected:
  using Configure = std::function<void(SSLContext&)>;

  static SSLContext host() {
    SSLContext context = pki().server_context();
    context.set_verify_mode(VerifyMode::required);
    if (!std::get<1>(GetParam())) context.set_options(context.options() | SSL_OP_NO_TICKET);
    return context;
  }
  struct End {
    bool refused;
    PeerIdentity client;
  };
  /// A session made with the first host, and offered to one that is configured so.
  static End visit(const Configure& configure) {
    SSLContext first = host(), second = host();
    configure(second);
    first.set_sni_callback([&](SSLConnection& connection, auto name) {
      if (name == "second.example") connection.set_context(second);
      return std::nullopt;
    });
    SSLContext client = pki().client_context();
    client.set_maximum_version(std::get<0>(GetParam()));
    client.set_check_hostname(false);
    TestPki::load(client, pki().client);
    const auto connect = [&](const char* name, const std::optional<SSLSession>& session) {
      BioPair pair(client, first, {.server_hostname = name, .session = session});
      pair.handshake();
      return pair;
    };
    BioPair made = connect("first.example", std::nullopt);
    EXPECT_EQ(made.server.peer_identity().verdict(), Verdict::verified);
    made.server.write(bytes_of("x"));
    EXPECT_EQ(read_some(made.client), "x");
    BioPair visited = connect("second.example", made.client.session());
    return {visited.server_error != nullptr, visited.server.peer_identity()};
  }
};

INSTANTIATE_TEST_SUITE_P(Tls, HostChanges,
                         testing::Combine(testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3),
                                          testing::Bool()),
                         [](const auto& test) {
                           const bool old = std::get<0>(test.param) == TLSVersion::tls1_2;
                           return std::string(old ? "1_2" : "1_3") +
                                  (std::get<1>(test.param) ? "_ticket" : "_cache");
                         });

TEST_P(HostChanges, OfNothingLeaveItResumed) {
  const End end = visit([](SSLContext&) {});
  EXPECT_EQ(end.client.to_string(), "verified, resumed: CN=a client: no name was asked for");
}

TEST_P(HostChanges, LeadToAFullHandshake) {
  struct Row {
    const char* name;
    Configure configure;
  };
  const std::string other = Credential::root_ca("Other").certificate_pem();
  const std::vector<Row> rows = {
      {"anchors",
       [&](SSLContext& host) {
         host.load_verify_locations({.cafile = {}, .capath = {}, .cadata = other});
       }},
      {"default anchors", [](SSLContext& host) { host.load_default_certs(); }},
      {"flags",
       [](SSLContext& host) {
         host.set_verify_flags(host.verify_flags() & ~VerifyFlags::x509_strict);
       }},
      {"mode", [](SSLContext& host) { host.set_verify_mode(VerifyMode::optional); }},
      {"profile", [](SSLContext& host) { host.set_verify_profile(verify::VerifyProfile::webpki); }},
      {"public suffixes",
       [](SSLContext& host) {
         host.set_verify_profile(verify::VerifyProfile::openssl, has_no_suffix);
       }},
      {"security level", [](SSLContext& host) { host.set_ciphers("DEFAULT:@SECLEVEL=1"); }},
      {"depth of the SSL_CTX",
       [](SSLContext& host) { SSL_CTX_set_verify_depth(host.native_handle(), 9); }},
      {"level of chains",
       [](SSLContext& host) {
         X509_VERIFY_PARAM_set_auth_level(SSL_CTX_get0_param(host.native_handle()), 1);
       }},
      {"callback",
       [](SSLContext& host) {
         SSL_CTX_set_verify(host.native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                            say_the_same);
       }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const End end = visit(row.configure);
    EXPECT_FALSE(end.client.resumed());
    EXPECT_FALSE(end.refused);
    EXPECT_EQ(end.client.verdict(), Verdict::verified) << end.client.to_string();
  }
}

// CVE-2025-23419: the client's certificate is one of the first host's authority alone.
TEST_P(HostChanges, RefuseWhomTheOtherHostDoesNotKnow) {
  const Credential stranger = Credential::root_ca("Other");
  const End end = visit([&](SSLContext& second) {
    SSLContext other = create_default_context(
        Purpose::client_auth, {.cafile = {}, .capath = {}, .cadata = stranger.certificate_pem()});
    TestPki::load(other, pki().server);
    other.set_verify_mode(VerifyMode::required);
    second = std::move(other);
  });
  EXPECT_TRUE(end.refused);
  EXPECT_FALSE(end.client.resumed());
  EXPECT_EQ(end.client.verdict(), Verdict::failed);
}

/// Two servers with the same ticket keys, as two processes have them.
TEST(SharedTickets, ResumeWhereTheConfigurationIsTheSame) {
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    for (const bool is_same : {true, false}) {
      SSLContext one = pki().server_context(), two = pki().server_context();
      std::array<unsigned char, 80> keys{};
      for (SSLContext* context : {&one, &two}) {
        context->set_verify_mode(VerifyMode::required);
        SSL_CTX_set_tlsext_ticket_keys(context->native_handle(), keys.data(), keys.size());
      }
      if (!is_same) two.set_verify_flags(VerifyFlags::x509_strict);
      SSLContext client = pki().client_context();
      client.set_maximum_version(version);
      TestPki::load(client, pki().client);
      BioPair made(client, one);
      made.connect().server.write(bytes_of("x"));
      EXPECT_EQ(read_some(made.client), "x");
      BioPair visited(client, two,
                      {.server_hostname = "localhost", .session = made.client.session()});
      const PeerIdentity identity = visited.connect().server.peer_identity();
      EXPECT_EQ(identity.verdict(), Verdict::verified);
      EXPECT_EQ(identity.resumed(), is_same);
    }
  }
}

// A context of our own knows all that it was given: here what the chain does not name counts, too.
TEST(OwnClient, IsNotVerifiedAfterItWasGivenMoreToTrust) {
  SSLContext client = pki().client_context();
  const SSLContext server = pki().server_context();
  BioPair made(client, server);
  made.connect().server.write(bytes_of("x"));
  EXPECT_EQ(read_some(made.client), "x");
  const BioOptions again{.server_hostname = "localhost", .session = made.client.session()};
  BioPair same(client, server, again);
  EXPECT_EQ(same.connect().client.peer_identity().verdict(), Verdict::verified);
  client.load_verify_locations(
      {.cafile = {}, .capath = {}, .cadata = Credential::root_ca("Other").certificate_pem()});
  BioPair other(client, server, again);
  const PeerIdentity identity = other.connect().client.peer_identity();
  EXPECT_TRUE(identity.resumed());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  EXPECT_TRUE(contains(identity.reason(), "other trust anchors"));
}

}  // namespace
}  // namespace peercert::ssl
