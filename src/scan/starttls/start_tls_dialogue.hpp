// SPDX-License-Identifier: Apache-2.0
// What has to be said to a server so that TLS begins: bytes in, action out, no I/O.
//
// Each protocol is a few states, which are functions: each reads one piece of what the server says,
// a line, a tag or a packet, and says what comes next. They stand in the order of the exchange,
// which stands above them: the server's lines after "S:", ours after "C:".
//
// All of them end at the last byte in front of the ClientHello. None goes on without TLS, and none
// sends more than it has to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <peercert/scan/start_tls.hpp>

#include "scan/starttls/plain_buffer.hpp"

namespace peercert::scan {

/// Bytes that a peer may send before TLS begins.
inline constexpr std::size_t kMaxPlainConversationLen = 65536;

/// What a dialogue needs next.
struct StartTlsAction {
  enum class Next : std::uint8_t {
    receive,    // more of what the server says
    begin_tls,  // nothing: the next byte is TLS's
    give_up,    // nothing: the server does not offer TLS or does not speak the protocol
  };
  Next next = Next::receive;
  std::string send{};    // goes to the server first; often empty
  std::string reason{};  // why it gives up, a sentence
};

/// One conversation with one server.
class StartTlsDialogue {
 public:
  /// `host` is the server's name or address, as XMPP tells the server. `address_literal` is what a
  /// client without a name of its own says in EHLO, "[192.0.2.1]", RFC 5321, 4.1.3.
  /// Throws std::invalid_argument for StartTls::automatic, which start_tls_of_port() resolves.
  StartTlsDialogue(StartTls protocol, std::string host, std::string address_literal);

  /// The first action, before anything is received. begin_tls at once for StartTls::none.
  [[nodiscard]] StartTlsAction start();
  /// The next one, while the last one was `receive`. How the bytes are cut into chunks changes
  /// neither how the dialogue ends nor what it sends. The cost is linear in their number.
  [[nodiscard]] StartTlsAction receive(std::string_view bytes);

  /// What was received last and is no whole piece.
  std::string_view unread() const noexcept { return buffer_.unread(); }
  const PlainBuffer& buffer() const noexcept { return buffer_; }

  // The rest is for the states.

  /// Reads one piece.
  using State = void (*)(StartTlsDialogue& dialogue, std::string_view piece);

  void say(std::string_view text) { action_.send += text; }
  void expect_line(State state) noexcept { expect(Unit::line, 0, state); }
  void expect_tag(State state) noexcept { expect(Unit::tag, 0, state); }
  /// A packet of this length. Gives up if that is more than kMaxPlainPieceLen.
  void expect_packet(std::size_t len, State state);
  void begin_tls() noexcept { action_.next = StartTlsAction::Next::begin_tls; }
  void give_up(std::string reason);
  /// Gives up: the server answered `said` where `wanted` was to be.
  void refuse(std::string_view wanted, std::string_view said);

  const std::string& host() const noexcept { return host_; }
  const std::string& address_literal() const noexcept { return address_literal_; }
  /// Whether the piece is the first one since the state was expected.
  bool is_first_piece() const noexcept { return num_pieces_ == 1; }

  bool offers_start_tls = false;  // the server does, as far as it was read
  std::size_t depth = 0;          // open elements of XML
  std::string kept{};             // of earlier pieces, what a later one completes
  State after_literal = nullptr;  // of a line in which it stands

 private:
  enum class Unit : std::uint8_t { line, tag, packet };

  void expect(Unit unit, std::size_t len, State state) noexcept;
  std::optional<std::string_view> take_piece();
  void run();
  void give_up_if_full();
  StartTlsAction take_action() noexcept { return std::exchange(action_, {action_.next, {}, {}}); }

  std::string host_;
  std::string address_literal_;
  void (*open_)(StartTlsDialogue& dialogue);
  State state_ = nullptr;
  Unit unit_ = Unit::line;
  std::size_t packet_len_ = 0;
  std::size_t num_pieces_ = 0;
  std::size_t received_ = 0;  // in all
  PlainBuffer buffer_{};
  StartTlsAction action_{};
};

/// How the dialogue of each protocol begins: what it says first, and the state that follows.
namespace dialogue {

void smtp(StartTlsDialogue& dialogue);
void lmtp(StartTlsDialogue& dialogue);
void imap(StartTlsDialogue& dialogue);
void pop3(StartTlsDialogue& dialogue);
void ftp(StartTlsDialogue& dialogue);
void sieve(StartTlsDialogue& dialogue);
void nntp(StartTlsDialogue& dialogue);
void irc(StartTlsDialogue& dialogue);

void xmpp(StartTlsDialogue& dialogue);
void xmpp_server(StartTlsDialogue& dialogue);

void ldap(StartTlsDialogue& dialogue);
void postgres(StartTlsDialogue& dialogue);
void mysql(StartTlsDialogue& dialogue);
void rdp(StartTlsDialogue& dialogue);

}  // namespace dialogue
}  // namespace peercert::scan
