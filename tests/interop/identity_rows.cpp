// SPDX-License-Identifier: Apache-2.0
// What peercert says of a peer in the situations of docs/identity.md, one on a line: situation,
// getpeercert(), chains and peer_identity(), with tabs between. Connections run in memory.
#include <chrono>
#include <cstdio>
#include <string>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/ssl.hpp>

#include "support/foreign_pair.hpp"
#include "testing/private_ca.hpp"

namespace {

using namespace peercert::ssl;
using peercert::SslPtr;

const Credential& root() {
  static const Credential made = Credential::root_ca("Root");
  return made;
}
const Credential& intermediate() {
  static const Credential made = root().issue({.subject = {{"CN", "Intermediate"}}, .ca = true});
  return made;
}
CertificateOptions server_options() {
  return {.subject = {{"CN", "server"}}, .subject_alt_name = {"DNS:localhost"}};
}
Credential server_credential() { return intermediate().issue(server_options()); }
Credential client_credential() {
  return intermediate().issue(
      {.subject = {{"CN", "client"}}, .extended_key_usage = ExtendedKeyUsage::client_auth});
}

SSLContext make_context(Protocol protocol) {
  SSLContext context(protocol);
  context.load_verify_locations({.cadata = root().certificate_pem()});
  return context;
}
void present(SSLContext& context, const Credential& credential) {
  context.load_cert_chain_data(credential.chain_pem(), credential.private_key_pem());
}
SSLContext client_context() {
  SSLContext context = make_context(Protocol::tls_client);
  present(context, client_credential());
  return context;
}
SSLContext server_context(const Credential& credential) {
  SSLContext context = make_context(Protocol::tls_server);
  present(context, credential);
  return context;
}

ForeignPair connect(const SSLContext& client, const SSLContext& server,
                    const char* host = "localhost", SSL_SESSION* session = nullptr) {
  ForeignPair pair(client.native_handle(), server.native_handle());
  if (client.check_hostname()) SSL_set1_host(pair.client.get(), host);
  if (session != nullptr) SSL_set_session(pair.client.get(), session);
  pair.handshake();
  return pair;
}

std::string dict_text(const SSL* ssl) {
  try {
    const auto cert = getpeercert(ssl);
    if (!cert) return "None";
    return cert->empty() ? "{}" : "dict";
  } catch (const ValueError&) {
    return "ValueError";
  }
}

void say(const char* situation, const SslPtr& side) {
  const SSL* ssl = side.get();
  std::printf("%s\t%s\t%zu sent, %zu verified\t%s\n", situation, dict_text(ssl).c_str(),
              get_unverified_chain(ssl).size(), get_verified_chain(ssl).size(),
              peer_identity(ssl).to_string().c_str());
}

void read_from(const SslPtr& side) {
  char octet = 0;
  SSL_read(side.get(), &octet, 1);
  ERR_clear_error();
}

/// The session as an application keeps it, which is without the chain that OpenSSL has in memory.
using SessionPtr = peercert::OpenSSLPtr<SSL_SESSION, SSL_SESSION_free>;
SessionPtr session_of(const SslPtr& side) {
  unsigned char* octets = nullptr;
  const int len = i2d_SSL_SESSION(SSL_get0_session(side.get()), &octets);
  const unsigned char* at = octets;
  SessionPtr session(d2i_SSL_SESSION(nullptr, &at, len));
  OPENSSL_free(octets);
  return session;
}

void say_of_servers() {
  using namespace std::chrono_literals;
  const SSLContext client = client_context();
  const SSLContext good = server_context(server_credential());
  say("success", connect(client, good).client);
  say("wrong host", connect(client, good, "other.example").client);
  CertificateOptions expired = server_options();
  expired.not_after = CertificateOptions::today() - 1h;
  say("expired", connect(client, server_context(intermediate().issue(expired))).client);
  const Credential stranger = Credential::root_ca("Stranger").issue(server_options());
  say("unknown CA", connect(client, server_context(stranger)).client);
  const Credential self = Credential::self_signed(server_options());
  say("self-signed", connect(client, server_context(self)).client);
  SSLContext lax = client_context();
  lax.set_check_hostname(false);
  lax.set_verify_mode(VerifyMode::none);
  say("self-signed, CERT_NONE", connect(lax, server_context(self)).client);
}

void say_of_clients() {
  SSLContext server = server_context(server_credential());
  server.set_verify_mode(VerifyMode::optional);
  say("client certificate", connect(client_context(), server).server);
  const SSLContext nobody = make_context(Protocol::tls_client);
  say("no client certificate", connect(nobody, server).server);
  SSLContext stranger = client_context();
  present(stranger, Credential::self_signed({.subject = {{"CN", "stranger"}},
                                             .extended_key_usage = ExtendedKeyUsage::client_auth}));
  say("self-signed client", connect(stranger, server).server);
}

void say_of_resumed() {
  const SSLContext client = client_context();
  SSLContext server = server_context(server_credential());
  server.set_verify_mode(VerifyMode::required);
  const ForeignPair first = connect(client, server);
  read_from(first.client);
  const SessionPtr session = session_of(first.client);
  const ForeignPair resumed = connect(client, server, "localhost", session.get());
  say("resumed, the server", resumed.client);
  say("resumed, the client", resumed.server);
}

void say_of_late_client() {
  const SSLContext client = client_context();
  SSL_CTX_set_post_handshake_auth(client.native_handle(), 1);
  const ForeignPair pair = connect(client, server_context(server_credential()));
  say("post-handshake, before", pair.server);
  SSL_set_verify(pair.server.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_verify(SSL_get_SSL_CTX(pair.server.get()), SSL_VERIFY_PEER, nullptr);
  SSL_verify_client_post_handshake(pair.server.get());
  SSL_do_handshake(pair.server.get());
  read_from(pair.client);
  read_from(pair.server);
  say("post-handshake, after", pair.server);
}

void say_of_anonymous() {
  SSLContext client = client_context();
  SSLContext server = make_context(Protocol::tls_server);
  for (SSLContext* context : {&client, &server}) {
    context->set_maximum_version(TLSVersion::tls1_2);
    context->set_ciphers("aNULL:@SECLEVEL=0");
  }
  say("anonymous cipher", connect(client, server).client);
}

}  // namespace

int main() {
  say_of_servers();
  say_of_clients();
  say_of_resumed();
  say_of_late_client();
  say_of_anonymous();
}
