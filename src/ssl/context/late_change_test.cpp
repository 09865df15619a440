// SPDX-License-Identifier: Apache-2.0
// What the handshake did not check is not proven: what is asked for after it, and what callbacks
// and hooks let pass. Contexts and connections whose verification is recorded, and those where it
// is not.
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/peer_identity.hpp>

#include "support/foreign_context.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

enum class Recorded { nowhere, by_context, by_connection };

using ChangeSsl = std::function<void(SSL*)>;
using ChangeStore = std::function<void(X509_STORE*)>;

void do_nothing(SSL*) {}
int consent(int ok, X509_STORE_CTX*) { return ok; }
int override_silently(int, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}
int object_to_all(int, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_UNTRUSTED);
  return 0;
}
int find_nothing_wrong(X509_STORE_CTX*) { return 1; }
int believe_all(X509_STORE_CTX*, X509*, X509*) { return 1; }
int accept_crl(X509_STORE_CTX*, X509_CRL*) { return 1; }
int accept_certificate(X509_STORE_CTX*, X509_CRL*, X509*) { return 1; }

class LateChange : public testing::TestWithParam<std::tuple<int, Recorded>> {
 protected:
  LateChange() {
    SSL_CTX_set_min_proto_version(client_.get(), std::get<0>(GetParam()));
    SSL_CTX_set_max_proto_version(client_.get(), std::get<0>(GetParam()));
    if (recorded() != Recorded::by_context) {
      SSL_CTX_set_cert_verify_callback(client_.get(), nullptr, nullptr);
    }
  }
  ~LateChange() override { EXPECT_EQ(ERR_peek_error(), 0U); }
  static Recorded recorded() { return std::get<1>(GetParam()); }

  ForeignPair connect(const ChangeSsl& prepare = do_nothing) const {
    ForeignPair pair(client_.get(), server_.get());
    prepare(pair.client.get());
    if (recorded() == Recorded::by_connection) capture_verification(pair.client.get());
    pair.handshake();
    EXPECT_EQ(SSL_is_init_finished(pair.client.get()), 1);
    return pair;
  }
  static void expect_unverified(const ForeignPair& pair, std::string_view reason = {}) {
    const PeerIdentity identity = peer_identity(pair.client.get());
    EXPECT_EQ(identity.verdict(), Verdict::unverified);
    EXPECT_FALSE(identity.verified());
    EXPECT_TRUE(contains(identity.reason(), reason));
  }
  X509_STORE* store() const { return SSL_CTX_get_cert_store(client_.get()); }
  /// Has the server present a certificate of an authority that nobody knows.
  void present_stranger() {
    server_ = foreign_context(
        TLS_server_method(), pki().root,
        Credential::root_ca("Stranger").issue({.subject_alt_name = {"DNS:localhost"}}));
    SSL_CTX_set_verify(server_.get(), SSL_VERIFY_NONE, nullptr);
  }

  SslCtxPtr client_ = foreign_context(TLS_client_method(), pki().root, pki().client);
  SslCtxPtr server_ = foreign_context(TLS_server_method(), pki().root, pki().server);
};

std::string name_of_case(const testing::TestParamInfo<std::tuple<int, Recorded>>& test) {
  const std::string version = std::get<0>(test.param) == TLS1_2_VERSION ? "1_2" : "1_3";
  switch (std::get<1>(test.param)) {
    case Recorded::nowhere: return version + "_nowhere";
    case Recorded::by_context: return version + "_by_context";
    case Recorded::by_connection: return version + "_by_connection";
  }
  return {};
}

INSTANTIATE_TEST_SUITE_P(Tls, LateChange,
                         testing::Combine(testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                                          testing::Values(Recorded::nowhere, Recorded::by_context,
                                                          Recorded::by_connection)),
                         name_of_case);

TEST_P(LateChange, OfNothingLeavesItVerified) {
  EXPECT_EQ(peer_identity(connect().client.get()).verdict(), Verdict::verified);
  const auto named = [](SSL* ssl) { SSL_set1_host(ssl, "localhost"); };
  EXPECT_EQ(peer_identity(connect(named).client.get()).verdict(), Verdict::verified);
  const auto addressed = [](SSL* ssl) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1");
  };
  EXPECT_EQ(peer_identity(connect(addressed).client.get()).verdict(), Verdict::verified);
}

TEST_P(LateChange, IsNotProven) {
  struct Row {
    const char* name;
    ChangeSsl late;
  };
  const std::vector<Row> rows = {
      {"another host", [](SSL* ssl) { SSL_set1_host(ssl, "bank.example"); }},
      {"a host that the certificate names", [](SSL* ssl) { SSL_set1_host(ssl, "localhost"); }},
      {"another address",
       [](SSL* ssl) { X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.2"); }},
      {"another mailbox",
       [](SSL* ssl) { X509_VERIFY_PARAM_set1_email(SSL_get0_param(ssl), "a@b.test", 0); }},
      {"CRLs",
       [](SSL* ssl) { X509_VERIFY_PARAM_set_flags(SSL_get0_param(ssl), X509_V_FLAG_CRL_CHECK); }},
      {"a time when nothing is valid yet",
       [](SSL* ssl) { X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), 1); }},
      {"a shorter chain", [](SSL* ssl) { SSL_set_verify_depth(ssl, 0); }},
      {"a purpose",
       [](SSL* ssl) {
         X509_VERIFY_PARAM_set_purpose(SSL_get0_param(ssl), X509_PURPOSE_SMIME_SIGN);
       }},
      {"a level", [](SSL* ssl) { X509_VERIFY_PARAM_set_auth_level(SSL_get0_param(ssl), 5); }},
      {"no verification", [](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr); }},
      {"a callback", [](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_PEER, consent); }},
      {"another store", [](SSL* ssl) { SSL_set1_verify_cert_store(ssl, make_store({}).get()); }},
      {"another context",
       [](SSL* ssl) {
         const SslCtxPtr other = foreign_context(TLS_client_method(), Credential::root_ca("Other"));
         SSL_set_SSL_CTX(ssl, other.get());
       }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ForeignPair pair = connect();
    row.late(pair.client.get());
    expect_unverified(pair);
  }
}

// SSL_set_session() replaces what OpenSSL says of the peer. Where nobody has watched the handshake
// there is nothing to tell it by: docs/identity.md.
TEST_P(LateChange, OfTheSessionIsNotProven) {
  if (recorded() == Recorded::nowhere)
    GTEST_SKIP() << "nobody has seen the handshake's certificate";
  const ForeignPair good = connect();
  const SslSessionPtr session(SSL_get1_session(good.client.get()));
  SSL_set_shutdown(good.client.get(), SSL_SENT_SHUTDOWN);
  present_stranger();
  SSL_CTX_set_verify(client_.get(), SSL_VERIFY_NONE, nullptr);
  const ForeignPair stranger = connect();
  SSL_set_verify(stranger.client.get(), SSL_VERIFY_PEER, nullptr);
  ASSERT_EQ(SSL_set_session(stranger.client.get(), session.get()), 1);
  expect_unverified(stranger, "the session was replaced");
}

TEST_P(LateChange, OfTheModeIsNone) {
  SSL_CTX_set_verify(client_.get(), SSL_VERIFY_NONE, nullptr);
  present_stranger();
  const ForeignPair pair = connect();
  SSL_set_verify(pair.client.get(), SSL_VERIFY_PEER, nullptr);
  expect_unverified(pair);
}

TEST_P(LateChange, OfOneHostOfTheCertificateIntoAnotherIsNotProven) {
  server_ =
      foreign_context(TLS_server_method(), pki().root,
                      pki().intermediate.issue({.subject_alt_name = {"DNS:a.test", "DNS:b.test"}}));
  SSL_CTX_set_verify(server_.get(), SSL_VERIFY_NONE, nullptr);
  const ForeignPair pair = connect([](SSL* ssl) { SSL_set1_host(ssl, "a.test"); });
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::verified);
  SSL_set1_host(pair.client.get(), "b.test");
  expect_unverified(pair);
}

TEST_P(LateChange, OfOneHostIntoAnotherIsNotProven) {
  const ForeignPair pair = connect([](SSL* ssl) { SSL_set1_host(ssl, "localhost"); });
  SSL_set1_host(pair.client.get(), "other.example");
  expect_unverified(pair);
}

// The callback is asked as it would be without us, and what it let pass is known or suspected.
TEST_P(LateChange, IsSeenBehindTheStoresCallback) {
  present_stranger();
  X509_STORE_set_verify_cb(store(), override_silently);
  expect_unverified(connect([](SSL* ssl) { SSL_set1_host(ssl, "bank.example"); }));
}

TEST_P(LateChange, SuspectsTheStoresCallbackWhereNobodyWatches) {
  X509_STORE_set_verify_cb(store(), consent);
  const bool is_recorded = recorded() != Recorded::nowhere;
  EXPECT_EQ(peer_identity(connect().client.get()).verdict(),
            is_recorded ? Verdict::verified : Verdict::unverified);
}

TEST_P(LateChange, AsksTheStoresCallback) {
  X509_STORE_set_verify_cb(store(), object_to_all);
  ForeignPair pair(client_.get(), server_.get());
  if (recorded() == Recorded::by_connection) capture_verification(pair.client.get());
  pair.handshake();
  EXPECT_EQ(SSL_is_init_finished(pair.client.get()), 0);
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::failed);
}

TEST_P(LateChange, AsksTheConnectionsCallbackInPlaceOfTheStores) {
  X509_STORE_set_verify_cb(store(), object_to_all);
  const ForeignPair pair = connect([](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_PEER, consent); });
  const bool is_recorded = recorded() != Recorded::nowhere;
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(),
            is_recorded ? Verdict::verified : Verdict::unverified);
}

TEST_P(LateChange, IsNotProvenWhereAHookTakesTheChecksPlace) {
  struct Row {
    const char* name;
    ChangeStore set;
  };
  const std::vector<Row> rows = {
      {"verify", [](X509_STORE* s) { X509_STORE_set_verify(s, find_nothing_wrong); }},
      {"check_issued", [](X509_STORE* s) { X509_STORE_set_check_issued(s, believe_all); }},
      {"check_revocation",
       [](X509_STORE* s) { X509_STORE_set_check_revocation(s, find_nothing_wrong); }},
      {"check_crl", [](X509_STORE* s) { X509_STORE_set_check_crl(s, accept_crl); }},
      {"cert_crl", [](X509_STORE* s) { X509_STORE_set_cert_crl(s, accept_certificate); }},
      {"check_policy", [](X509_STORE* s) { X509_STORE_set_check_policy(s, find_nothing_wrong); }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    SSL_CTX_set1_cert_store(client_.get(), make_store({pki().root}).get());
    row.set(store());
    expect_unverified(connect(), std::string("own ") + row.name + "() may have overridden");
  }
}

/// SSL_CTX_set_cert_verify_callback() on contexts that nobody watches.
class ReplacedVerification : public LateChange {};
INSTANTIATE_TEST_SUITE_P(Tls, ReplacedVerification,
                         testing::Combine(testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                                          testing::Values(Recorded::nowhere)),
                         name_of_case);

TEST_P(ReplacedVerification, ProvesNothing) {
  const auto accept = [](X509_STORE_CTX*, void*) { return 1; };
  SSL_CTX_set_cert_verify_callback(client_.get(), accept, nullptr);
  expect_unverified(connect(), "has built no chain");
  present_stranger();
  expect_unverified(connect());
}

TEST_P(ReplacedVerification, ThatForgivesProvesNothing) {
  present_stranger();
  const auto forgive = [](X509_STORE_CTX* context, void*) {
    X509_verify_cert(context);
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
  };
  SSL_CTX_set_cert_verify_callback(client_.get(), forgive, nullptr);
  expect_unverified(connect(), "verified once more: unable to get local issuer certificate");
}

struct Relaxation {
  const char* name;
  int (*verify)(X509_STORE_CTX*, void*);
};
/// An application verifies by itself, and by rules that the SSL does not have: whether we watch the
/// SSL makes no difference to what that proves.
TEST_P(ReplacedVerification, ByOtherRulesProvesNothing) {
  const std::vector<Relaxation> rows = {
      {"no name",
       [](X509_STORE_CTX* context, void*) {
         X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context), nullptr, 0);
         return X509_verify_cert(context);
       }},
      {"other anchors",
       [](X509_STORE_CTX* context, void*) {
         STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
         X509_STORE_CTX_set0_trusted_stack(context, sent);
         X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN);
         return X509_verify_cert(context);
       }},
  };
  for (const Relaxation& row : rows) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, row.name);
    for (const bool watched : {false, true}) {
      const bool is_stranger = row.name != std::string_view("no name");
      if (is_stranger) present_stranger();
      SSL_CTX_set_cert_verify_callback(client_.get(), row.verify, nullptr);
      expect_unverified(connect([watched, is_stranger](SSL* ssl) {
        SSL_set1_host(ssl, is_stranger ? "localhost" : "other.example");
        if (watched) capture_verification(ssl);
      }));
    }
  }
}

TEST_P(ReplacedVerification, MayBeThatOfTlsaRecords) {
  SSL_CTX_dane_enable(client_.get());
  expect_unverified(connect([](SSL* ssl) { SSL_dane_enable(ssl, "localhost"); }), "TLSA records");
}

TEST_P(ReplacedVerification, IsNoMatterForWildcards) {
  server_ = foreign_context(TLS_server_method(), pki().root,
                            pki().intermediate.issue({.subject_alt_name = {"DNS:*.host.test"}}));
  SSL_CTX_set_verify(server_.get(), SSL_VERIFY_NONE, nullptr);
  const ForeignPair pair = connect([](SSL* ssl) { SSL_set1_host(ssl, "a.host.test"); });
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::verified);
}

}  // namespace
}  // namespace peercert::ssl
