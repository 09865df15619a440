// SPDX-License-Identifier: Apache-2.0
// What the examples do not show: connections that are used again, sessions that are resumed, and
// transfers that end early.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/adapters/curl.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

// A temporary would be gone with what it lends.
template <class Peer>
concept LendsIdentity = requires(Peer&& peer) {
  std::forward<Peer>(peer).identity();
};
static_assert(LendsIdentity<CurlPeer&> && !LendsIdentity<CurlPeer>);

/// Answers requests over HTTP, one connection after the other.
class HttpsServer {
 public:
  explicit HttpsServer(const Credential& credential, bool keep_alive = true)
      : context_(pki().server_context(credential)), keep_alive_(keep_alive) {
    listener_.set_timeout(10ms);
    port_ = listener_.getsockname().port;
    thread_ = std::thread([this] {
      while (!closing_) serve();
    });
  }
  ~HttpsServer() {
    closing_ = true;
    thread_.join();
  }
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  std::string url(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(port_) + "/";
  }
  int num_requests() const { return num_requests_; }

 private:
  void serve() try {
    Socket accepted = listener_.accept();
    accepted.set_timeout(10s);
    SSLSocket connection = context_.wrap_socket(std::move(accepted), {.server_side = true});
    connection.set_timeout(10ms);
    while (!closing_ && receive(connection)) {
    }
  } catch (const std::exception&) {  // nobody there yet, or no longer
  }

  /// Whether there may be more. Sees in between whether the test is over.
  bool receive(SSLSocket& connection) try {
    std::array<std::uint8_t, 4096> request{};
    if (connection.read(request) == 0) return false;
    ++num_requests_;
    const std::string_view response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    connection.write({reinterpret_cast<const std::uint8_t*>(response.data()), response.size()});
    return keep_alive_;
  } catch (const TimeoutError&) {
    return true;
  }

  SSLContext context_;
  bool keep_alive_;
  Socket listener_ = create_server("127.0.0.1", 0);
  std::uint16_t port_ = 0;
  std::atomic<bool> closing_{false};
  std::atomic<int> num_requests_{0};
  std::thread thread_{};
};

struct CurlAdapter : testing::Test {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(),
                                                                 &curl_easy_cleanup};
  const std::string root = pki().root.certificate_pem();

  CurlAdapter() {
    curl_blob anchors{const_cast<char*>(root.data()), root.size(), CURL_BLOB_COPY};
    set(CURLOPT_CAINFO_BLOB, &anchors);
    set(CURLOPT_PROXY, "");
  }
  template <class Value>
  void set(CURLoption option, Value value) const {
    ASSERT_EQ(curl_easy_setopt(curl.get(), option, value), CURLE_OK);
  }
  CURLcode get(CurlPeer& peer, const std::string& url) const {
    set(CURLOPT_URL, url.c_str());
    return peer.perform();
  }
  long num_connects() const {
    long num = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &num);
    return num;
  }
};

Der verified_der(const CurlPeer& peer) {
  const auto server = peer.identity() ? peer.identity()->verified() : std::nullopt;
  if (!server) return {};
  const Certificate certificate = server->certificate();
  return Der(certificate.der().begin(), certificate.der().end());
}

TEST_F(CurlAdapter, AConnectionUsedAgainHasItsOwnPeer) {
  const Credential other = pki().root.issue({.subject_alt_name = {"DNS:localhost"}});
  const HttpsServer one(pki().server);
  const HttpsServer two(other);
  CurlPeer peer(curl.get());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(get(peer, one.url()), CURLE_OK);
    EXPECT_EQ(num_connects(), i == 0 ? 1 : 0);
    EXPECT_TRUE(std::ranges::equal(verified_der(peer), pki().server.certificate_der()));
    EXPECT_EQ(get(peer, two.url()), CURLE_OK);
    EXPECT_EQ(num_connects(), i == 0 ? 1 : 0);
    EXPECT_TRUE(std::ranges::equal(verified_der(peer), other.certificate_der()));
  }
}

TEST_F(CurlAdapter, AResumedSessionIsStillVerified) {
  const HttpsServer server(pki().server, false);
  CurlPeer peer(curl.get());
  for (const bool resumed : {false, true}) {
    EXPECT_EQ(get(peer, server.url()), CURLE_OK);
    ASSERT_TRUE(peer.identity());
    EXPECT_EQ(peer.identity()->resumed(), resumed);
    ASSERT_TRUE(peer.identity()->verified()) << peer.identity()->to_string();
    EXPECT_EQ(peer.identity()->verified()->name(), "localhost");
  }
}

TEST_F(CurlAdapter, NothingIsSentToWhomIsNotAccepted) {
  const HttpsServer server(pki().server);
  CurlPeer peer(curl.get(), [](const PeerIdentity& identity) {
    EXPECT_EQ(identity.verdict(), Verdict::verified);
    return false;
  });
  EXPECT_EQ(get(peer, server.url()), CURLE_ABORTED_BY_CALLBACK);
  EXPECT_TRUE(peer.identity()->verified());
  CurlPeer throwing(curl.get(), [](const PeerIdentity&) -> bool { throw 1; });
  EXPECT_EQ(get(throwing, server.url()), CURLE_ABORTED_BY_CALLBACK);
  EXPECT_EQ(server.num_requests(), 0);
}

TEST_F(CurlAdapter, NothingIsSentInPlainText) {
  const Socket listener = create_server("127.0.0.1", 0);
  CurlPeer peer(curl.get(), [](const PeerIdentity&) { return true; });
  const std::string port = std::to_string(listener.getsockname().port);
  EXPECT_EQ(get(peer, "http://localhost:" + port), CURLE_ABORTED_BY_CALLBACK);
  EXPECT_FALSE(peer.identity());
}

TEST_F(CurlAdapter, WithoutVerificationNobodyIsVerified) {
  const HttpsServer server(pki().server);
  set(CURLOPT_SSL_VERIFYPEER, 0L);
  CurlPeer peer(curl.get());
  EXPECT_EQ(get(peer, server.url()), CURLE_OK);
  EXPECT_EQ(peer.identity()->verdict(), Verdict::unverified);
  EXPECT_NE(peer.identity()->certificate(), nullptr);
}

TEST_F(CurlAdapter, TheNameIsComparedInTheHandshake) {
  const HttpsServer server(pki().root.issue({.subject_alt_name = {"DNS:example.org"}}));
  set(CURLOPT_SSL_VERIFYHOST, 0L);
  CurlPeer peer(curl.get());
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    EXPECT_EQ(get(peer, server.url(host)), CURLE_PEER_FAILED_VERIFICATION);
    ASSERT_TRUE(peer.identity());
    EXPECT_EQ(peer.identity()->verdict(), Verdict::failed);
  }
}

TEST_F(CurlAdapter, WhatCurlRefusesAfterTheHandshakeIsNotVerified) {
  const HttpsServer server(pki().server);
  set(CURLOPT_PINNEDPUBLICKEY, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  CurlPeer peer(curl.get());
  EXPECT_EQ(get(peer, server.url()), CURLE_SSL_PINNEDPUBKEYNOTMATCH);
  EXPECT_FALSE(peer.identity());
}

/// What has curl refuse the servers of these tests, and is left to an application by CurlPeer,
/// which has curl's own function for the SSL_CTX: src/ssl/identity/weakens_nothing_test.cpp has the
/// others.
struct CurlRefusal {
  const char* name;
  std::function<void(CURL*)> set;
  const char* host = "localhost";

  friend std::ostream& operator<<(std::ostream& out, const CurlRefusal& refusal) {
    return out << refusal.name;
  }
};

template <CURLoption kOption>
void set_blob(CURL* curl, const std::string& text) {
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
  curl_easy_setopt(curl, kOption, &blob);
}

std::vector<CurlRefusal> curl_refusals() {
  static const std::string other = Credential::root_ca("Another").certificate_pem();
  return {
      {"trust_anchors", [](CURL* curl) { set_blob<CURLOPT_CAINFO_BLOB>(curl, other); }},
      {"issuer", [](CURL* curl) { set_blob<CURLOPT_ISSUERCERT_BLOB>(curl, other); }},
      {"name", [](CURL*) {}, "127.0.0.1"},
      {"security_level",
       [](CURL* curl) { curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=4"); }},
      {"old_versions",
       [](CURL* curl) {
         curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_MAX_TLSv1_1));
       }},
      {"no_staple", [](CURL* curl) { curl_easy_setopt(curl, CURLOPT_SSL_VERIFYSTATUS, 1L); }},
  };
}

struct CurlWeakensNothing : CurlAdapter, testing::WithParamInterface<CurlRefusal> {};
INSTANTIATE_TEST_SUITE_P(Refusals, CurlWeakensNothing, testing::ValuesIn(curl_refusals()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_P(CurlWeakensNothing, ThatCurlWasTold) {
  const HttpsServer server(pki().root.issue({.subject_alt_name = {"DNS:localhost"}}), false);
  const std::string url = server.url(GetParam().host);
  {
    CurlPeer peer(curl.get());
    EXPECT_EQ(get(peer, server.url()), CURLE_OK);  // or the others would say nothing
  }
  GetParam().set(curl.get());
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_URL, url.c_str());
  const CURLcode alone = curl_easy_perform(curl.get());
  EXPECT_NE(alone, CURLE_OK);
  CurlPeer peer(curl.get());
  EXPECT_EQ(get(peer, url), alone);
  EXPECT_FALSE(peer.identity() && peer.identity()->verified());
  EXPECT_EQ(server.num_requests(), 1);
}

TEST_F(CurlAdapter, AnEarlierPeerIsForgotten) {
  CurlPeer peer(curl.get());
  std::string url;
  {
    const HttpsServer server(pki().server, false);
    url = server.url();
    EXPECT_EQ(get(peer, url), CURLE_OK);
    EXPECT_TRUE(peer.identity());
  }
  EXPECT_EQ(get(peer, url), CURLE_COULDNT_CONNECT);
  EXPECT_FALSE(peer.identity());
}

TEST_F(CurlAdapter, TheHandleOutlivesTheAdapter) {
  const HttpsServer server(pki().server);
  {
    CurlPeer peer(curl.get());
    EXPECT_EQ(get(peer, server.url()), CURLE_OK);
  }
  EXPECT_EQ(curl_easy_perform(curl.get()), CURLE_OK);
  EXPECT_EQ(num_connects(), 0);
  EXPECT_EQ(server.num_requests(), 2);
}

}  // namespace
}  // namespace peercert::ssl
