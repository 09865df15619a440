// SPDX-License-Identifier: Apache-2.0
// What both sides of every STARTTLS protocol say, byte by byte, and StartTlsDialogue played to it.
#pragma once

#include <algorithm>
#include <functional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::scan {

enum class Who { server, client };

struct Said {
  Who who;
  std::string bytes;
};

inline Said s(std::string bytes) { return {Who::server, std::move(bytes)}; }
inline Said c(std::string bytes) { return {Who::client, std::move(bytes)}; }

struct Script {
  StartTls protocol;
  std::vector<Said> lines;
};

inline void PrintTo(const Script& script, std::ostream* out) { *out << to_string(script.protocol); }

/// "xmppserver", as names of tests may be.
inline std::string test_name(StartTls protocol) {
  std::string name(to_string(protocol));
  std::erase(name, '-');
  return name;
}

/// All that one side says.
inline std::string said_by(Who who, const std::vector<Said>& lines) {
  std::string all;
  for (const Said& said : lines) {
    if (said.who == who) all += said.bytes;
  }
  return all;
}

namespace scripts {

using namespace std::literals;

inline const std::string kHost = "h.example.test";
inline const std::string kLiteral = "[127.0.0.1]";
inline const std::string kXmppTls = "urn:ietf:params:xml:ns:xmpp-tls";

inline std::string xmpp_header(const std::string& content) {
  return "<?xml version='1.0'?><stream:stream to='h.example.test' version='1.0' xmlns='" + content +
         "' xmlns:stream='http://etherx.jabber.org/streams'>";
}

inline const std::string kStream =
    "<?xml version='1.0'?>\n<stream:stream id='>' "
    "xmlns:stream=\"http://etherx.jabber.org/streams\" "
    "xmlns='jabber:client' version='1.0'>";
inline const std::string kFeatures =
    "<stream:features><mechanisms xmlns='m'><mechanism>PLAIN</mechanism></mechanisms>"
    "<starttls xmlns='" +
    kXmppTls + "'><required/></starttls></stream:features>";
inline const std::string kXmppStartTls = "<starttls xmlns='" + kXmppTls + "'/>";

inline std::vector<Said> xmpp_lines(const std::string& content) {
  return {c(xmpp_header(content)), s(kStream), s(kFeatures), c(kXmppStartTls),
          s("<proceed xmlns='" + kXmppTls + "'/>")};
}

inline const std::string kLdapRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037";

/// A value in front of which stand the tag and the length, in the short form.
inline std::string tlv(char tag, const std::string& value) {
  return std::string{tag, static_cast<char>(value.size())} + value;
}

/// An LDAPMessage with an ExtendedResponse: its number, its result and what follows matchedDN.
inline std::string ldap_response(char message_id, char result, const std::string& rest) {
  const std::string number = tlv('\x02', {message_id});
  const std::string code = tlv('\x0a', {result});
  return tlv('\x30', number + tlv('\x78', code + tlv('\x04', "") + rest));
}

inline const std::string kPostgresRequest = "\0\0\0\x08\x04\xd2\x16\x2f"s;

/// The first packet of a server.
inline std::string mysql_packet(const std::string& payload) {
  return static_cast<char>(payload.size()) + "\0\0\0"s + payload;
}

/// Protocol::HandshakeV10 up to the lower half of the capabilities, two bytes.
inline std::string mysql_handshake(const std::string& capabilities) {
  return "\x0a"
         "5.5.5-10\0"
         "\1\0\0\0"
         "12345678"
         "\0"s +
         capabilities;
}

inline const std::string kMysqlGreeting =
    mysql_packet(mysql_handshake("\xfe\xff") + "\x2d\2\0\xff\x81\x15"s + std::string(11, '\0') +
                 "123456789012\0mysql_native_password\0"s);
inline const std::string kMysqlRequest =
    "\x20\0\0\1"
    "\0\x8a\0\0"
    "\0\0\0\1"
    "\x21"s +
    std::string(23, '\0');

inline const std::string kRdpRequest =
    "\3\0\0\x13"
    "\x0e\xe0\0\0\0\0\0"
    "\1\0\x08\0\3\0\0\0"s;

inline const std::vector<Script> kAll = {
    {StartTls::smtp,
     {s("220-h.example.test ESMTP\r\n220 hello\r\n"), c("EHLO [127.0.0.1]\r\n"),
      s("250-h.example.test\r\n250-SIZE 1\r\n250-StartTLS\r\n250 HELP\r\n"), c("STARTTLS\r\n"),
      s("220 go\r\n")}},
    {StartTls::lmtp,
     {s("220 h.example.test LMTP\r\n"), c("LHLO [127.0.0.1]\r\n"),
      s("250-h.example.test\r\n250 STARTTLS\r\n"), c("STARTTLS\r\n"), s("220\r\n")}},
    {StartTls::imap,
     {s("* OK [ALERT] hello\r\n"), c("a1 CAPABILITY\r\n"),
      s("* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n* 3 EXISTS\r\na1 OK done\r\n"),
      c("a2 STARTTLS\r\n"), s("* NO slow today\r\na2 OK go\r\n")}},
    {StartTls::pop3, {s("+OK hello\r\n"), c("STLS\r\n"), s("+OK\r\n")}},
    {StartTls::ftp,
     {s("220-Hello\r\n 220 is what I say\r\n220-and once more\r\n220 end\r\n"), c("AUTH TLS\r\n"),
      s("234-go\r\n234x\r\n234 now\r\n")}},
    {StartTls::sieve,
     {s("\"IMPLEMENTATION\" {4}\r\nOK\r\n\r\n{5}\r\nSIEVE \"fileinto\"\r\n\"STARTTLS\"\r\nOK "
        "\"hello\"\r\n"),
      c("STARTTLS\r\n"), s("OK (TAG) {3+}\r\ngo!\r\n")}},
    {StartTls::xmpp, xmpp_lines("jabber:client")},
    {StartTls::xmpp_server, xmpp_lines("jabber:server")},
    {StartTls::ldap,
     {c(kLdapRequest), s("\x30\x81\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"s)}},
    {StartTls::postgres, {c(kPostgresRequest), s("S")}},
    {StartTls::mysql, {s(kMysqlGreeting), c(kMysqlRequest)}},
    {StartTls::nntp, {s("201 hello\r\n"), c("STARTTLS\r\n"), s("382 go\r\n")}},
    {StartTls::irc,
     {c("STARTTLS\r\n"),
      s(":irc NOTICE * :*** Looking up\r\nPING :x\r\n:irc CAP * LS :tls\r\n:irc 020 * :wait\r\n"
        "@time=1 :irc 670 * :go\r\n")}},
    {StartTls::rdp,
     {c(kRdpRequest), s("\3\0\0\x13"
                        "\x0e\xd0\0\0\x12\x34\0"
                        "\2\x1f\x08\0\2\0\0\0"s)}},
};

}  // namespace scripts

/// Where a dialogue came to, and what it sent on the way there.
struct Outcome {
  StartTlsAction::Next next = StartTlsAction::Next::receive;
  std::string reason{};
  std::string sent{};

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << static_cast<int>(outcome.next) << " \"" << outcome.reason << "\" after it sent "
       << in_quotes(outcome.sent);
}

inline const std::string kInjected = "bytes that TLS does not protect stand before it";

/// Gives the dialogue the bytes in chunks of the lengths that `chunk_len` says, each at least 1.
/// As for the driver, what is left behind the go-ahead is a failure; what of it was received, which
/// the chunks decide, is not compared.
inline Outcome hear(StartTlsDialogue& dialogue, std::string_view bytes,
                    const std::function<std::size_t()>& chunk_len) {
  using Next = StartTlsAction::Next;
  StartTlsAction action = dialogue.start();
  Outcome outcome{action.next, action.reason, action.send};
  while (outcome.next == Next::receive && !bytes.empty()) {
    const std::string_view chunk = bytes.substr(0, chunk_len());
    bytes.remove_prefix(chunk.size());
    action = dialogue.receive(chunk);
    outcome = {action.next, action.reason, outcome.sent + action.send};
  }
  const bool has_more = outcome.next == Next::begin_tls && !bytes.empty();
  if (has_more || outcome.reason.starts_with(kInjected)) {
    outcome.next = Next::give_up;
    outcome.reason = kInjected;
  }
  return outcome;
}

inline Outcome hear(StartTls protocol, std::string_view bytes,
                    std::size_t chunk_len = std::string_view::npos) {
  StartTlsDialogue dialogue(protocol, scripts::kHost, scripts::kLiteral);
  return hear(dialogue, bytes, [chunk_len] { return chunk_len; });
}

/// Plays the script, and compares what the client says where the script has it.
inline Outcome play(const Script& script) {
  StartTlsDialogue dialogue(script.protocol, scripts::kHost, scripts::kLiteral);
  StartTlsAction action = dialogue.start();
  Outcome outcome{action.next, action.reason, action.send};
  std::string expected;
  for (const Said& said : script.lines) {
    if (said.who == Who::client) {
      expected += said.bytes;
      continue;
    }
    EXPECT_EQ(outcome.sent, expected);
    EXPECT_EQ(outcome.next, StartTlsAction::Next::receive) << outcome.reason;
    if (outcome.next != StartTlsAction::Next::receive) return outcome;
    action = dialogue.receive(said.bytes);
    outcome = {action.next, action.reason, outcome.sent + action.send};
  }
  EXPECT_EQ(outcome.sent, expected);
  return outcome;
}

/// Bytes changed, left out and put in between, the same ones for the same seed.
inline std::string mutated(std::string bytes, std::minstd_rand& random) {
  if (bytes.empty()) return bytes;
  const std::size_t at = random() % bytes.size();
  const char byte = static_cast<char>(random());
  switch (random() % 5) {
    case 0: bytes[at] = byte; break;
    case 1: bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8); break;
    case 2: bytes.erase(at, 1 + random() % 4); break;
    case 3: bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40)); break;
    default: bytes.insert(at, 1 + random() % 300, byte);
  }
  return bytes;
}

}  // namespace peercert::scan
