// SPDX-License-Identifier: Apache-2.0
#include "scan/starttls/start_tls_dialogue.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace peercert::scan {
namespace {

using Next = StartTlsAction::Next;

using Opening = void (*)(StartTlsDialogue&);

Opening opening_of(StartTls protocol) {
  switch (protocol) {
    case StartTls::none: return [](StartTlsDialogue& dialogue) { dialogue.begin_tls(); };
    case StartTls::automatic: break;
    case StartTls::smtp: return dialogue::smtp;
    case StartTls::lmtp: return dialogue::lmtp;
    case StartTls::imap: return dialogue::imap;
    case StartTls::pop3: return dialogue::pop3;
    case StartTls::ftp: return dialogue::ftp;
    case StartTls::sieve: return dialogue::sieve;
    case StartTls::xmpp: return dialogue::xmpp;
    case StartTls::xmpp_server: return dialogue::xmpp_server;
    case StartTls::ldap: return dialogue::ldap;
    case StartTls::postgres: return dialogue::postgres;
    case StartTls::mysql: return dialogue::mysql;
    case StartTls::nntp: return dialogue::nntp;
    case StartTls::irc: return dialogue::irc;
    case StartTls::rdp: return dialogue::rdp;
  }
  throw std::invalid_argument("STARTTLS without a protocol");
}

}  // namespace

StartTlsDialogue::StartTlsDialogue(StartTls protocol, std::string host, std::string address_literal)
    : host_(std::move(host)),
      address_literal_(std::move(address_literal)),
      open_(opening_of(protocol)) {}

StartTlsAction StartTlsDialogue::start() {
  open_(*this);
  return take_action();
}

StartTlsAction StartTlsDialogue::receive(std::string_view bytes) {
  assert(action_.next == Next::receive);
  const std::string_view allowed = bytes.substr(0, kMaxPlainConversationLen - received_);
  const bool is_cut = allowed.size() < bytes.size();
  received_ += allowed.size();
  buffer_.append(allowed);
  run();
  if (action_.next == Next::receive && received_ == kMaxPlainConversationLen) {
    give_up("the peer talks on and on without TLS");
  }
  // Whatever follows the go-ahead was injected by somebody (CVE-2011-0411), and must not be taken
  // for what the peer says under TLS.
  if (action_.next == Next::begin_tls && (is_cut || !unread().empty())) {
    give_up("bytes that TLS does not protect stand before it: " + in_quotes(unread()));
  }
  return take_action();
}

void StartTlsDialogue::run() {
  while (action_.next == Next::receive) {
    const std::optional<std::string_view> piece = take_piece();
    if (!piece) return give_up_if_full();
    ++num_pieces_;
    state_(*this, *piece);
  }
}

void StartTlsDialogue::give_up_if_full() {
  if (!buffer_.is_full()) return;
  give_up(unit_ == Unit::tag ? "the peer sent a tag that does not end"
                             : "the peer sent a line that does not end");
}

std::optional<std::string_view> StartTlsDialogue::take_piece() {
  switch (unit_) {
    case Unit::line: return buffer_.take_line();
    case Unit::tag: return buffer_.take_tag();
    case Unit::packet: return buffer_.take(packet_len_);
  }
  return std::nullopt;
}

void StartTlsDialogue::expect(Unit unit, std::size_t len, State state) noexcept {
  unit_ = unit;
  packet_len_ = len;
  state_ = state;
  num_pieces_ = 0;
}

void StartTlsDialogue::expect_packet(std::size_t len, State state) {
  if (len > kMaxPlainPieceLen) return give_up("the peer announced a packet that is too long");
  expect(Unit::packet, len, state);
}

void StartTlsDialogue::give_up(std::string reason) {
  action_.next = Next::give_up;
  action_.reason = std::move(reason);
}

void StartTlsDialogue::refuse(std::string_view wanted, std::string_view said) {
  give_up("the server answered " + in_quotes(said) + " instead of " + std::string(wanted));
}

}  // namespace peercert::scan
