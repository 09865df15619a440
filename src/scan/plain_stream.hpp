// SPDX-License-Identifier: Apache-2.0
// The plain text in front of TLS: what a peer says is read in small pieces and within bounds.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <peercert/scan/record.hpp>

namespace peercert::scan {

/// Octets of one line or of one packet. RFC 9051, 4 wants clients to take lines of this length; the
/// other protocols stay far below it.
inline constexpr std::size_t kMaxPlainPieceLen = 8192;
/// Octets that a peer may send before TLS begins.
inline constexpr std::size_t kMaxPlainConversationLen = 65536;

/// Why a conversation in plain text failed: ErrorClass::start_tls for what the peer said, `reset`,
/// `closed`, `timeout` or `unreachable` for what became of the connection. what() is a sentence.
class PlainStreamError : public std::runtime_error {
 public:
  PlainStreamError(ErrorClass error_class, const std::string& message)
      : std::runtime_error(message), error_class_(error_class) {}
  ErrorClass error_class() const noexcept { return error_class_; }

 private:
  ErrorClass error_class_;
};

/// What a peer said, fit to be shown: in double quotes, cut behind 200 octets, all that is not
/// printable ASCII as \xHH, `"` and `\` behind a backslash.
std::string in_quotes(std::string_view said);

/// Lines and packets over a connected socket, which it borrows. It has no deadline of its own: who
/// waits for it cancels the socket, which ends the call with asio::error::operation_aborted as an
/// asio::system_error. Everything else that goes wrong is a PlainStreamError.
class PlainStream {
 public:
  explicit PlainStream(asio::ip::tcp::socket& socket) noexcept : socket_(&socket) {}

  const asio::ip::tcp::socket& socket() const noexcept { return *socket_; }

  /// The next line without its end, which is CRLF, or LF alone.
  asio::awaitable<std::string> read_line();
  /// The octets up to `end` and with it, at most kMaxPlainPieceLen.
  asio::awaitable<std::string> read_through(char end);
  /// Just so many octets. A failure if they are more than kMaxPlainPieceLen.
  asio::awaitable<std::string> read_exactly(std::size_t len);

  asio::awaitable<void> write(std::string text);

  /// Throws if the peer has said more than was read. Where TLS is to begin this has to be called:
  /// what stands there was injected by somebody (CVE-2011-0411), and must not be taken for what the
  /// peer says under TLS.
  void expect_silence() const;

 private:
  asio::awaitable<void> fill();
  std::string take(std::size_t len);

  asio::ip::tcp::socket* socket_;
  std::string buffer_{};      // received and not read yet
  std::size_t received_ = 0;  // octets in all
};

}  // namespace peercert::scan
