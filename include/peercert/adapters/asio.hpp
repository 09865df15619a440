// SPDX-License-Identifier: Apache-2.0
// For Boost.Asio, standalone Asio and Beast, and for whatever else hands out OpenSSL's objects by a
// native_handle(). Includes none of their headers.
//
// All of these ask the stream when they are called and keep nothing of it: what they give lives on
// after the stream. As on any stream, not while an asynchronous operation is in progress on another
// thread.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/server_hostname.hpp>

namespace peercert::ssl {

/// boost::asio::ssl::stream, asio::ssl::stream, boost::beast::ssl_stream, ssl::SSLSocket.
template <class T>
concept SslStream = requires(T& stream) {
  { stream.native_handle() } -> std::convertible_to<ssl_st*>;
};

/// boost::asio::ssl::context, asio::ssl::context, ssl::SSLContext.
template <class T>
concept SslContext = requires(T& context) {
  { context.native_handle() } -> std::convertible_to<ssl_ctx_st*>;
};

/// capture_verification(SSL_CTX*): to be called before streams are made of the context. Streams may
/// have set_verify_callback() all the same.
template <SslContext Context>
void capture_verification(Context& context) {
  capture_verification(context.native_handle());
}

/// require_verified_peers(SSL_CTX*): set_verify_mode() and capture_verification() in one.
template <SslContext Context>
void require_verified_peers(Context& context) {
  require_verified_peers(context.native_handle());
}

/// peer_identity(SSL*): who the peer is, and whether that was verified; also after a handshake() or
/// async_handshake() that failed.
template <SslStream Stream>
PeerIdentity peer_identity(Stream& stream) {
  return peer_identity(stream.native_handle());
}

/// set_server_hostname(SSL*): to be called on a client before its handshake. Asio itself sends no
/// SNI, verifies nobody by default, and never compares names.
template <SslStream Stream>
void set_server_hostname(Stream& stream, const std::string& server_hostname) {
  set_server_hostname(stream.native_handle(), server_hostname);
}

/// getpeercert(SSL*): nullopt if the peer sent no certificate; empty() if the context does not
/// verify peers, which Asio's do only after set_verify_mode().
template <SslStream Stream>
std::optional<PeerCert> getpeercert(Stream& stream) {
  return getpeercert(stream.native_handle());
}

/// getpeercert(SSL*, binary_form): the certificate's DER, verified or not.
template <SslStream Stream>
std::optional<Der> getpeercert(Stream& stream, binary_form_t) {
  return getpeercert(stream.native_handle(), binary_form);
}

/// get_verified_chain(SSL*), leaf first. No proof: see there.
template <SslStream Stream>
std::vector<Der> get_verified_chain(Stream& stream) {
  return get_verified_chain(stream.native_handle());
}

/// get_unverified_chain(SSL*): as the peer sent it, leaf first.
template <SslStream Stream>
std::vector<Der> get_unverified_chain(Stream& stream) {
  return get_unverified_chain(stream.native_handle());
}

/// get_verify_result(SSL*), which tells after a failed handshake() why it failed.
template <SslStream Stream>
VerifyResult get_verify_result(Stream& stream) {
  return get_verify_result(stream.native_handle());
}

}  // namespace peercert::ssl
