// SPDX-License-Identifier: Apache-2.0
#include "scan/start_tls_conversation.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace peercert::scan {
namespace {

using asio::awaitable;

awaitable<void> converse(StartTls protocol, PlainStream& stream, std::string host) {
  switch (protocol) {
    case StartTls::none: break;
    case StartTls::automatic: throw std::invalid_argument("STARTTLS without a protocol");
    case StartTls::smtp: return conversation::smtp(stream);
    case StartTls::lmtp: return conversation::lmtp(stream);
    case StartTls::imap: return conversation::imap(stream);
    case StartTls::pop3: return conversation::pop3(stream);
    case StartTls::ftp: return conversation::ftp(stream);
    case StartTls::sieve: return conversation::sieve(stream);
    case StartTls::xmpp: return conversation::xmpp(stream, std::move(host));
    case StartTls::xmpp_server: return conversation::xmpp_server(stream, std::move(host));
    case StartTls::ldap: return conversation::ldap(stream);
    case StartTls::postgres: return conversation::postgres(stream);
    case StartTls::mysql: return conversation::mysql(stream);
    case StartTls::nntp: return conversation::nntp(stream);
    case StartTls::irc: return conversation::irc(stream);
    case StartTls::rdp: return conversation::rdp(stream);
  }
  return {};
}

bool same_letter(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
  return lower(a) == lower(b);
}

}  // namespace

asio::awaitable<void> start_tls(StartTls protocol, PlainStream& stream, std::string host) {
  if (protocol == StartTls::none) co_return;
  co_await converse(protocol, stream, std::move(host));
  stream.expect_silence();
}

namespace conversation {

void refuse(std::string_view wanted, std::string_view said) {
  throw PlainStreamError(ErrorClass::start_tls, "the server answered " + in_quotes(said) +
                                                    " instead of " + std::string(wanted));
}

bool begins_with_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  if (!std::ranges::equal(text.substr(0, word.size()), word, same_letter)) return false;
  return text.size() == word.size() || text[word.size()] == ' ';
}

}  // namespace conversation
}  // namespace peercert::scan
