// SPDX-License-Identifier: Apache-2.0
// The protocols that talk in lines.
#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scan/start_tls_conversation.hpp"

namespace peercert::scan::conversation {
namespace {

using asio::awaitable;

/// The first lines of a reply start with "250-", the last one with "250 " or is "250".
/// RFC 5321, 4.2.1.
bool is_reply_line(std::string_view line) noexcept {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), is_digit) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

bool more_lines_follow(std::string_view line) noexcept { return line.size() > 3 && line[3] == '-'; }

/// A reply with this code; else throws. What stands behind the codes is returned.
awaitable<std::vector<std::string>> read_reply(PlainStream& stream, std::string code) {
  std::vector<std::string> lines;
  bool more = true;
  while (more) {
    const std::string line = co_await stream.read_line();
    if (!is_reply_line(line) || !line.starts_with(code)) refuse(code, line);
    more = more_lines_follow(line);
    lines.push_back(line.substr(std::min<std::size_t>(line.size(), 4)));
  }
  co_return lines;
}

/// As read_reply(), by the rules of FTP: a line of text inside of a reply may begin with anything,
/// and the last one with the code and a space. RFC 959, 4.2.
awaitable<void> read_ftp_reply(PlainStream& stream, std::string code) {
  std::string line = co_await stream.read_line();
  if (!is_reply_line(line) || !line.starts_with(code)) refuse(code, line);
  if (!more_lines_follow(line)) co_return;
  while (!begins_with_word(line, code)) line = co_await stream.read_line();
}

bool offers(std::span<const std::string> extensions, std::string_view keyword) noexcept {
  return std::ranges::any_of(extensions, [keyword](std::string_view extension) {
    return begins_with_word(extension, keyword);
  });
}

[[noreturn]] void throw_not_offered() {
  throw PlainStreamError(ErrorClass::start_tls, "the server does not offer STARTTLS");
}

/// What a client without a name of its own says in EHLO: "[192.0.2.1]". RFC 5321, 4.1.3.
std::string address_literal(const PlainStream& stream) {
  asio::error_code ignored;
  asio::ip::address address = stream.socket().local_endpoint(ignored).address();
  if (address.is_v4()) return "[" + address.to_string() + "]";
  asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) {
    return "[" + asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string() + "]";
  }
  v6.scope_id(0);  // which to_string() would show
  return "[IPv6:" + v6.to_string() + "]";
}

awaitable<void> greet_and_start(PlainStream& stream, std::string hello) {
  co_await read_reply(stream, "220");
  co_await stream.write(hello + " " + address_literal(stream) + "\r\n");
  const std::vector<std::string> lines = co_await read_reply(stream, "250");
  const std::span extensions = std::span(lines).subspan(1);  // behind the server's name
  if (!offers(extensions, "STARTTLS")) throw_not_offered();
  co_await stream.write("STARTTLS\r\n");
  co_await read_reply(stream, "220");
}

}  // namespace

// RFC 3207, 4 and 5321, 4.1.1.1. Without a fall back to HELO, whose answer has no extensions.
//   S: 220 mx.example.org ESMTP
//   C: EHLO [192.0.2.1]
//   S: 250-mx.example.org
//   S: 250 STARTTLS
//   C: STARTTLS
//   S: 220 Ready to start TLS
awaitable<void> smtp(PlainStream& stream) { co_await greet_and_start(stream, "EHLO"); }

// RFC 2033, 4.1: as SMTP, with another word for EHLO.
awaitable<void> lmtp(PlainStream& stream) { co_await greet_and_start(stream, "LHLO"); }

namespace {

constexpr std::string_view kUntagged = "* ";

/// What stands behind the tag in the line that ends a command, and what the lines in front of that
/// told. RFC 9051, 2.2.2.
struct ImapAnswer {
  std::string status{};
  bool offers_start_tls = false;
};

bool lists_start_tls(std::string_view line) noexcept {
  std::string_view words = line.substr(kUntagged.size());
  if (!begins_with_word(words, "CAPABILITY")) return false;
  for (std::size_t at = words.find(' '); at != std::string_view::npos; at = words.find(' ')) {
    words.remove_prefix(at + 1);
    if (begins_with_word(words, "STARTTLS")) return true;
  }
  return false;
}

awaitable<ImapAnswer> read_imap_answer(PlainStream& stream, std::string tag) {
  ImapAnswer answer;
  while (true) {
    const std::string line = co_await stream.read_line();
    if (line.starts_with(tag + " ")) {
      answer.status = line.substr(tag.size() + 1);
      co_return answer;
    }
    if (!line.starts_with(kUntagged)) refuse("an answer to " + tag, line);
    answer.offers_start_tls = answer.offers_start_tls || lists_start_tls(line);
  }
}

}  // namespace

// RFC 9051, 6.2.1 and 7.1.
//   S: * OK IMAP4rev2 server ready
//   C: a1 CAPABILITY
//   S: * CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED
//   S: a1 OK done
//   C: a2 STARTTLS
//   S: a2 OK Begin TLS negotiation now
awaitable<void> imap(PlainStream& stream) {
  const std::string greeting = co_await stream.read_line();
  // PREAUTH is not good enough: TLS has to begin before a client is authenticated.
  if (!begins_with_word(greeting, "* OK")) refuse("* OK", greeting);
  co_await stream.write("a1 CAPABILITY\r\n");
  const ImapAnswer capability = co_await read_imap_answer(stream, "a1");
  if (!begins_with_word(capability.status, "OK")) refuse("OK", capability.status);
  if (!capability.offers_start_tls) throw_not_offered();
  co_await stream.write("a2 STARTTLS\r\n");
  const ImapAnswer start = co_await read_imap_answer(stream, "a2");
  if (!begins_with_word(start.status, "OK")) refuse("OK", start.status);
}

// RFC 2595, 4.
//   S: +OK POP3 server ready
//   C: STLS
//   S: +OK Begin TLS negotiation
awaitable<void> pop3(PlainStream& stream) {
  const std::string greeting = co_await stream.read_line();
  if (!begins_with_word(greeting, "+OK")) refuse("+OK", greeting);
  co_await stream.write("STLS\r\n");
  const std::string answer = co_await stream.read_line();
  if (!begins_with_word(answer, "+OK")) refuse("+OK", answer);
}

// RFC 4217, 4.
//   S: 220 FTP server ready
//   C: AUTH TLS
//   S: 234 Proceed with negotiation
awaitable<void> ftp(PlainStream& stream) {
  co_await read_ftp_reply(stream, "220");
  co_await stream.write("AUTH TLS\r\n");
  co_await read_ftp_reply(stream, "234");
}

namespace {

/// The length of a literal, `{12}`, at the end of a line. RFC 5804, 4.
std::optional<std::size_t> literal_len(std::string_view line) noexcept {
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos || !line.ends_with('}')) return std::nullopt;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  std::size_t len = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), len);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return {};
  return len;
}

/// A line with what its literals hold, so that no line of a literal is taken for an answer.
awaitable<std::string> read_sieve_line(PlainStream& stream) {
  std::string all = co_await stream.read_line();
  std::optional<std::size_t> len = literal_len(all);
  while (len) {
    const std::string literal = co_await stream.read_exactly(*len);
    const std::string rest = co_await stream.read_line();
    all += literal + rest;
    len = literal_len(rest);
  }
  co_return all;
}

/// The lines in front of OK, which ends a response. RFC 5804, 1.2 and 1.3.
awaitable<std::vector<std::string>> read_sieve_response(PlainStream& stream) {
  std::vector<std::string> lines;
  while (true) {
    const std::string line = co_await read_sieve_line(stream);
    if (begins_with_word(line, "OK")) co_return lines;
    if (!line.starts_with('"') && !line.starts_with('{')) refuse("OK", line);
    lines.push_back(line);
  }
}

}  // namespace

// RFC 5804, 1.7 and 2.2.
//   S: "IMPLEMENTATION" "Example1 ManageSieved v001"
//   S: "STARTTLS"
//   S: OK
//   C: STARTTLS
//   S: OK "Begin TLS negotiation now"
awaitable<void> sieve(PlainStream& stream) {
  const std::vector<std::string> capabilities = co_await read_sieve_response(stream);
  if (!offers(capabilities, "\"STARTTLS\"")) throw_not_offered();
  co_await stream.write("STARTTLS\r\n");
  const std::vector<std::string> answer = co_await read_sieve_response(stream);
  if (!answer.empty()) refuse("OK", answer.front());
}

// RFC 4642, 2.2.
//   S: 200 news.example.org ready, posting allowed
//   C: STARTTLS
//   S: 382 Continue with TLS negotiation
awaitable<void> nntp(PlainStream& stream) {
  const std::string greeting = co_await stream.read_line();
  const bool ready = begins_with_word(greeting, "200") || begins_with_word(greeting, "201");
  if (!ready) refuse("200 or 201", greeting);
  co_await stream.write("STARTTLS\r\n");
  const std::string answer = co_await stream.read_line();
  if (!begins_with_word(answer, "382")) refuse("382", answer);
}

namespace {

/// A message without tags and prefix: "@time=... :irc.example.org 670 * :text" is "670 * :text".
std::string_view without_prefix(std::string_view message) noexcept {
  for (const char mark : {'@', ':'}) {
    if (!message.starts_with(mark)) continue;
    message.remove_prefix(std::min(message.find(' '), message.size()));
    message.remove_prefix(std::min(message.find_first_not_of(' '), message.size()));
  }
  return message;
}

/// Whether it is something that a server says before a client has registered.
bool is_small_talk(std::string_view command) noexcept {
  constexpr std::string_view kCommands[] = {"NOTICE", "PING", "CAP", "020"};
  return std::ranges::any_of(
      kCommands, [command](std::string_view word) { return begins_with_word(command, word); });
}

}  // namespace

// IRCv3, the extension tls: before anything else, so that the client is nobody yet.
//   S: :irc.example.org NOTICE * :*** Looking up your hostname...
//   C: STARTTLS
//   S: :irc.example.org 670 * :STARTTLS successful, go ahead with TLS handshake
awaitable<void> irc(PlainStream& stream) {
  co_await stream.write("STARTTLS\r\n");
  while (true) {
    const std::string line = co_await stream.read_line();
    const std::string_view command = without_prefix(line);
    if (begins_with_word(command, "670")) co_return;
    if (!is_small_talk(command)) refuse("670", line);
  }
}

}  // namespace peercert::scan::conversation
