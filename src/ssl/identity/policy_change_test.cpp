// SPDX-License-Identifier: Apache-2.0
// One input of the verdict changes between the handshake and the resumption of its session: the
// resumed connection is not verified then, and is if nothing changed. TLS 1.2 and 1.3, both sides,
// tickets and the server's cache. Virtual hosts: host_change_test.cpp. What changes after
// one handshake: late_change_test.cpp.
#include <array>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/peer_identity.hpp>

#include "ssl/identity/verify_policy.hpp"
#include "ssl/identity/verify_profile.hpp"
#include "support/foreign_context.hpp"
#include "support/foreign_pair.hpp"
#include "support/scratch.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using Step = std::function<void(SSL*)>;

/// `change` is done to the second connection alone, `prepare` to both.
struct PolicyChange {
  const char* name;
  Step change;
  const char* reason;  // empty: stays verified
  Step prepare = [](SSL*) {};
};

X509_VERIFY_PARAM* param(SSL* ssl) { return SSL_get0_param(ssl); }

Step with_store(std::function<void(X509_STORE*)> change) {
  return [change](SSL* ssl) {
    const X509StorePtr store = make_store({pki().root});
    change(store.get());
    SSL_set1_verify_cert_store(ssl, store.get());
  };
}
Step with_context(std::function<void(SSL_CTX*)> change) {
  return [change](SSL* ssl) {
    const bool server = SSL_is_server(ssl) == 1;
    const SslCtxPtr other =
        foreign_context(TLS_method(), pki().root, server ? pki().server : pki().client);
    change(other.get());
    SSL_set_SSL_CTX(ssl, other.get());
  };
}
Step with_flags(unsigned long flags) {
  return [flags](SSL* ssl) { X509_VERIFY_PARAM_set_flags(param(ssl), flags); };
}
Step with_time(std::time_t at) {
  return [at](SSL* ssl) { X509_VERIFY_PARAM_set_time(param(ssl), at); };
}
/// The same each time: its signature has something random.
const Der& crl_of_intermediate(int number, int last_days) {
  static std::map<std::pair<int, int>, Der> made;
  Der& crl = made[{number, last_days}];
  if (crl.empty()) crl = make_crl(pki().intermediate, number, last_days);
  return crl;
}
Step with_crls(int num_crls, unsigned long flags, int last_days) {
  return [=](SSL* ssl) {
    with_flags(X509_V_FLAG_CRL_CHECK | flags)(ssl);
    with_store([=](X509_STORE* store) {
      for (int i = 0; i < num_crls; ++i) add_crl(store, crl_of_intermediate(i + 1, last_days));
    })(ssl);
  };
}
int other_level(int level) { return level == 1 ? 2 : 1; }
bool no_public_suffix(std::string_view) noexcept { return false; }

int agree(int ok, X509_STORE_CTX*) { return ok; }
int agree_too(int ok, X509_STORE_CTX* context) {
  return ok != 0 && X509_STORE_CTX_get0_cert(context) != nullptr ? 1 : 0;
}
int no_objection(X509_STORE_CTX*) { return 1; }
int is_issued(X509_STORE_CTX*, X509*, X509*) { return 1; }
int no_crl(X509_STORE_CTX*, X509_CRL**, X509*) { return 0; }
int good_crl(X509_STORE_CTX*, X509_CRL*) { return 1; }
int not_revoked(X509_STORE_CTX*, X509_CRL*, X509*) { return 1; }
STACK_OF(X509) * find_certs(X509_STORE_CTX* context, const X509_NAME* name) {
  return X509_STORE_CTX_get1_certs(context, name);
}
STACK_OF(X509_CRL) * find_crls(const X509_STORE_CTX* context, const X509_NAME* name) {
  return X509_STORE_CTX_get1_crls(context, name);
}
int any_security(const SSL*, const SSL_CTX*, int, int, int, void*, void*) { return 1; }
constexpr std::time_t kDay = 86400;

std::vector<PolicyChange> changes_of_names() {
  return {
      {"a host", [](SSL* ssl) { SSL_set1_host(ssl, "other.example"); }, "another name"},
      {"one host more", [](SSL* ssl) { SSL_add1_host(ssl, "other.example"); }, "another name"},
      {"no host", [](SSL* ssl) { SSL_set1_host(ssl, nullptr); }, "another name",
       [](SSL* ssl) { SSL_set1_host(ssl, SSL_is_server(ssl) == 1 ? "client" : "localhost"); }},
      {"an address", [](SSL* ssl) { X509_VERIFY_PARAM_set1_ip_asc(param(ssl), "127.0.0.2"); },
       "another name"},
      {"a mailbox", [](SSL* ssl) { X509_VERIFY_PARAM_set1_email(param(ssl), "a@b.test", 0); },
       "another name"},
  };
}

std::vector<PolicyChange> changes_of_parameters() {
  const std::time_t now = std::time(nullptr);
  return {
      {"flags", with_flags(X509_V_FLAG_X509_STRICT), "other flags"},
      {"flags of the store",
       with_store([](X509_STORE* store) { X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT); }),
       "other flags"},
      {"Suite B", [](SSL* ssl) { SSL_set_cert_flags(ssl, SSL_CERT_FLAG_SUITEB_128_LOS); },
       "other flags"},
      {"flags of hosts",
       [](SSL* ssl) { X509_VERIFY_PARAM_set_hostflags(param(ssl), X509_CHECK_FLAG_NO_WILDCARDS); },
       "other flags"},
      {"a time", with_time(now), "other flags"},
      {"another time", with_time(now + kDay), "another time", with_time(now)},
      {"an earlier time", with_time(now - 400 * kDay), "another time", with_time(now)},
      {"depth", [](SSL* ssl) { SSL_set_verify_depth(ssl, 5); }, "another depth"},
      {"any purpose", [](SSL* ssl) { X509_VERIFY_PARAM_set_purpose(param(ssl), X509_PURPOSE_ANY); },
       "another purpose"},
      {"a purpose of mail",
       [](SSL* ssl) { X509_VERIFY_PARAM_set_purpose(param(ssl), X509_PURPOSE_SMIME_SIGN); },
       "another purpose"},
      {"purpose of the store",
       with_store([](X509_STORE* store) { X509_STORE_set_purpose(store, X509_PURPOSE_ANY); }),
       "another purpose"},
      {"trust setting", [](SSL* ssl) { SSL_set_trust(ssl, X509_TRUST_EMAIL); }, "another purpose"},
      {"level of chains",
       [](SSL* ssl) {
         X509_VERIFY_PARAM_set_auth_level(param(ssl), other_level(SSL_get_security_level(ssl)));
       },
       "another security level"},
      {"security level",
       [](SSL* ssl) { SSL_set_security_level(ssl, other_level(SSL_get_security_level(ssl))); },
       "another security level"},
      {"nobody asks", [](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr); },
       "verification is not required"},
  };
}

std::vector<PolicyChange> changes_of_trust() {
  const Step crl = with_crls(1, 0, 30);
  return {
      {"no anchor", [](SSL* ssl) { SSL_set1_verify_cert_store(ssl, make_store({}).get()); },
       "other trust anchors"},
      {"another anchor",
       [](SSL* ssl) {
         SSL_set1_verify_cert_store(ssl, make_store({Credential::root_ca("Other")}).get());
       },
       "other trust anchors"},
      {"another anchor of the same name",
       [](SSL* ssl) {
         SSL_set1_verify_cert_store(ssl, make_store({Credential::root_ca("Test Root")}).get());
       },
       "other trust anchors"},
      {"one more anchor of the same name",
       with_store([](X509_STORE* store) { add(store, Credential::root_ca("Test Root")); }),
       "other trust anchors"},
      {"an intermediate CA becomes an anchor",
       with_store([](X509_STORE* store) { add(store, pki().intermediate); }),
       "other trust anchors"},
      {"the leaf becomes an anchor",
       [](SSL* ssl) {
         const bool server = SSL_is_server(ssl) == 1;
         const X509StorePtr store = make_store({pki().root, server ? pki().client : pki().server});
         SSL_set1_verify_cert_store(ssl, store.get());
       },
       "other trust anchors"},
      {"an anchor's own trust settings",
       [](SSL* ssl) {
         const X509StorePtr store = make_store({});
         add(store.get(), pki().root, NID_client_auth);
         SSL_set1_verify_cert_store(ssl, store.get());
       },
       "other trust anchors"},
      {"another context's anchor", with_context([](SSL_CTX* ctx) {
         SSL_CTX_set1_cert_store(ctx, make_store({Credential::root_ca("Other")}).get());
       }),
       "other trust anchors"},
      {"one more CRL", with_crls(2, 0, 30), "other trust anchors or CRLs", crl},
      {"no CRL", with_crls(0, 0, 30), "other trust anchors or CRLs", crl},
      {"CRLs of other issuers", [](SSL*) {}, "CRLs of other issuers cannot be compared",
       with_crls(1, X509_V_FLAG_EXTENDED_CRL_SUPPORT, 30)},
      {"certificate policies", [](SSL*) {}, "certificate policies cannot be compared",
       with_flags(X509_V_FLAG_POLICY_CHECK)},
  };
}

std::vector<PolicyChange> changes_of_hooks() {
  std::vector<PolicyChange> changes;
  const auto add_hook = [&](const char* name, std::function<void(X509_STORE*)> set) {
    changes.push_back({name, with_store(std::move(set)), "other callbacks"});
  };
  add_hook("verify_cb", [](X509_STORE* store) { X509_STORE_set_verify_cb(store, agree); });
  add_hook("verify", [](X509_STORE* store) { X509_STORE_set_verify(store, no_objection); });
  add_hook("check_issued",
           [](X509_STORE* store) { X509_STORE_set_check_issued(store, is_issued); });
  add_hook("check_revocation",
           [](X509_STORE* store) { X509_STORE_set_check_revocation(store, no_objection); });
  add_hook("check_crl", [](X509_STORE* store) { X509_STORE_set_check_crl(store, good_crl); });
  add_hook("cert_crl", [](X509_STORE* store) { X509_STORE_set_cert_crl(store, not_revoked); });
  add_hook("check_policy",
           [](X509_STORE* store) { X509_STORE_set_check_policy(store, no_objection); });
  add_hook("get_issuer",
           [](X509_STORE* store) { X509_STORE_set_get_issuer(store, X509_STORE_CTX_get1_issuer); });
  add_hook("get_crl", [](X509_STORE* store) { X509_STORE_set_get_crl(store, no_crl); });
  add_hook("lookup_certs",
           [](X509_STORE* store) { X509_STORE_set_lookup_certs(store, find_certs); });
  add_hook("lookup_crls", [](X509_STORE* store) { X509_STORE_set_lookup_crls(store, find_crls); });
  return changes;
}

std::vector<PolicyChange> changes_of_callbacks() {
  const auto own_lookup =
      with_store([](X509_STORE* store) { X509_STORE_set_lookup_certs(store, find_certs); });
  return {
      {"a callback", [](SSL* ssl) { SSL_set_verify(ssl, SSL_get_verify_mode(ssl), agree); },
       "other callbacks"},
      {"another callback",
       [](SSL* ssl) { SSL_set_verify(ssl, SSL_get_verify_mode(ssl), agree_too); },
       "other callbacks", [](SSL* ssl) { SSL_set_verify(ssl, SSL_get_verify_mode(ssl), agree); }},
      {"a security callback", [](SSL* ssl) { SSL_set_security_callback(ssl, any_security); },
       "other callbacks"},
      {"the same lookup", [](SSL*) {}, "what the X509_STORE's own lookup_certs() gives",
       own_lookup},
      {"a profile", with_context([](SSL_CTX* ctx) {
         set_verify_profile(ctx, verify::VerifyProfile::webpki, nullptr);
       }),
       "another profile"},
      {"a public suffix test", with_context([](SSL_CTX* ctx) {
         set_verify_profile(ctx, verify::VerifyProfile::openssl, no_public_suffix);
       }),
       "other callbacks"},
      {"DANE",
       [](SSL* ssl) {
         SSL_CTX_dane_enable(SSL_get_SSL_CTX(ssl));
         SSL_dane_enable(ssl, nullptr);
       },
       "another policy"},
  };
}

/// Trusts what is in a directory of hashed names, and has read `read_before` of it already.
Step with_directory(const std::vector<Credential>& read_before) {
  static const Scratch kDirectory;
  static const Credential kUnrelated = Credential::root_ca("Unrelated");
  for (const Credential& anchor : {pki().root, kUnrelated}) {
    std::array<char, 16> name{};
    const unsigned long hash = X509_subject_name_hash(to_x509(anchor).get());
    std::snprintf(name.data(), name.size(), "%08lx.0", hash);
    kDirectory.write(name.data(), anchor.certificate_pem());
  }
  const std::string path = (kDirectory / "").string();
  return [=](SSL* ssl) {
    const X509StorePtr store = make_store({});
    X509_STORE_load_path(store.get(), path.c_str());
    const X509StoreCtxPtr lookup(X509_STORE_CTX_new());
    X509_STORE_CTX_init(lookup.get(), store.get(), nullptr, nullptr);
    for (const Credential& anchor : read_before) {
      const X509Ptr certificate = to_x509(anchor);
      sk_X509_pop_free(
          X509_STORE_CTX_get1_certs(lookup.get(), X509_get_subject_name(certificate.get())),
          X509_free);
    }
    SSL_set1_verify_cert_store(ssl, store.get());
    ERR_clear_error();
  };
}

Step with_roots(const std::vector<Credential>& roots) {
  return [=](SSL* ssl) {
    const X509StorePtr store = make_store({});
    for (const Credential& root : roots) add(store.get(), root);
    SSL_set1_verify_cert_store(ssl, store.get());
  };
}

std::vector<PolicyChange> no_changes() {
  const Credential namesake = Credential::root_ca("Test Root");
  const std::time_t now = std::time(nullptr);
  return {
      {"nothing", [](SSL*) {}, ""},
      {"an equal store", with_store([](X509_STORE*) {}), ""},
      {"an equal context", with_context([](SSL_CTX*) {}), ""},
      {"an anchor that the chain does not name",
       with_store([](X509_STORE* store) { add(store, Credential::root_ca("Unrelated")); }), ""},
      {"the same anchors in another order", with_roots({pki().root, namesake}), "",
       with_roots({namesake, pki().root})},
      {"with a callback", [](SSL*) {}, "",
       [](SSL* ssl) { SSL_set_verify(ssl, SSL_get_verify_mode(ssl), agree); }},
      {"with a purpose", [](SSL*) {}, "",
       [](SSL* ssl) { X509_VERIFY_PARAM_set_purpose(param(ssl), X509_PURPOSE_ANY); }},
      {"with a time", [](SSL*) {}, "", with_time(now)},
      {"a directory that has been read", with_directory({Credential::root_ca("Unrelated")}), "",
       with_directory({})},
      {"with CRLs", [](SSL*) {}, "", with_crls(2, 0, 30)},
      {"with an old CRL too", [](SSL*) {}, "",
       [](SSL* ssl) {
         with_flags(X509_V_FLAG_CRL_CHECK)(ssl);
         with_store([](X509_STORE* store) {
           add_crl(store, crl_of_intermediate(1, -1));
           add_crl(store, crl_of_intermediate(2, 30));
         })(ssl);
       }},
  };
}

/// Version, tickets or the server's cache, and the side that verifies.
class PolicyChanges : public testing::TestWithParam<std::tuple<int, bool, bool>> {
 protected:
  PolicyChanges() {
    for (SSL_CTX* ctx : {client_.get(), server_.get()}) {
      SSL_CTX_set_min_proto_version(ctx, std::get<0>(GetParam()));
      SSL_CTX_set_max_proto_version(ctx, std::get<0>(GetParam()));
    }
    if (!std::get<1>(GetParam())) SSL_CTX_set_options(server_.get(), SSL_OP_NO_TICKET);
  }
  static bool server_verifies() { return std::get<2>(GetParam()); }

  ForeignPair connect(const std::vector<Step>& steps, SSL_SESSION* session = nullptr) const {
    ForeignPair pair(client_.get(), server_.get());
    for (const Step& step : steps) step(side(pair));
    if (session != nullptr) SSL_set_session(pair.client.get(), session);
    pair.handshake();
    leave_politely(pair);
    return pair;
  }
  static SSL* side(const ForeignPair& pair) {
    return server_verifies() ? pair.server.get() : pair.client.get();
  }

  void expect(const PolicyChange& row) const {
    SCOPED_TRACE(row.name);
    const ForeignPair first = connect({row.prepare});
    ASSERT_EQ(peer_identity(side(first)).verdict(), Verdict::verified)
        << peer_identity(side(first)).to_string();
    const SslSessionPtr session = session_of(first);
    const ForeignPair second = connect({row.prepare, row.change}, session.get());
    const PeerIdentity identity = peer_identity(side(second));
    ASSERT_TRUE(identity.resumed()) << identity.to_string();
    const bool is_same = *row.reason == '\0';
    EXPECT_EQ(identity.verdict(), is_same ? Verdict::verified : Verdict::unverified);
    EXPECT_EQ(identity.verified().has_value(), is_same);
    EXPECT_TRUE(contains(identity.reason(), row.reason));
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
  void expect_all(const std::vector<PolicyChange>& rows) const {
    for (const PolicyChange& row : rows) expect(row);
  }

  SslCtxPtr client_ = foreign_context(TLS_method(), pki().root, pki().client);
  SslCtxPtr server_ = foreign_context(TLS_method(), pki().root, pki().server);
};

INSTANTIATE_TEST_SUITE_P(Tls, PolicyChanges,
                         testing::Combine(testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                                          testing::Bool(), testing::Bool()),
                         [](const auto& test) {
                           const bool old = std::get<0>(test.param) == TLS1_2_VERSION;
                           return std::string(old ? "1_2" : "1_3") +
                                  (std::get<1>(test.param) ? "_ticket" : "_cache") +
                                  (std::get<2>(test.param) ? "_server" : "_client");
                         });

TEST_P(PolicyChanges, OfNothingLeaveItVerified) { expect_all(no_changes()); }
TEST_P(PolicyChanges, OfNames) {
  std::vector<PolicyChange> rows = changes_of_names();
  if (server_verifies())
    std::erase_if(rows, [](const PolicyChange& row) {
      return std::string_view(row.name) == "no host";  // a client has no host to be checked
    });
  expect_all(rows);
}
TEST_P(PolicyChanges, OfParameters) { expect_all(changes_of_parameters()); }
TEST_P(PolicyChanges, OfTrust) { expect_all(changes_of_trust()); }
TEST_P(PolicyChanges, OfTheStoresHooks) { expect_all(changes_of_hooks()); }
TEST_P(PolicyChanges, OfCallbacksAndContexts) { expect_all(changes_of_callbacks()); }

// The CRL has come to its end, though nothing has changed.
TEST_P(PolicyChanges, OfACrlsTime) {
  const std::time_t now = std::time(nullptr);
  const Step crl = with_crls(1, 0, 1);
  const ForeignPair first = connect({crl});
  ASSERT_EQ(peer_identity(side(first)).verdict(), Verdict::verified);
  const VerificationRecord record = record_in(SSL_get_session(side(first)));
  EXPECT_GE(record.not_before, now - 3 * kDay);
  EXPECT_LE(record.not_before, now);
  EXPECT_GE(record.not_after, now);
  EXPECT_LE(record.not_after, now + 2 * kDay);
}

}  // namespace
}  // namespace peercert::ssl
