// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <peercert/ssl/server_certificate.hpp>

#include "support/scratch.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

/// Answers one client, and gives the name that it asked for.
class OneServer {
 public:
  explicit OneServer(const char* address = "127.0.0.1") : listener_(create_server(address, 0)) {
    listener_.set_timeout(30s);
    served_ = std::async(std::launch::async, [this]() -> std::string {
      Socket socket = listener_.accept();
      socket.set_timeout(30s);
      try {
        const SSLSocket client =
            pki().server_context().wrap_socket(std::move(socket), {.server_side = true});
        const char* name = SSL_get_servername(client.native_handle(), TLSEXT_NAMETYPE_host_name);
        return name == nullptr ? "none" : name;
      } catch (const SSLError& error) {
        return error.reason();
      }
    });
  }
  std::uint16_t port() const { return listener_.getsockname().port; }
  std::string asked_for() { return served_.get(); }

 private:
  Socket listener_;
  std::future<std::string> served_;
};

// As Python's test_get_server_certificate and test_get_server_certificate_sni.
TEST(GetServerCertificate, GivesThePemUnverified) {
  OneServer server;
  EXPECT_EQ(get_server_certificate("localhost", server.port()), pki().server.certificate_pem());
  EXPECT_EQ(server.asked_for(), "localhost");
}

TEST(GetServerCertificate, VerifiesTheChainButNoName) {
  const Scratch scratch;
  const auto ca = scratch.write("ca.pem", pki().root.certificate_pem());
  OneServer server;
  EXPECT_EQ(get_server_certificate("127.0.0.1", server.port(), {.ca_certs = ca, .timeout = 30s}),
            pki().server.certificate_pem());
  EXPECT_EQ(server.asked_for(), "none");
}

// As Python's test_get_server_certificate_fail.
TEST(GetServerCertificate, FailsWithoutTheRightAuthority) {
  const Scratch scratch;
  const auto stranger = scratch.write("ca.pem", Credential::root_ca("Stranger").certificate_pem());
  OneServer server;
  EXPECT_THROW(get_server_certificate("localhost", server.port(), {.ca_certs = stranger}),
               SSLCertVerificationError);
  EXPECT_EQ(server.asked_for(), "TLSV1_ALERT_UNKNOWN_CA");
}

// As Python's test_get_server_certificate_timeout.
TEST(GetServerCertificate, HasADeadline) {
  const Socket silent = create_server("127.0.0.1", 0);
  EXPECT_THROW(get_server_certificate("127.0.0.1", silent.getsockname().port, {.timeout = 20ms}),
               TimeoutError);
}

// As Python's test_get_server_certificate_ipv6.
TEST(GetServerCertificate, SpeaksIPv6) {
  OneServer server("::1");
  EXPECT_EQ(get_server_certificate("::1", server.port()), pki().server.certificate_pem());
  EXPECT_EQ(server.asked_for(), "none");
}

}  // namespace
}  // namespace peercert::ssl
