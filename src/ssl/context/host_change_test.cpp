// SPDX-License-Identifier: Apache-2.0
// Sessions of one context that another one is asked to resume: virtual hosts, processes, and a
// client that was given more to trust. TLS 1.2 and 1.3, tickets and the server's cache.
#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "support/bio_pair.hpp"
#include "support/foreign_context.hpp"
#include "support/foreign_pair.hpp"
#include "support/scratch.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using Configure = std::function<void(SSLContext&)>;

bool has_no_suffix(std::string_view) noexcept { return false; }
int say_the_same(int ok, X509_STORE_CTX*) { return ok; }

/// Two hosts of one server, by set_context() in the SNI callback.
class HostChanges : public testing::TestWithParam<std::tuple<TLSVersion, bool>> {
 protected:
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
std::pair<SSLContext, SSLContext> sharing_servers(const Configure& configure_one,
                                                  const Configure& configure_two) {
  SSLContext one = pki().server_context(), two = pki().server_context();
  std::array<unsigned char, 80> keys{};
  for (SSLContext* context : {&one, &two}) {
    context->set_verify_mode(VerifyMode::required);
    SSL_CTX_set_tlsext_ticket_keys(context->native_handle(), keys.data(), keys.size());
  }
  configure_one(one);
  configure_two(two);
  return {std::move(one), std::move(two)};
}

SSLContext client_of(TLSVersion version) {
  SSLContext client = pki().client_context();
  client.set_maximum_version(version);
  TestPki::load(client, pki().client);
  return client;
}

/// Whether a session that the first server made is resumed by the second.
bool is_resumed(TLSVersion version, const Configure& configure_one,
                const Configure& configure_two) {
  const auto [one, two] = sharing_servers(configure_one, configure_two);
  const SSLContext client = client_of(version);
  BioPair made(client, one);
  made.connect().server.write(bytes_of("x"));
  EXPECT_EQ(read_some(made.client), "x");
  BioPair visited(client, two, {.server_hostname = "localhost", .session = made.client.session()});
  const PeerIdentity identity = visited.connect().server.peer_identity();
  EXPECT_EQ(identity.verdict(), Verdict::verified);
  return identity.resumed();
}

TEST(SharedTickets, ResumeWhereTheConfigurationIsTheSame) {
  const Configure nothing = [](SSLContext&) {};
  const Configure flags = [](SSLContext& context) {
    context.set_verify_flags(VerifyFlags::x509_strict);
  };
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    EXPECT_TRUE(is_resumed(version, nothing, nothing));
    EXPECT_TRUE(is_resumed(version, flags, flags));
    EXPECT_FALSE(is_resumed(version, nothing, flags));
  }
}

/// What a server trusts counts even if the chain at hand does not need it.
TEST(SharedTickets, AreNotResumedWhereOthersAreTrusted) {
  const Scratch scratch;
  const auto write = [&](const char* name) {
    return scratch.write(name, Credential::root_ca(name).certificate_pem());
  };
  const auto file = write("file"), other_file = write("other file");
  const auto defaults = [&](const std::filesystem::path& in, const std::filesystem::path& from) {
    return [=](SSLContext& context) {
      const ScopedVariable directory("SSL_CERT_DIR", in);
      const ScopedVariable bundle("SSL_CERT_FILE", from);
      context.load_default_certs();
    };
  };
  const auto load = [](const VerifyLocations& locations) {
    return [=](SSLContext& context) { context.load_verify_locations(locations); };
  };
  const std::string pem = scratch.read("file"), other_pem = scratch.read("other file");
  const auto in = scratch / "a", other_in = scratch / "b";
  std::filesystem::create_directory(in);
  std::filesystem::create_directory(other_in);
  const std::vector<std::pair<Configure, Configure>> rows = {
      {load({.cadata = pem}), load({.cadata = other_pem})},
      {load({.cafile = file}), load({.cafile = other_file})},
      {load({.capath = in}), load({.capath = other_in})},
      {defaults(in, file), defaults(other_in, file)},
      {defaults(in, file), defaults(in, other_file)}};
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_TRUE(is_resumed(version, rows[i].first, rows[i].first)) << i;
      EXPECT_FALSE(is_resumed(version, rows[i].first, rows[i].second)) << i;
    }
  }
}

/// A connection that OpenSSL's SSL_new() makes of a context has what it says of whom to trust.
TEST(SharedTickets, AreNotResumedByAForeignConnectionWhereOthersAreTrusted) {
  const Configure nothing = [](SSLContext&) {};
  const Configure defaults = [](SSLContext& context) { context.load_default_certs(); };
  const Configure more = [](SSLContext& context) {
    context.load_verify_locations({.cadata = Credential::root_ca("Other").certificate_pem()});
  };
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    for (const auto& [configure, is_same] :
         {std::pair(nothing, true), std::pair(defaults, false), std::pair(more, false)}) {
      const auto [one, two] = sharing_servers(nothing, configure);
      const SSLContext client = client_of(version);
      ForeignPair made(client.native_handle(), one.native_handle());
      made.handshake();
      leave_politely(made);
      const SslSessionPtr session = session_of(made);
      ForeignPair visited(client.native_handle(), two.native_handle());
      SSL_set_session(visited.client.get(), session.get());
      visited.handshake();
      ASSERT_EQ(visited.server_result, 1);
      EXPECT_EQ(SSL_session_reused(visited.client.get()) == 1, is_same);
    }
  }
}

/// It changes nothing, so that it may not take the verdict from sessions either.
TEST(SharedTickets, AreResumedAfterTheDefaultCasWereLoadedAgain) {
  const Configure once = [](SSLContext& context) { context.load_default_certs(); };
  const Configure twice = [&](SSLContext& context) { once(context), once(context); };
  EXPECT_TRUE(is_resumed(TLSVersion::tls1_3, once, twice));
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
