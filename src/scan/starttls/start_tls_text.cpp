// SPDX-License-Identifier: Apache-2.0
// The protocols that talk in lines.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::scan::dialogue {
namespace {

using Dialogue = StartTlsDialogue;
using Line = std::string_view;

bool same_letter(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
  return lower(a) == lower(b);
}

/// Whether `text` begins with the word, in any case, and a space or nothing follows it.
bool begins_with_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  if (!std::ranges::equal(text.substr(0, word.size()), word, same_letter)) return false;
  return text.size() == word.size() || text[word.size()] == ' ';
}

/// Whether the line ends a reply with this code: the first lines start with "250-", the last one
/// with "250 " or is "250". Refuses another reply. RFC 5321, 4.2.1.
bool ends_reply(Dialogue& dialogue, std::string_view code, Line line) {
  const char after = line.size() > code.size() ? line[code.size()] : ' ';
  if (line.starts_with(code) && (after == ' ' || after == '-')) return after == ' ';
  dialogue.refuse(code, line);
  return false;
}

void refuse_without_start_tls(Dialogue& dialogue) {
  dialogue.give_up("the server does not offer STARTTLS");
}

// RFC 3207, 4 and 5321, 4.1.1.1. Without a fall back to HELO, whose answer has no extensions.
//   S: 220 mx.example.org ESMTP
//   C: EHLO [192.0.2.1]
//   S: 250-mx.example.org
//   S: 250 STARTTLS
//   C: STARTTLS
//   S: 220 Ready to start TLS

void smtp_go_ahead(Dialogue& dialogue, Line line) {
  if (ends_reply(dialogue, "220", line)) dialogue.begin_tls();
}

void smtp_extensions(Dialogue& dialogue, Line line) {
  const bool is_last = ends_reply(dialogue, "250", line);
  const Line keyword = line.substr(std::min<std::size_t>(line.size(), 4));
  // The first line has the server's name.
  if (!dialogue.is_first_piece() && begins_with_word(keyword, "STARTTLS")) {
    dialogue.offers_start_tls = true;
  }
  if (!is_last) return;
  if (!dialogue.offers_start_tls) return refuse_without_start_tls(dialogue);
  dialogue.say("STARTTLS\r\n");
  dialogue.expect_line(smtp_go_ahead);
}

void say_hello(Dialogue& dialogue, std::string_view hello, Line greeting) {
  if (!ends_reply(dialogue, "220", greeting)) return;
  dialogue.say(hello);
  dialogue.say(" " + dialogue.address_literal() + "\r\n");
  dialogue.expect_line(smtp_extensions);
}

void smtp_greeting(Dialogue& dialogue, Line line) { say_hello(dialogue, "EHLO", line); }
void lmtp_greeting(Dialogue& dialogue, Line line) { say_hello(dialogue, "LHLO", line); }

}  // namespace

void smtp(Dialogue& dialogue) { dialogue.expect_line(smtp_greeting); }

// RFC 2033, 4.1: as SMTP, with another word for EHLO.
void lmtp(Dialogue& dialogue) { dialogue.expect_line(lmtp_greeting); }

namespace {

// RFC 9051, 6.2.1 and 7.1.
//   S: * OK IMAP4rev2 server ready
//   C: a1 CAPABILITY
//   S: * CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED
//   S: a1 OK done
//   C: a2 STARTTLS
//   S: a2 OK Begin TLS negotiation now

constexpr std::string_view kUntagged = "* ";

bool lists_start_tls(Line untagged) noexcept {
  std::string_view words = untagged.substr(kUntagged.size());
  if (!begins_with_word(words, "CAPABILITY")) return false;
  for (std::size_t at = words.find(' '); at != std::string_view::npos; at = words.find(' ')) {
    words.remove_prefix(at + 1);
    if (begins_with_word(words, "STARTTLS")) return true;
  }
  return false;
}

/// Whether the line ends the command with this tag, and well. Refuses another end, and lines that
/// are neither an end nor untagged. RFC 9051, 2.2.2.
bool ends_imap_command(Dialogue& dialogue, std::string_view tag, Line line) {
  if (line.starts_with(kUntagged)) return false;
  const bool is_tagged = line.starts_with(tag) && line.substr(tag.size()).starts_with(' ');
  if (!is_tagged) {
    dialogue.refuse("an answer to " + std::string(tag), line);
    return false;
  }
  const std::string_view status = line.substr(tag.size() + 1);
  if (begins_with_word(status, "OK")) return true;
  dialogue.refuse("OK", status);
  return false;
}

void imap_go_ahead(Dialogue& dialogue, Line line) {
  if (ends_imap_command(dialogue, "a2", line)) dialogue.begin_tls();
}

void imap_capability(Dialogue& dialogue, Line line) {
  const bool is_last = ends_imap_command(dialogue, "a1", line);
  if (line.starts_with(kUntagged) && lists_start_tls(line)) dialogue.offers_start_tls = true;
  if (!is_last) return;
  if (!dialogue.offers_start_tls) return refuse_without_start_tls(dialogue);
  dialogue.say("a2 STARTTLS\r\n");
  dialogue.expect_line(imap_go_ahead);
}

void imap_greeting(Dialogue& dialogue, Line line) {
  // PREAUTH is not good enough: TLS has to begin before a client is authenticated.
  if (!begins_with_word(line, "* OK")) return dialogue.refuse("* OK", line);
  dialogue.say("a1 CAPABILITY\r\n");
  dialogue.expect_line(imap_capability);
}

}  // namespace

void imap(Dialogue& dialogue) { dialogue.expect_line(imap_greeting); }

namespace {

// RFC 2595, 4.
//   S: +OK POP3 server ready
//   C: STLS
//   S: +OK Begin TLS negotiation

void pop3_go_ahead(Dialogue& dialogue, Line line) {
  if (!begins_with_word(line, "+OK")) return dialogue.refuse("+OK", line);
  dialogue.begin_tls();
}

void pop3_greeting(Dialogue& dialogue, Line line) {
  if (!begins_with_word(line, "+OK")) return dialogue.refuse("+OK", line);
  dialogue.say("STLS\r\n");
  dialogue.expect_line(pop3_go_ahead);
}

}  // namespace

void pop3(Dialogue& dialogue) { dialogue.expect_line(pop3_greeting); }

namespace {

// RFC 4217, 4.
//   S: 220 FTP server ready
//   C: AUTH TLS
//   S: 234 Proceed with negotiation

/// As ends_reply(), by the rules of FTP: a line of text inside of a reply may begin with anything,
/// and the last one with the code and a space. RFC 959, 4.2.
bool ends_ftp_reply(Dialogue& dialogue, std::string_view code, Line line) {
  if (dialogue.is_first_piece()) return ends_reply(dialogue, code, line);
  return begins_with_word(line, code);
}

void ftp_go_ahead(Dialogue& dialogue, Line line) {
  if (ends_ftp_reply(dialogue, "234", line)) dialogue.begin_tls();
}

void ftp_greeting(Dialogue& dialogue, Line line) {
  if (!ends_ftp_reply(dialogue, "220", line)) return;
  dialogue.say("AUTH TLS\r\n");
  dialogue.expect_line(ftp_go_ahead);
}

}  // namespace

void ftp(Dialogue& dialogue) { dialogue.expect_line(ftp_greeting); }

namespace {

// RFC 5804, 1.7 and 2.2.
//   S: "IMPLEMENTATION" "Example1 ManageSieved v001"
//   S: "STARTTLS"
//   S: OK
//   C: STARTTLS
//   S: OK "Begin TLS negotiation now"

/// The length of a literal, `{12}`, at the end of a line. RFC 5804, 4.
std::optional<std::size_t> literal_len(Line line) noexcept {
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos || !line.ends_with('}')) return std::nullopt;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  std::size_t len = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), len);
  if (error != std::errc{} || end != digits.data() + digits.size()) return {};
  return len;
}

void sieve_literal(Dialogue& dialogue, std::string_view text) {
  dialogue.kept += text;
  dialogue.expect_line(dialogue.after_literal);
}

/// A line with what its literals hold, so that no line of a literal is taken for an answer; nullopt
/// while a literal is missing: `state` is then given what follows it.
std::optional<std::string> sieve_line(Dialogue& dialogue, Line line, Dialogue::State state) {
  dialogue.kept += line;
  const std::optional<std::size_t> len = literal_len(line);
  if (!len) return std::exchange(dialogue.kept, {});
  dialogue.after_literal = state;
  dialogue.expect_packet(*len, sieve_literal);
  return std::nullopt;
}

// A response is lines in front of OK, which ends it. RFC 5804, 1.2 and 1.3.

void sieve_go_ahead(Dialogue& dialogue, Line part) {
  const std::optional<std::string> line = sieve_line(dialogue, part, sieve_go_ahead);
  if (!line) return;
  if (!begins_with_word(*line, "OK")) return dialogue.refuse("OK", *line);
  dialogue.begin_tls();
}

void sieve_capabilities(Dialogue& dialogue, Line part) {
  const std::optional<std::string> line = sieve_line(dialogue, part, sieve_capabilities);
  if (!line) return;
  if (begins_with_word(*line, "OK")) {
    if (!dialogue.offers_start_tls) return refuse_without_start_tls(dialogue);
    dialogue.say("STARTTLS\r\n");
    return dialogue.expect_line(sieve_go_ahead);
  }
  if (!line->starts_with('"') && !line->starts_with('{')) return dialogue.refuse("OK", *line);
  if (begins_with_word(*line, "\"STARTTLS\"")) dialogue.offers_start_tls = true;
}

}  // namespace

void sieve(Dialogue& dialogue) { dialogue.expect_line(sieve_capabilities); }

namespace {

// RFC 4642, 2.2.
//   S: 200 news.example.org ready, posting allowed
//   C: STARTTLS
//   S: 382 Continue with TLS negotiation

void nntp_go_ahead(Dialogue& dialogue, Line line) {
  if (!begins_with_word(line, "382")) return dialogue.refuse("382", line);
  dialogue.begin_tls();
}

void nntp_greeting(Dialogue& dialogue, Line line) {
  const bool ready = begins_with_word(line, "200") || begins_with_word(line, "201");
  if (!ready) return dialogue.refuse("200 or 201", line);
  dialogue.say("STARTTLS\r\n");
  dialogue.expect_line(nntp_go_ahead);
}

}  // namespace

void nntp(Dialogue& dialogue) { dialogue.expect_line(nntp_greeting); }

namespace {

// IRCv3, the extension tls: before anything else, so that the client is nobody yet.
//   S: :irc.example.org NOTICE * :*** Looking up your hostname...
//   C: STARTTLS
//   S: :irc.example.org 670 * :STARTTLS successful, go ahead with TLS handshake

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

void irc_go_ahead(Dialogue& dialogue, Line line) {
  const std::string_view command = without_prefix(line);
  if (begins_with_word(command, "670")) return dialogue.begin_tls();
  if (!is_small_talk(command)) dialogue.refuse("670", line);
}

}  // namespace

void irc(Dialogue& dialogue) {
  dialogue.say("STARTTLS\r\n");
  dialogue.expect_line(irc_go_ahead);
}

}  // namespace peercert::scan::dialogue
