// SPDX-License-Identifier: Apache-2.0
// A server says anything: the dialogue ends the same way however it is cut into chunks, sends the
// same, and within bounds. Input: a byte for the protocol, kNumChunkLens for the lengths of the
// chunks, and what the server says.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::fuzz {
namespace {

using scan::StartTls;
using Next = scan::StartTlsAction::Next;
using enum scan::StartTls;

constexpr std::array kProtocols = {smtp,        lmtp, imap,     pop3,  ftp,  sieve, xmpp,
                                   xmpp_server, ldap, postgres, mysql, nntp, irc,   rdp};
constexpr std::size_t kNumChunkLens = 3;
constexpr std::size_t kMaxSentLen = 300;     // what XMPP says, with the name of the host
constexpr std::size_t kMaxReasonLen = 1000;  // what the server said is cut

struct Ending {
  Next next = Next::receive;
  std::string reason{};
  std::string sent{};

  void take(const scan::StartTlsAction& action) {
    check(action.reason.empty() == (action.next != Next::give_up));
    next = action.next;
    reason = action.reason;
    sent += action.send;
  }
};

/// Chunks of these lengths, one after the other and then again.
Ending hear(StartTls protocol, std::string_view heard, Bytes chunk_lens) {
  scan::StartTlsDialogue dialogue(protocol, "host.example", "[192.0.2.1]");
  Ending ending;
  ending.take(dialogue.start());
  std::size_t at = 0;
  for (std::size_t i = 0; ending.next == Next::receive && at < heard.size(); ++i) {
    const std::size_t len = chunk_lens.empty() ? heard.size() : chunk_lens[i % chunk_lens.size()];
    const std::string_view chunk = heard.substr(at, std::max<std::size_t>(len, 1));
    ending.take(dialogue.receive(chunk));
    at += chunk.size();
    check(dialogue.buffer().num_searched() <= at);
  }
  check(ending.next != Next::receive || at < scan::kMaxPlainConversationLen);
  // What follows the go-ahead is a failure, in the same chunk or, for who has the socket, in the
  // next one; how much of it was received is not compared.
  const bool has_more = ending.next == Next::begin_tls && at < heard.size();
  if (has_more || ending.reason.starts_with("bytes that TLS does not protect")) {
    ending.next = Next::give_up;
    ending.reason = "bytes in front of TLS";
  }
  return ending;
}

void check_same(const Ending& a, const Ending& b) {
  check(a.next == b.next);
  check(a.reason == b.reason);
  check(a.sent == b.sent);
}

}  // namespace

void run(Bytes input) {
  if (input.size() < 1 + kNumChunkLens) return;
  const StartTls protocol = kProtocols[input[0] % kProtocols.size()];
  const Bytes chunk_lens = input.subspan(1, kNumChunkLens);
  const std::string_view heard = as_text(input.subspan(1 + kNumChunkLens));
  const Ending whole = hear(protocol, heard, {});
  check(whole.sent.size() <= kMaxSentLen);
  check(whole.reason.size() <= kMaxReasonLen);
  check_shown(whole.reason);
  check_same(whole, hear(protocol, heard, chunk_lens));
  constexpr std::array<std::uint8_t, 1> kOneByOne = {1};
  check_same(whole, hear(protocol, heard, kOneByOne));
}

}  // namespace peercert::fuzz
