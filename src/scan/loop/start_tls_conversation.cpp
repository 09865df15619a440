// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/start_tls_conversation.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>

#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::scan {
namespace {

using asio::ip::tcp;

constexpr std::size_t kChunkLen = 1024;  // most conversations are shorter

/// What a client without a name of its own says in EHLO: "[192.0.2.1]". RFC 5321, 4.1.3.
std::string address_literal(const tcp::socket& socket) {
  std::error_code ignored;
  const asio::ip::address address = socket.local_endpoint(ignored).address();
  if (address.is_v4()) return "[" + address.to_string() + "]";
  asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) {
    return "[" + asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string() + "]";
  }
  v6.scope_id(0);  // which to_string() would show
  return "[IPv6:" + v6.to_string() + "]";
}

Failure failure(ErrorClass error_class, std::string message) {
  return {error_class, Phase::start_tls, std::move(message)};
}

/// `unread` is what the peer had said last.
Failure failure_of_socket(const std::error_code& error, std::string_view unread) {
  if (error == asio::error::operation_aborted) {
    return failure(ErrorClass::timeout, "the server did not change to TLS in time");
  }
  const std::string after = unread.empty() ? "" : " after " + in_quotes(unread);
  if (error == asio::error::eof || error == asio::error::broken_pipe) {
    return failure(ErrorClass::closed, "the peer closed the connection" + after);
  }
  if (error == asio::error::connection_reset) {
    return failure(ErrorClass::reset, "the peer reset the connection" + after);
  }
  const bool timed_out = error == asio::error::timed_out;
  return failure(timed_out ? ErrorClass::timeout : ErrorClass::unreachable,
                 error.message() + after);
}

/// What has arrived and was not read is in front of TLS, which is the client's to begin.
/// StartTlsDialogue has looked at what was read.
std::optional<Failure> failure_of_noise(const tcp::socket& socket) {
  std::error_code ignored;
  if (socket.available(ignored) == 0) return std::nullopt;
  return failure(ErrorClass::start_tls, "bytes that TLS does not protect stand before it");
}

}  // namespace

asio::awaitable<std::optional<Failure>> start_tls(StartTls protocol, Wait& wait,
                                                  tcp::socket& socket, std::string host) {
  if (protocol == StartTls::none) co_return std::nullopt;
  StartTlsDialogue dialogue(protocol, std::move(host), address_literal(socket));
  std::array<char, kChunkLen> chunk;
  for (StartTlsAction action = dialogue.start();;) {
    if (action.next == StartTlsAction::Next::give_up) {
      co_return failure(ErrorClass::start_tls, std::move(action.reason));
    }
    const std::error_code error = co_await wait.write(socket, asio::buffer(action.send));
    if (error) co_return failure_of_socket(error, dialogue.unread());
    if (action.next == StartTlsAction::Next::begin_tls) co_return failure_of_noise(socket);
    const Wait::Transfer received = co_await wait.read_some(socket, asio::buffer(chunk));
    if (received.error) co_return failure_of_socket(received.error, dialogue.unread());
    action = dialogue.receive({chunk.data(), received.len});
  }
}

}  // namespace peercert::scan
