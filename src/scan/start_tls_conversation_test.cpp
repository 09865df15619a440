// SPDX-License-Identifier: Apache-2.0
// Every protocol with a scripted peer, over a socket of 127.0.0.1: what both sides say, octet by
// octet; and the same script cut short, in single octets, with more behind it.
#include "scan/start_tls_conversation.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "support/scripted_peer.hpp"

namespace peercert::scan {
namespace {

using namespace std::literals;

struct Script {
  StartTls protocol;
  std::vector<Said> lines;
};

void PrintTo(const Script& script, std::ostream* out) { *out << to_string(script.protocol); }

const std::string kXmppTls = "urn:ietf:params:xml:ns:xmpp-tls";

std::string xmpp_header(const std::string& content) {
  return "<?xml version='1.0'?><stream:stream to='h.example.test' version='1.0' xmlns='" + content +
         "' xmlns:stream='http://etherx.jabber.org/streams'>";
}

const std::string kStream =
    "<?xml version='1.0'?>\n<stream:stream id='>' "
    "xmlns:stream=\"http://etherx.jabber.org/streams\" "
    "xmlns='jabber:client' version='1.0'>";
const std::string kFeatures =
    "<stream:features><mechanisms xmlns='m'><mechanism>PLAIN</mechanism></mechanisms>"
    "<starttls xmlns='" +
    kXmppTls + "'><required/></starttls></stream:features>";

std::vector<Said> xmpp_lines(const std::string& content) {
  return {c(xmpp_header(content)), s(kStream), s(kFeatures),
          c("<starttls xmlns='" + kXmppTls + "'/>"), s("<proceed xmlns='" + kXmppTls + "'/>")};
}

const std::string kLdapRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037";
const std::string kPostgresRequest = "\0\0\0\x08\x04\xd2\x16\x2f"s;
/// The first packet of a server.
std::string mysql_packet(const std::string& payload) {
  return static_cast<char>(payload.size()) + "\0\0\0"s + payload;
}

/// Protocol::HandshakeV10 up to the lower half of the capabilities, two octets.
std::string mysql_handshake(const std::string& capabilities) {
  return "\x0a"
         "5.5.5-10\0"
         "\1\0\0\0"
         "12345678"
         "\0"s +
         capabilities;
}

const std::string kMysqlGreeting =
    mysql_packet(mysql_handshake("\xfe\xff") + "\x2d\2\0\xff\x81\x15"s + std::string(11, '\0') +
                 "123456789012\0mysql_native_password\0"s);
const std::string kMysqlRequest =
    "\x20\0\0\1"
    "\0\x8a\0\0"
    "\0\0\0\1"
    "\x21"s +
    std::string(23, '\0');
const std::string kRdpRequest =
    "\3\0\0\x13"
    "\x0e\xe0\0\0\0\0\0"
    "\1\0\x08\0\3\0\0\0"s;

const std::vector<Script> kScripts = {
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
      c("a2 STARTTLS\r\n"), s("a2 OK go\r\n")}},
    {StartTls::pop3, {s("+OK hello\r\n"), c("STLS\r\n"), s("+OK\r\n")}},
    {StartTls::ftp,
     {s("220-Hello\r\n 220 is what I say\r\n220-and once more\r\n220 end\r\n"), c("AUTH TLS\r\n"),
      s("234 go\r\n")}},
    {StartTls::sieve,
     {s("\"IMPLEMENTATION\" {4}\r\nOK\r\n\r\n\"SIEVE\" \"fileinto\"\r\n\"STARTTLS\"\r\nOK "
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
      s(":irc NOTICE * :*** Looking up\r\nPING :x\r\n@time=1 :irc 670 * :go\r\n")}},
    {StartTls::rdp,
     {c(kRdpRequest), s("\3\0\0\x13"
                        "\x0e\xd0\0\0\x12\x34\0"
                        "\2\x1f\x08\0\2\0\0\0"s)}},
};

class EveryProtocol : public testing::TestWithParam<Script> {};

TEST_P(EveryProtocol, SaysWhatItsDocumentSays) {
  const std::optional<Ending> ending = converse(GetParam().protocol, player(GetParam().lines));
  EXPECT_FALSE(ending) << ending->message;
}

TEST_P(EveryProtocol, ReadsOctetsOneByOne) {
  const std::optional<Ending> ending = converse(GetParam().protocol, player(GetParam().lines, 1));
  EXPECT_FALSE(ending) << ending->message;
}

TEST_P(EveryProtocol, RefusesWhatIsInjectedInFrontOfTls) {
  std::vector<Said> lines = GetParam().lines;
  while (lines.back().who == Who::client) lines.pop_back();
  lines.back().octets += "\x16\x03";
  const std::optional<Ending> ending = converse(GetParam().protocol, player(lines));
  ASSERT_TRUE(ending);
  EXPECT_EQ(ending->error_class, ErrorClass::start_tls);
  EXPECT_EQ(ending->message, "octets that TLS does not protect stand before it: \"\\x16\\x03\"");
}

TEST_P(EveryProtocol, SaysThatThePeerWentAwayInTheMiddle) {
  std::vector<Said> lines = GetParam().lines;
  while (!lines.empty()) {
    const Said last = lines.back();
    lines.pop_back();
    if (last.who == Who::client) continue;
    std::vector<Said> cut = lines;
    cut.push_back(s(last.octets.substr(0, last.octets.size() / 2)));
    const std::optional<Ending> ending = converse(GetParam().protocol, player(cut));
    ASSERT_TRUE(ending);
    const bool went =
        ending->error_class == ErrorClass::closed || ending->error_class == ErrorClass::reset;
    EXPECT_TRUE(went) << ending->message;
  }
}

TEST_P(EveryProtocol, RefusesGarbage) {
  for (const std::string& garbage :
       {std::string(512, 'A'), std::string(512, '\0'), std::string(512, '\xff'),
        "HTTP/1.1 400 Bad Request\r\n\r\n<html></html>"s, "SSH-2.0-OpenSSH_9.2\r\n"s}) {
    const std::optional<Ending> ending =
        converse(GetParam().protocol, chatterbox(garbage, garbage));
    ASSERT_TRUE(ending);
    EXPECT_EQ(ending->error_class, ErrorClass::start_tls) << ending->message;
    EXPECT_LT(ending->message.size(), 1000U);
  }
}

/// Octets changed, left out and put in between, the same ones in every run.
std::string mutated(std::string octets, std::minstd_rand& random) {
  if (octets.empty()) return octets;
  const std::size_t at = random() % octets.size();
  const char octet = static_cast<char>(random());
  switch (random() % 4) {
    case 0: octets[at] = octet; break;
    case 1: octets[at] = static_cast<char>(octets[at] ^ 1 << random() % 8); break;
    case 2: octets.erase(at, 1 + random() % 4); break;
    default: octets.insert(at, 1 + random() % 300, octet);
  }
  return octets;
}

TEST_P(EveryProtocol, EndsWhateverThePeerSays) {
  std::minstd_rand random(1);
  for (int i = 0; i < 60; ++i) {
    std::vector<Said> lines;
    for (const Said& said : GetParam().lines) {
      if (said.who == Who::server) lines.push_back(s(mutated(said.octets, random)));
    }
    const std::optional<Ending> ending = converse(GetParam().protocol, player(lines));
    if (ending) {
      EXPECT_NE(ending->error_class, ErrorClass::internal) << ending->message;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(StartTls, EveryProtocol, testing::ValuesIn(kScripts), [](const auto& i) {
  std::string name(to_string(i.param.protocol));
  std::erase(name, '-');
  return name;
});

/// A server that never comes to the point, and never ends a line too soon.
TEST(StartTlsConversation, IsBounded) {
  const std::string stream = kStream + "<stream:features>";
  const struct {
    StartTls protocol;
    std::string first, again;
  } talkers[] = {
      {StartTls::smtp, "", "220-x\r\n"},
      {StartTls::smtp, "220 x\r\n", "250-x\r\n"},
      {StartTls::ftp, "220-x\r\n", "x\r\n"},
      {StartTls::imap, "* OK\r\n", "* CAPABILITY x\r\n"},
      {StartTls::sieve, "", "\"x\" {3}\r\nabc\r\n"},
      {StartTls::sieve, "", "{3}\r\nabc{3}\r\nabc"},
      {StartTls::irc, "", ":irc NOTICE * :x\r\n"},
      {StartTls::xmpp, stream, "<a>"},
      {StartTls::xmpp, stream, "<a></a>"},
      {StartTls::xmpp, stream, " "},
      {StartTls::xmpp, stream + "<a b='", ">"},
      {StartTls::pop3, "", "x"},
      {StartTls::nntp, "200", " x"},
  };
  for (const auto& talker : talkers) {
    SCOPED_TRACE(talker.first + "," + talker.again);
    std::string much;
    while (much.size() < 4096) much += talker.again;
    const std::optional<Ending> ending =
        converse(talker.protocol, chatterbox(talker.first + much, much));
    ASSERT_TRUE(ending);
    EXPECT_EQ(ending->error_class, ErrorClass::start_tls) << ending->message;
  }
}

TEST(StartTlsConversation, TellsWhyAServerRefuses) {
  const std::string response = "\x30\x19\x02\x01\x01\x78\x14\x0a\x01\x34\x04\0\x04\x0d"s;
  const std::string stream_error =
      "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  const auto xmpp_header_line = c(xmpp_header("jabber:client"));
  const struct {
    Script script;
    std::string message;
  } refusals[] = {
      {{StartTls::smtp, {s("554 go \"away\"\xff\r\n")}},
       "the server answered \"554 go \\\"away\\\"\\xff\" instead of 220"},
      {{StartTls::smtp,
        {s("220 x\r\n"), c("EHLO [127.0.0.1]\r\n"), s("250-STARTTLS\r\n250 STARTTLSX\r\n")}},
       "the server does not offer STARTTLS"},
      {{StartTls::smtp, {s("220 x\r\n"), c("EHLO [127.0.0.1]\r\n"), s("502 what?\r\n")}},
       "the server answered \"502 what?\" instead of 250"},
      {{StartTls::smtp, {s("220-x\r\n250 x\r\n")}}, "the server answered \"250 x\" instead of 220"},
      {{StartTls::smtp,
        {s("220 x\r\n"), c("EHLO [127.0.0.1]\r\n"), s("250-x\r\n250 STARTTLS\r\n"),
         c("STARTTLS\r\n"), s("454 TLS not available\r\n")}},
       "the server answered \"454 TLS not available\" instead of 220"},
      {{StartTls::imap, {s("* PREAUTH hello\r\n")}},
       "the server answered \"* PREAUTH hello\" instead of * OK"},
      {{StartTls::imap,
        {s("* OK\r\n"), c("a1 CAPABILITY\r\n"),
         s("* CAPABILITY IMAP4rev1 NOSTARTTLS\r\na1 OK\r\n")}},
       "the server does not offer STARTTLS"},
      {{StartTls::imap,
        {s("* OK\r\n"), c("a1 CAPABILITY\r\n"), s("* CAPABILITY STARTTLS\r\na1 OK\r\n"),
         c("a2 STARTTLS\r\n"), s("a2 NO not now\r\n")}},
       "the server answered \"NO not now\" instead of OK"},
      {{StartTls::pop3, {s("+OK\r\n"), c("STLS\r\n"), s("-ERR no\r\n")}},
       "the server answered \"-ERR no\" instead of +OK"},
      {{StartTls::ftp, {s("220 x\r\n"), c("AUTH TLS\r\n"), s("530 Please login\r\n")}},
       "the server answered \"530 Please login\" instead of 234"},
      {{StartTls::sieve, {s("\"SIEVE\" \"STARTTLS\"\r\nOK\r\n")}},
       "the server does not offer STARTTLS"},
      {{StartTls::sieve, {s("BYE \"full\"\r\n")}},
       "the server answered \"BYE \\\"full\\\"\" instead of OK"},
      {{StartTls::xmpp, {xmpp_header_line, s(kStream + stream_error)}},
       "the server answered \"stream:error><host-unknown "
       "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/\" instead of features"},
      {{StartTls::xmpp, {xmpp_header_line, s(kStream + "<stream:features/>")}},
       "the server does not offer STARTTLS"},
      {{StartTls::xmpp,
        {xmpp_header_line,
         s(kStream + "<stream:features><starttls xmlns='x'/><a><starttls xmlns='" + kXmppTls +
           "'/></a></stream:features>")}},
       "the server does not offer STARTTLS"},
      {{StartTls::xmpp, {xmpp_header_line, s("<stream:stream xmlns:stream='x'>")}},
       "the server answered \"stream:stream xmlns:stream='x'\" instead of an XMPP stream"},
      {{StartTls::xmpp, {xmpp_header_line, s("<!DOCTYPE x>")}},
       "the server answered \"!DOCTYPE x\" instead of XML as in RFC 6120"},
      {{StartTls::ldap, {c(kLdapRequest), s(response + "not supported")}},
       "the server answered \"not supported\" instead of success"},
      {{StartTls::ldap, {c(kLdapRequest), s("\x30\x80\x02\x01\x01\0\0"s)}},
       "the server answered \"0\\x80\" instead of an LDAP message"},
      {{StartTls::ldap, {c(kLdapRequest), s("\x30\x84\x7f\xff\xff\xff")}},
       "the peer announced a packet that is too long"},
      {{StartTls::postgres, {c(kPostgresRequest), s("N")}}, "the server does not offer TLS"},
      {{StartTls::postgres, {c(kPostgresRequest), s("E")}},
       "the server answered \"E\" instead of S"},
      {{StartTls::mysql, {s(mysql_packet("\xff\x6a\4not you!"))}},
       "the server answered \"not you!\" instead of a handshake of MySQL"},
      {{StartTls::mysql, {s(mysql_packet(mysql_handshake("\xff\xf7")))}},
       "the server does not offer TLS"},
      {{StartTls::mysql,
        {s(mysql_packet("\x0a"
                        "5\0"
                        "\1"s))}},
       "the server answered \"\\x0a5\\x00\\x01\" instead of a handshake of MySQL"},
      {{StartTls::mysql, {s(mysql_packet(""))}},
       "the server answered \"\\x00\\x00\\x00\\x00\" instead of a handshake of MySQL"},
      {{StartTls::nntp, {s("200 x\r\n"), c("STARTTLS\r\n"), s("580 cannot\r\n")}},
       "the server answered \"580 cannot\" instead of 382"},
      {{StartTls::irc, {c("STARTTLS\r\n"), s(":irc 691 * :STARTTLS failure\r\n")}},
       "the server answered \":irc 691 * :STARTTLS failure\" instead of 670"},
      {{StartTls::irc, {c("STARTTLS\r\n"), s("ERROR :Closing Link\r\n")}},
       "the server answered \"ERROR :Closing Link\" instead of 670"},
      {{StartTls::rdp,
        {c(kRdpRequest), s("\3\0\0\x0b"
                           "\x06\xd0\0\0\x12\x34\0"s)}},
       "the server does not offer TLS"},
      {{StartTls::rdp,
        {c(kRdpRequest), s("\3\0\0\x13"
                           "\x0e\xd0\0\0\x12\x34\0"
                           "\3\0\x08\0\2\0\0\0"s)}},
       "the server refuses TLS, failureCode 2"},
      {{StartTls::rdp,
        {c(kRdpRequest), s("\3\0\0\x13"
                           "\x0e\xd0\0\0\0\0\0"
                           "\2\0\x08\0\0\0\0\0"s)}},
       "the server answered "
       "\"\\x0e\\xd0\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x08\\x00\\x00\\x00\\x00"
       "\\x00\" instead of TLS"},
  };
  for (const auto& refusal : refusals) {
    const std::optional<Ending> ending =
        converse(refusal.script.protocol, player(refusal.script.lines));
    ASSERT_TRUE(ending) << refusal.message;
    EXPECT_EQ(ending->message, refusal.message);
    EXPECT_EQ(ending->error_class, ErrorClass::start_tls);
  }
}

TEST(StartTlsConversation, SendsNothingThatIsNoNameToXmpp) {
  const Peer silent = player({c("?")});
  for (const std::string host : {"a b", "a\nb", "\xc3\xa9.example", "\x7f"}) {
    const std::optional<Ending> ending = converse(StartTls::xmpp, silent, host);
    ASSERT_TRUE(ending) << host;
    EXPECT_TRUE(ending->message.starts_with("not a name for XMPP: ")) << ending->message;
  }
  const std::string header =
      "<?xml version='1.0'?><stream:stream to='&apos;/>&lt;x&amp;' version='1.0'";
  const std::optional<Ending> ending =
      converse(StartTls::xmpp, player({c(header), s("<x>")}), "'/><x&");
  ASSERT_TRUE(ending);
  EXPECT_EQ(ending->message, "the server answered \"x\" instead of an XMPP stream");
}

TEST(StartTlsConversation, HasItsAddressForAName) {
  const auto hello = [](const std::string& literal) {
    return player({s("220 x\r\n"), c("EHLO " + literal + "\r\n"), s("250 x\r\n")});
  };
  for (const auto& [listen, to, literal] :
       {std::tuple{"::1", "::1", "[IPv6:::1]"},
        std::tuple{"127.0.0.1", "::ffff:127.0.0.1", "[127.0.0.1]"}}) {
    const std::optional<Ending> ending = converse(StartTls::smtp, hello(literal), "", listen, to);
    ASSERT_TRUE(ending);
    EXPECT_EQ(ending->message, "the server does not offer STARTTLS");
  }
}

TEST(StartTlsConversation, HasNothingToDoWithoutOne) {
  EXPECT_FALSE(converse(StartTls::none, player({})));
  EXPECT_THROW(converse(StartTls::automatic, player({})), std::invalid_argument);
}

/// As a deadline does.
asio::awaitable<void> wait_in_vain(tcp::endpoint endpoint, asio::error_code& code) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(endpoint, asio::use_awaitable);
  asio::steady_timer deadline(co_await asio::this_coro::executor, 10ms);
  deadline.async_wait([&socket](asio::error_code) { socket.cancel(); });
  PlainStream stream(socket);
  try {
    co_await start_tls(StartTls::smtp, stream, "h.example.test");
  } catch (const asio::system_error& error) {
    code = error.code();
  }
}

TEST(StartTlsConversation, IsCancelledWithItsSocket) {
  asio::io_context loop(1);
  const tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
  asio::error_code code;
  asio::co_spawn(loop, wait_in_vain(acceptor.local_endpoint(), code),
                 [](const std::exception_ptr&) {});
  loop.run_for(30s);
  EXPECT_EQ(code, asio::error::operation_aborted);
}

TEST(InQuotes, IsPrintableAndShort) {
  EXPECT_EQ(in_quotes("a\\\"\t\x7f\xc3"), R"("a\\\"\x09\x7f\xc3")");
  EXPECT_EQ(in_quotes(std::string(200, 'a')), "\"" + std::string(200, 'a') + "\"");
  EXPECT_EQ(in_quotes(std::string(201, 'a')), "\"" + std::string(200, 'a') + "\"...");
}

}  // namespace
}  // namespace peercert::scan
