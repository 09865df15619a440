// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/connection.hpp"

#include <algorithm>
#include <cerrno>

#include "ssl/connection/socket_bio.hpp"

namespace peercert::ssl {

namespace {

constexpr std::size_t kMaxLabelLen = 63;  // RFC 1035, 2.3.4

/// Empties what take_outcome() will look at.
void begin_call() noexcept {
  clear_errors();
  errno = 0;
}

Outcome failure() noexcept { return {Status::error, 0, take_last_error()}; }

void set_post_handshake_auth(SSL* ssl, bool server_side) noexcept {
  if (!server_side) return SSL_set_post_handshake_auth(ssl, 1);
  // A server that verifies nobody must not be told, or it would ask all the same.
  const int mode = SSL_get_verify_mode(ssl);
  if ((mode & SSL_VERIFY_PEER) == 0) return;
  SSL_set_verify(ssl, mode | SSL_VERIFY_POST_HANDSHAKE, SSL_get_verify_callback(ssl));
}

/// Replaces all of the connection's parameters of verification by the context's.
bool copy_parameters(SSL* ssl, SSL_CTX* context) noexcept {
  X509_VERIFY_PARAM* to = SSL_get0_param(ssl);
  const std::uint32_t inheritance = X509_VERIFY_PARAM_get_inh_flags(to);
  X509_VERIFY_PARAM_set_inh_flags(to, X509_VP_FLAG_OVERWRITE | X509_VP_FLAG_RESET_FLAGS);
  const int copied = X509_VERIFY_PARAM_set1(to, SSL_CTX_get0_param(context));
  X509_VERIFY_PARAM_set_inh_flags(to, inheritance);
  return copied == 1;
}

/// What SSL_new() copies of a context and SSL_set_SSL_CTX() does not.
bool copy_settings(SSL* ssl, SSL_CTX* context) noexcept {
  SSL_set_verify(ssl, SSL_CTX_get_verify_mode(context), SSL_CTX_get_verify_callback(context));
  SSL_clear_options(ssl, SSL_get_options(ssl));
  SSL_set_options(ssl, SSL_CTX_get_options(context));
  SSL_set_num_tickets(ssl, SSL_CTX_get_num_tickets(context));
  return copy_parameters(ssl, context) &&
         SSL_set_min_proto_version(ssl, static_cast<int>(SSL_CTX_get_min_proto_version(context))) ==
             1 &&
         SSL_set_max_proto_version(ssl, static_cast<int>(SSL_CTX_get_max_proto_version(context))) ==
             1;
}

}  // namespace

bool set_checked_name(SSL* ssl, const std::string& name, unsigned int host_flags) noexcept {
  const Asn1OctetStringPtr address(a2i_IPADDRESS(name.c_str()));
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(param, X509_VERIFY_PARAM_get_hostflags(param) | host_flags);
  if (!address) return X509_VERIFY_PARAM_set1_host(param, name.data(), name.size()) == 1;
  return X509_VERIFY_PARAM_set1_ip(param, ASN1_STRING_get0_data(address.get()),
                                   static_cast<std::size_t>(ASN1_STRING_length(address.get()))) ==
         1;
}

bool set_server_hostname(SSL* ssl, const ConnectionOptions& options) noexcept {
  const std::string& host = options.server_hostname;
  const Asn1OctetStringPtr address(a2i_IPADDRESS(host.c_str()));
  if (!address && SSL_set_tlsext_host_name(ssl, host.c_str()) != 1) return false;
  return !options.check_hostname || set_checked_name(ssl, host, options.host_flags);
}

Outcome Connection::open(SSL_CTX* context, int fd, const ConnectionOptions& options) noexcept {
  begin_call();
  BioPtr incoming = make_socket_bio(fd);
  if (!incoming) return failure();
  BIO_up_ref(incoming.get());
  BioPtr outgoing(incoming.get());
  return open(context, std::move(incoming), std::move(outgoing), options);
}

Outcome Connection::open(SSL_CTX* context, BioPtr incoming, BioPtr outgoing,
                         const ConnectionOptions& options) noexcept {
  begin_call();
  SslPtr ssl(SSL_new(context));
  if (!ssl) return failure();
  SSL_set0_rbio(ssl.get(), incoming.release());
  SSL_set0_wbio(ssl.get(), outgoing.release());
  SSL_set_mode(ssl.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  if (!options.server_hostname.empty() && !set_server_hostname(ssl.get(), options)) {
    return failure();
  }
  if (options.post_handshake_auth) set_post_handshake_auth(ssl.get(), options.server_side);
  options.server_side ? SSL_set_accept_state(ssl.get()) : SSL_set_connect_state(ssl.get());
  clear_errors();  // a2i_IPADDRESS() leaves an entry for what is not an address
  ssl_ = std::move(ssl);
  return {};
}

Outcome Connection::set_context(SSL_CTX* context, const ConnectionOptions& options) noexcept {
  begin_call();
  SSL* ssl = ssl_.get();
  if (!options.server_side) SSL_set_session(ssl, nullptr);  // another context's
  const bool is_set = SSL_set_SSL_CTX(ssl, context) != nullptr && copy_settings(ssl, context) &&
                      (options.server_hostname.empty() || set_server_hostname(ssl, options));
  if (!is_set) return failure();
  if (options.post_handshake_auth) set_post_handshake_auth(ssl, options.server_side);
  clear_errors();  // a2i_IPADDRESS() leaves an entry for what is not an address
  return {};
}

void Connection::set_deadline(const Deadline& deadline) noexcept {
  ssl::set_deadline(SSL_get_rbio(ssl_.get()), deadline);
}

void Connection::detach() noexcept { forget_descriptor(SSL_get_rbio(ssl_.get())); }

Outcome Connection::do_handshake() noexcept {
  begin_call();
  return take_outcome(ssl_.get(), SSL_do_handshake(ssl_.get()));
}

Outcome Connection::read(std::span<std::uint8_t> into, std::size_t& len) noexcept {
  begin_call();
  return take_outcome(ssl_.get(), SSL_read_ex(ssl_.get(), into.data(), into.size(), &len));
}

Outcome Connection::write(Bytes data) noexcept {
  begin_call();
  std::size_t written = 0;
  return take_outcome(ssl_.get(), SSL_write_ex(ssl_.get(), data.data(), data.size(), &written));
}

Outcome Connection::verify_client_post_handshake() noexcept {
  begin_call();
  if (SSL_verify_client_post_handshake(ssl_.get()) == 1) return {};
  return failure();
}

Outcome Connection::shutdown(bool& done) noexcept {
  begin_call();
  const int result = SSL_shutdown(ssl_.get());
  done = result == 1;
  if (result < 0) return take_outcome(ssl_.get(), result);
  // OpenSSL takes a fatal alert for an end like any other, and only queues it.
  const QueuedError error = take_last_error();
  return error ? Outcome{Status::error, 0, error} : Outcome{};
}

}  // namespace peercert::ssl
