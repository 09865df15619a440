// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/ocsp_staple.hpp>
#include <peercert/ssl/sct.hpp>

#include "support/foreign_pair.hpp"
#include "support/ocsp_response.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr unsigned int kSignedCertificateTimestamp = 18;  // ExtensionType, RFC 6962, 3.3.1

/// An SCT of a log whose identifier is all `log`, at 1000 ms since 1970, with an ECDSA signature.
Octets make_sct(std::uint8_t log) {
  Octets sct{0};
  sct.insert(sct.end(), 32, log);
  const Octets rest{0, 0, 0, 0, 0, 0, 0x03, 0xE8, 0, 0, 4, 3, 0, 2, 0x30, 0};
  sct.insert(sct.end(), rest.begin(), rest.end());
  return sct;
}
/// sct_list<1..2^16-1> of one.
Octets make_list(const Octets& sct) {
  const auto len = static_cast<std::uint8_t>(sct.size());
  Octets list{0, static_cast<std::uint8_t>(len + 2), 0, len};
  list.insert(list.end(), sct.begin(), sct.end());
  return list;
}

/// The same in hexadecimal; malformed if it is cut by an octet.
std::string list_text(const Octets& list) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : list) text += {kDigits[octet >> 4], kDigits[octet & 15]};
  return text;
}
Octets cut(Octets list) {
  list.pop_back();
  return list;
}

int add_list(SSL*, unsigned int, unsigned int, const unsigned char** out, std::size_t* len, X509*,
             std::size_t chain_index, int*, void* list) {
  const auto& octets = *static_cast<const Octets*>(list);
  *out = octets.data();
  *len = octets.size();
  return chain_index == 0 ? 1 : 0;
}
int ignore_request(SSL*, unsigned int, unsigned int, const unsigned char*, std::size_t, X509*,
                   std::size_t, int*, void*) {
  return 1;
}

class Scts : public testing::TestWithParam<int> {
 protected:
  Scts() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(static_cast<TLSVersion>(GetParam()));
      context->set_maximum_version(static_cast<TLSVersion>(GetParam()));
    }
    client_context_.set_check_hostname(false);
  }
  ~Scts() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  void send(Octets& list) {
    SSL_CTX_add_custom_ext(
        server_context_.native_handle(), kSignedCertificateTimestamp,
        SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE, add_list,
        nullptr, &list, ignore_request, nullptr);
  }
  /// In the certificate, and in the staple.
  void present(const Octets& in_certificate, const Octets& in_staple) {
    const Credential server = pki().intermediate.issue(
        {.subject_alt_name = {"DNS:localhost"}, .sct_list = list_text(in_certificate)});
    TestPki::load(server_context_, server);
    OcspAnswer answer;
    answer.of = &server;
    if (!in_staple.empty()) answer.sct_list = list_text(in_staple);
    set_ocsp_staple(server_context_.native_handle(), make_ocsp_response(answer));
  }
  std::vector<PresentedSct> receive(const std::vector<SctSource>& malformed = {}) {
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    EXPECT_TRUE(signed_certificate_timestamps(pair.client.get()).empty());
    EXPECT_TRUE(malformed_sct_lists(pair.client.get()).empty());
    pair.handshake();
    EXPECT_EQ(SSL_is_init_finished(pair.client.get()), 1);
    EXPECT_TRUE(signed_certificate_timestamps(pair.server.get()).empty());
    EXPECT_EQ(malformed_sct_lists(pair.client.get()), malformed);
    return signed_certificate_timestamps(pair.client.get());
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, Scts, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

TEST_P(Scts, OfTheTlsExtension) {
  const Octets sct = make_sct(0x42);
  Octets list = make_list(sct);
  send(list);
  EXPECT_TRUE(receive().empty());  // nobody asked
  request_scts(client_context_.native_handle());
  const std::vector<PresentedSct> scts = receive();
  ASSERT_EQ(scts.size(), 1U);
  EXPECT_EQ(scts[0].source, SctSource::tls_extension);
  EXPECT_EQ(scts[0].octets, sct);
  const SignedCertificateTimestamp read = scts[0].view();
  EXPECT_EQ(read.id.front(), 0x42);
  EXPECT_EQ(read.timestamp, 1000U);
  EXPECT_TRUE(std::ranges::equal(read.signature, Octets{0x30, 0}));
}

TEST_P(Scts, OfTheCertificateAndTheStaple) {
  present(make_list(make_sct(1)), make_list(make_sct(2)));
  const std::vector<PresentedSct> unasked = receive();  // the certificate comes in any case
  ASSERT_EQ(unasked.size(), 1U);
  EXPECT_EQ(unasked[0].source, SctSource::certificate);
  EXPECT_EQ(unasked[0].octets, make_sct(1));

  request_scts(client_context_.native_handle());
  Octets list = make_list(make_sct(3));
  send(list);
  std::map<SctSource, Octets> found;
  for (const PresentedSct& sct : receive()) found[sct.source] = sct.octets;
  EXPECT_EQ(found, (std::map<SctSource, Octets>{{SctSource::certificate, make_sct(1)},
                                                {SctSource::tls_extension, make_sct(3)},
                                                {SctSource::ocsp_staple, make_sct(2)}}));
}

// What is malformed in one source hides nothing of the others.
TEST_P(Scts, ThatAreMalformedAreTold) {
  request_scts(client_context_.native_handle());
  const Octets good = make_list(make_sct(1));
  Octets list = good;
  send(list);
  const auto sources = [&](const std::vector<SctSource>& malformed) {
    std::vector<SctSource> found;
    for (const PresentedSct& sct : receive(malformed)) found.push_back(sct.source);
    std::ranges::sort(found);
    return found;
  };
  using enum SctSource;
  present(good, {});  // a staple without a list
  EXPECT_EQ(sources({}), (std::vector{certificate, tls_extension}));
  present(cut(good), good);
  EXPECT_EQ(sources({certificate}), (std::vector{tls_extension, ocsp_staple}));
  present(good, cut(good));
  EXPECT_EQ(sources({ocsp_staple}), (std::vector{certificate, tls_extension}));
  list = cut(good);
  present(good, good);
  EXPECT_EQ(sources({}), (std::vector{certificate, ocsp_staple}));
  present(cut(good), cut(good));
  EXPECT_EQ(sources({certificate, ocsp_staple}), std::vector<SctSource>{});
}

TEST_P(Scts, OfAClientAreNone) {
  server_context_.set_verify_mode(VerifyMode::required);
  const Octets good = make_list(make_sct(1));
  for (const Octets& list : {good, cut(good)}) {
    TestPki::load(client_context_,
                  pki().intermediate.issue({.subject = {{"CN", "a client"}},
                                            .extended_key_usage = ExtendedKeyUsage::client_auth,
                                            .sct_list = list_text(list)}));
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    pair.handshake();
    ASSERT_EQ(SSL_is_init_finished(pair.server.get()), 1);
    ASSERT_NE(SSL_get0_peer_certificate(pair.server.get()), nullptr);
    EXPECT_TRUE(signed_certificate_timestamps(pair.server.get()).empty());
    EXPECT_TRUE(malformed_sct_lists(pair.server.get()).empty());
  }
}

TEST_P(Scts, OfAStapleThatIsNoneAreNone) {
  request_scts(client_context_.native_handle());
  const Octets garbage{1, 2, 3};
  set_ocsp_staple(server_context_.native_handle(), garbage);
  EXPECT_TRUE(receive().empty());
}

// The application reads the extension itself.
TEST_P(Scts, CannotBeAskedForTwice) {
  SSL_CTX* const client = client_context_.native_handle();
  ASSERT_EQ(SSL_CTX_add_client_custom_ext(client, kSignedCertificateTimestamp, nullptr, nullptr,
                                          nullptr, nullptr, nullptr),
            1);
  EXPECT_THROW(request_scts(client), SSLError);
}

// OpenSSL takes one, if anything follows it, but cannot write it.
TEST_P(Scts, WithoutASignatureAreLeftOut) {
  request_scts(client_context_.native_handle());
  Octets unsigned_sct = make_sct(1);
  const Octets no_signature{0, 0, 0, 0};
  std::ranges::copy(no_signature, unsigned_sct.end() - 4);
  Octets list = make_list(unsigned_sct);
  const Octets signed_one = make_list(make_sct(2));
  list.insert(list.end(), signed_one.begin() + 2, signed_one.end());
  list[1] = static_cast<std::uint8_t>(list.size() - 2);
  send(list);
  const std::vector<PresentedSct> scts = receive();
  ASSERT_EQ(scts.size(), 1U);
  EXPECT_EQ(scts[0].octets, make_sct(2));
}

TEST_P(Scts, OfNobodyAreNone) {
  request_scts(client_context_.native_handle());
  EXPECT_TRUE(receive().empty());
}

}  // namespace
}  // namespace peercert::ssl
