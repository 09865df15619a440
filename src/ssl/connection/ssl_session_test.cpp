// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/ssl_session.hpp>

#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

class SSLSessionTest : public testing::TestWithParam<TLSVersion> {
 protected:
  SSLSessionTest() { client_context_.set_maximum_version(GetParam()); }

  bool tls1_3() const { return GetParam() == TLSVersion::tls1_3; }

  BioPair connected(std::optional<SSLSession> session = std::nullopt) {
    BioPair pair(client_context_, server_context_,
                 {.server_hostname = "localhost", .session = std::move(session)});
    pair.connect();
    EXPECT_THROW(read_some(pair.client), SSLWantReadError);  // takes the tickets of TLS 1.3
    return pair;
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Versions, SSLSessionTest,
                         testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3));

// As Python's test_session.
TEST_P(SSLSessionTest, IsResumed) {
  const BioPair first = connected();
  const SSLSession session = first.client.session().value();
  EXPECT_FALSE(session.id().empty());
  EXPECT_GT(session.time().time_since_epoch().count(), 0);
  EXPECT_GT(session.timeout().count(), 0);
  EXPECT_TRUE(session.has_ticket());
  EXPECT_GT(session.ticket_lifetime_hint().count(), 0);
  EXPECT_FALSE(first.client.session_reused());
  EXPECT_EQ(server_context_.session_stats().accept, 1);
  EXPECT_EQ(server_context_.session_stats().hits, 0);

  const BioPair second = connected(session);
  EXPECT_TRUE(second.client.session_reused());
  EXPECT_TRUE(second.server.session_reused());
  EXPECT_EQ(server_context_.session_stats().accept, 2);
  EXPECT_EQ(server_context_.session_stats().hits, 1);
  // TLS 1.3 gives new tickets to a resumed connection as well.
  EXPECT_EQ(second.client.session() == session, !tls1_3());
  EXPECT_GE(second.client.session().value().time(), session.time());

  const BioPair third = connected();
  EXPECT_FALSE(third.client.session_reused());
  EXPECT_FALSE(third.client.session() == session);
  EXPECT_TRUE(connected(session).client.session_reused());
}

TEST_P(SSLSessionTest, BringsTheCertificateButNoChain) {
  const BioPair first = connected();
  const BioPair second = connected(first.client.session());
  EXPECT_EQ(second.client.getpeercert()->subject, first.client.getpeercert()->subject);
  EXPECT_EQ(second.client.getpeercert(binary_form), pki().server.certificate_der());
  EXPECT_TRUE(second.client.get_verified_chain().empty());
  EXPECT_TRUE(second.client.get_unverified_chain().empty());
}

TEST_P(SSLSessionTest, BringsTheClientsCertificateToTheServer) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_verify_mode(VerifyMode::required);
  const BioPair first = connected();
  const BioPair second = connected(first.client.session());
  EXPECT_TRUE(second.server.session_reused());
  EXPECT_EQ(second.server.getpeercert(binary_form), pki().client.certificate_der());
  EXPECT_TRUE(second.server.get_unverified_chain().size() <= 1);
}

// As Python's: what was not verified is not verified by resuming it.
TEST_P(SSLSessionTest, IsNotVerifiedAgain) {
  SSLContext& context = client_context_;
  context.set_check_hostname(false);
  context.set_verify_mode(VerifyMode::none);
  const BioPair first = connected();
  EXPECT_TRUE(first.client.getpeercert()->empty());
  context.set_verify_mode(VerifyMode::required);
  const BioPair second = connected(first.client.session());
  EXPECT_TRUE(second.client.session_reused());
  EXPECT_FALSE(second.client.getpeercert()->empty());
}

// As Python's test_session_handling.
TEST_P(SSLSessionTest, IsRefusedWhereItCannotBeUsed) {
  BioPair first = connected();
  const SSLSession session = first.client.session().value();
  const auto sentence = [](auto call) { return std::string(caught<ValueError>(call).what()); };
  EXPECT_EQ(sentence([&] { first.client.set_session(session); }),
            "Cannot set session after handshake.");
  EXPECT_EQ(sentence([&] { first.server.set_session(*first.server.session()); }),
            "Cannot set session for server-side SSLSocket.");
  const SSLContext other = pki().client_context();
  EXPECT_EQ(sentence([&] {
              BioPair(other, server_context_, {.server_hostname = "localhost", .session = session});
            }),
            "Session refers to a different SSLContext.");
  MemoryBIO bio;
  EXPECT_EQ(sentence([&] {
              static_cast<void>(
                  server_context_.wrap_bio(bio, bio, {.server_side = true, .session = session}));
            }),
            "session can only be specified in client mode");
  BioPair begun(client_context_, server_context_);
  EXPECT_THROW(begun.client.do_handshake(), SSLWantReadError);
  EXPECT_EQ(sentence([&] { begun.client.set_session(session); }),
            "Cannot set session during handshake.");
  EXPECT_FALSE(begun.connect().client.session_reused());
  BioPair late(client_context_, server_context_);
  EXPECT_EQ(late.client.session(), std::nullopt);
  late.client.set_session(session);
  EXPECT_TRUE(late.connect().client.session_reused());
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// A ragged end is fatal to the connection's session, and would be to all that share it.
TEST_P(SSLSessionTest, SurvivesTheEndOfItsConnection) {
  std::optional<SSLSession> session;
  {
    BioPair first = connected();
    session = first.client.session();
    first.to_client.write_eof();
    EXPECT_THROW(read_some(first.client), SSLEOFError);
    EXPECT_EQ(SSL_SESSION_is_resumable(session->native_handle()), 1);
  }
  BioPair second = connected(session);
  EXPECT_TRUE(second.client.session_reused());
  second.to_client.write_eof();
  EXPECT_THROW(read_some(second.client), SSLEOFError);
  EXPECT_TRUE(connected(session).client.session_reused());
}

TEST_P(SSLSessionTest, OfASocketGoesThroughWrapSocket) {
  const BioPair first = connected();
  SocketPair sockets = connect_sockets();
  auto server = std::async(std::launch::async, [&] {
    return server_context_.wrap_socket(std::move(sockets.server), {.server_side = true});
  });
  SSLSocket client = client_context_.wrap_socket(
      std::move(sockets.client),
      {.server_hostname = "localhost", .session = first.client.session()});
  EXPECT_TRUE(client.session_reused());
  EXPECT_TRUE(server.get().session_reused());
  client.close();
  EXPECT_FALSE(client.session_reused());
  EXPECT_EQ(client.session(), std::nullopt);
  EXPECT_THROW(client.set_session(*first.client.session()), ValueError);
}

TEST_P(SSLSessionTest, IsCounted) {
  server_context_.set_options(server_context_.options() | SSL_OP_NO_TICKET);
  const BioPair first = connected();
  SSLContext stranger(Protocol::tls_client);
  stranger.set_maximum_version(GetParam());
  BioPair refused(stranger, server_context_);
  EXPECT_TRUE(refused.handshake().client_error);
  EXPECT_EQ(client_context_.session_stats().connect, 1);
  EXPECT_EQ(client_context_.session_stats().connect_good, 1);
  EXPECT_EQ(stranger.session_stats().connect, 1);
  EXPECT_EQ(stranger.session_stats().connect_good, 0);
  const SessionStats stats = server_context_.session_stats();
  EXPECT_EQ(stats.accept, 2);
  EXPECT_EQ(stats.accept_good, 1);
  EXPECT_GT(stats.number, 0);
  EXPECT_EQ(stats.misses, 0);

  SSLContext other = pki().server_context();
  other.set_options(server_context_.options());
  BioPair forgotten(client_context_, other,
                    {.server_hostname = "localhost", .session = first.client.session()});
  EXPECT_FALSE(forgotten.connect().client.session_reused());
  EXPECT_EQ(other.session_stats().misses, 1);
}

TEST_P(SSLSessionTest, NumTicketsIsAServersAffair) {
  EXPECT_EQ(server_context_.num_tickets(), 2U);
  server_context_.set_num_tickets(0);
  EXPECT_EQ(server_context_.num_tickets(), 0U);
  EXPECT_EQ(client_context_.num_tickets(), 2U);
  EXPECT_THROW(client_context_.set_num_tickets(1), ValueError);
  EXPECT_EQ(connected().client.session().value().has_ticket(), !tls1_3());
}

}  // namespace
}  // namespace peercert::ssl
