// SPDX-License-Identifier: Apache-2.0
// Each check of each dialogue: an answer that only this check refuses, and why; and the forms of an
// answer that have to be taken.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/start_tls_scripts.hpp"

namespace peercert::scan {
namespace {

using namespace std::literals;
using namespace scripts;
using Next = StartTlsAction::Next;
using enum StartTls;

struct Refusal {
  StartTls protocol;
  std::string heard;  // all that the server says
  std::string reason;
};

std::string answered(std::string_view said, std::string_view wanted) {
  return "the server answered " + in_quotes(said) + " instead of " + std::string(wanted);
}

const std::string kNoStartTls = "the server does not offer STARTTLS";
const std::string kNoTls = "the server does not offer TLS";
const std::string kTooLong = "the peer announced a packet that is too long";

void expect_refusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    const Outcome outcome = hear(refusal.protocol, refusal.heard);
    EXPECT_EQ(outcome.next, Next::give_up) << in_quotes(refusal.heard);
    EXPECT_EQ(outcome.reason, refusal.reason);
    EXPECT_EQ(hear(refusal.protocol, refusal.heard, 1), outcome);
  }
}

void expect_tls(StartTls protocol, const std::vector<std::string>& answers) {
  for (const std::string& heard : answers) {
    const Outcome outcome = hear(protocol, heard);
    EXPECT_EQ(outcome.next, Next::begin_tls) << in_quotes(heard) << " " << outcome.reason;
  }
}

TEST(StartTlsRefusals, OfSmtp) {
  const std::string hello = "220 x\r\n";
  const std::string offer = hello + "250-x\r\n250 STARTTLS\r\n";
  expect_refusals({
      {smtp, "554 go \"away\"\xff\r\n", answered("554 go \"away\"\xff", "220")},
      {smtp, "220-x\r\n250 x\r\n", answered("250 x", "220")},
      {smtp, "2200 x\r\n", answered("2200 x", "220")},
      {smtp, "220x\r\n", answered("220x", "220")},
      {smtp, "22\r\n", answered("22", "220")},
      {smtp, "\r\n", answered("", "220")},
      {smtp, hello + "502 what?\r\n", answered("502 what?", "250")},
      {smtp, hello + "250-STARTTLS\r\n550 no\r\n", answered("550 no", "250")},
      {smtp, hello + "25x STARTTLS\r\n", answered("25x STARTTLS", "250")},
      {smtp, hello + "250-x\r\n250STARTTLS\r\n", answered("250STARTTLS", "250")},
      {smtp, hello + "250-STARTTLS\r\n250 STARTTLSX\r\n", kNoStartTls},  // the first is its name
      {smtp, hello + "250 STARTTLS\r\n", kNoStartTls},
      {smtp, hello + "250-x\r\n250 XSTARTTLS\r\n", kNoStartTls},
      {smtp, hello + "250-x\r\n250-SIZE STARTTLS\r\n250 \r\n", kNoStartTls},
      {smtp, hello + "250-x\r\n250 START\r\n", kNoStartTls},
      {smtp, hello + "250-x\r\n250\r\n", kNoStartTls},
      {smtp, offer + "454 TLS not available\r\n", answered("454 TLS not available", "220")},
      {smtp, offer + "220-x\r\n454 no\r\n", answered("454 no", "220")},
      {smtp, offer + "250 ok\r\n", answered("250 ok", "220")},
      {lmtp, "554 no\r\n", answered("554 no", "220")},
      {lmtp, hello + "500 LHLO?\r\n", answered("500 LHLO?", "250")},
      {lmtp, hello + "250 x\r\n", kNoStartTls},
      {lmtp, offer + "454 no\r\n", answered("454 no", "220")},
  });
  expect_tls(smtp, {"220\n250-\n250-starttls x\n250\n220\n", offer + "220-go\r\n220 on\r\n"});
  EXPECT_EQ(hear(smtp, offer + "220-go\r\n").next, Next::receive);
}

TEST(StartTlsRefusals, OfImap) {
  const std::string hello = "* OK\r\n";
  const std::string offer = hello + "* CAPABILITY STARTTLS\r\na1 OK\r\n";
  expect_refusals({
      {imap, "* PREAUTH hello\r\n", answered("* PREAUTH hello", "* OK")},
      {imap, "* BYE\r\n", answered("* BYE", "* OK")},
      {imap, "OK\r\n", answered("OK", "* OK")},
      {imap, "* OKAY\r\n", answered("* OKAY", "* OK")},
      {imap, hello + "* CAPABILITY IMAP4rev1 NOSTARTTLS\r\na1 OK\r\n", kNoStartTls},
      {imap, hello + "* CAPABILITY STARTTLSNOT\r\na1 OK\r\n", kNoStartTls},
      {imap, hello + "* CAPABILITIES STARTTLS\r\na1 OK\r\n", kNoStartTls},
      {imap, hello + "* OK STARTTLS\r\na1 OK\r\n", kNoStartTls},
      {imap, hello + "a1 OK CAPABILITY STARTTLS\r\n", kNoStartTls},
      {imap, "* OK [CAPABILITY STARTTLS]\r\na1 OK\r\n", kNoStartTls},
      {imap, hello + "* CAPABILITY STARTTLS\r\na1 BAD\r\n", answered("BAD", "OK")},
      {imap, hello + "* CAPABILITY STARTTLS\r\na1 OKAY\r\n", answered("OKAY", "OK")},
      {imap, hello + "a2 OK\r\n", answered("a2 OK", "an answer to a1")},
      {imap, hello + "a11 OK\r\n", answered("a11 OK", "an answer to a1")},
      {imap, hello + "a1\r\n", answered("a1", "an answer to a1")},
      {imap, hello + "*x\r\n", answered("*x", "an answer to a1")},
      {imap, hello + "+ go\r\n", answered("+ go", "an answer to a1")},
      {imap, offer + "a2 NO not now\r\n", answered("NO not now", "OK")},
      {imap, offer + "a1 OK\r\n", answered("a1 OK", "an answer to a2")},
      {imap, offer + "OK\r\n", answered("OK", "an answer to a2")},
  });
  expect_tls(imap, {"* ok\n* capability x starttls\na1 ok\n* OK\na2 ok\n"});
}

TEST(StartTlsRefusals, OfWhatDoesNotEnd) {
  const std::string much(kMaxPlainPieceLen, 'x');
  expect_refusals({
      {pop3, much, "the peer sent a line that does not end"},
      {xmpp, much, "the peer sent a tag that does not end"},
      {xmpp, "<" + much, "the peer sent a tag that does not end"},
      {xmpp, kStream + "<a b='" + much + "'>", "the peer sent a tag that does not end"},
  });
  EXPECT_EQ(hear(pop3, much.substr(1)).next, Next::receive);
  EXPECT_EQ(hear(xmpp, "<" + much.substr(1)).next, Next::receive);
}

TEST(StartTlsRefusals, OfPop3AndNntp) {
  expect_refusals({
      {pop3, "-ERR busy\r\n", answered("-ERR busy", "+OK")},
      {pop3, "+OKAY\r\n", answered("+OKAY", "+OK")},
      {pop3, "+OK\r\n-ERR no\r\n", answered("-ERR no", "+OK")},
      {pop3, "+OK\r\n+OK-\r\n", answered("+OK-", "+OK")},
      {nntp, "400 no\r\n", answered("400 no", "200 or 201")},
      {nntp, "202 x\r\n", answered("202 x", "200 or 201")},
      {nntp, "2001\r\n", answered("2001", "200 or 201")},
      {nntp, "200 x\r\n580 cannot\r\n", answered("580 cannot", "382")},
      {nntp, "200 x\r\n483 no\r\n", answered("483 no", "382")},
      {nntp, "201 x\r\n3820\r\n", answered("3820", "382")},
  });
  expect_tls(nntp, {"200\r\n382\r\n", "201 x\n382 x\n"});
}

TEST(StartTlsRefusals, OfFtp) {
  expect_refusals({
      {ftp, "120 wait\r\n", answered("120 wait", "220")},
      {ftp, " 220 x\r\n", answered(" 220 x", "220")},
      {ftp, "2200\r\n", answered("2200", "220")},
      {ftp, "220 x\r\n530 Please login\r\n", answered("530 Please login", "234")},
      {ftp, "220 x\r\n334 x\r\n", answered("334 x", "234")},
      {ftp, "220 x\r\n220 x\r\n", answered("220 x", "234")},
  });
  expect_tls(ftp, {"220-\n 220 x\n220x\n530 x\n220\n234\n", "220 x\n234-a\n 234 b\n234 c\n"});
  EXPECT_EQ(hear(ftp, "220-x\r\n221 x\r\n220-x\r\n").sent, "");
}

TEST(StartTlsRefusals, OfSieve) {
  const std::string offer = "\"STARTTLS\"\r\nOK\r\n";
  expect_refusals({
      {sieve, "\"SIEVE\" \"STARTTLS\"\r\nOK\r\n", kNoStartTls},
      {sieve, "\"STARTTLSX\"\r\nOK\r\n", kNoStartTls},
      {sieve, "{10}\r\n\"STARTTLS\"\r\nOK\r\n", kNoStartTls},
      {sieve, "\"X\" {12}\r\n\"STARTTLS\"\r\n\r\nOK\r\n", kNoStartTls},
      {sieve, "BYE \"full\"\r\n", answered("BYE \"full\"", "OK")},
      {sieve, "NO\r\n", answered("NO", "OK")},
      {sieve, "OKAY\r\n", answered("OKAY", "OK")},
      {sieve, "STARTTLS\r\nOK\r\n", answered("STARTTLS", "OK")},
      {sieve, offer + "NO {3}\r\nnow\r\n", answered("NO {3}now", "OK")},
      {sieve, offer + "\"X\"\r\nOK\r\n", answered("\"X\"", "OK")},
      {sieve, offer + "{1}\r\nX\r\nOK\r\n", answered("{1}X", "OK")},
      {sieve, offer + "BYE {4}\r\n\r\nOK\r\n", answered("BYE {4}\r\nOK", "OK")},
      {sieve, "\"x\" {8193}\r\n", kTooLong},
      {sieve, "\"x\" {18446744073709551615}\r\n", kTooLong},
      {sieve, offer + "OK {9999+}\r\n", kTooLong},
  });
  const std::string longest = "\"x\" {8192}\r\n" + std::string(8192, '\n') + "\r\n";
  expect_tls(sieve, {longest + offer + "OK\r\n", "\"starttls\"\nok\nok \"go\"\n"});
  // No literals: a number that is none, or not at the end.
  for (const std::string line : {"\"{}\r\n", "\"{+}\r\n", "\"{1x}\r\n", "\"{-1}\r\n", "\"{3}\"\r\n",
                                 "\"{99999999999999999999}\r\n", "\"3}\r\n", "\"{35\r\n"}) {
    expect_tls(sieve, {line + offer + "OK\r\n"});
  }
}

TEST(StartTlsRefusals, OfIrc) {
  expect_refusals({
      {irc, ":irc 691 * :STARTTLS failure\r\n", answered(":irc 691 * :STARTTLS failure", "670")},
      {irc, "ERROR :Closing Link\r\n", answered("ERROR :Closing Link", "670")},
      {irc, ":irc 6700 *\r\n", answered(":irc 6700 *", "670")},
      {irc, ":670 691\r\n", answered(":670 691", "670")},
      {irc, "@670 691\r\n", answered("@670 691", "670")},
      {irc, ":irc 421 x :670\r\n", answered(":irc 421 x :670", "670")},
      {irc, ":irc NOTICED 670\r\n", answered(":irc NOTICED 670", "670")},
      {irc, ":irc\r\n", answered(":irc", "670")},
      {irc, "\r\n", answered("", "670")},
  });
  expect_tls(irc, {"670\r\n", ":x  670 *\n", "@a=b  :x 670\n", "NOTICE x\nCAP * NAK\n670 x\n"});
}

const std::string kProceed = "<proceed xmlns='" + kXmppTls + "'/>";

std::string features(const std::string& children) {
  return kStream + "<stream:features>" + children + "</stream:features>";
}

TEST(StartTlsRefusals, OfXmppsStream) {
  const std::string etherx = "xmlns:stream='http://etherx.jabber.org/streams'";
  const std::string is_no_stream = "an XMPP stream";
  const auto refused = [&](const std::string& tag) {
    return Refusal{xmpp, "<" + tag + ">", answered(tag, is_no_stream)};
  };
  expect_refusals({
      refused("stream:stream xmlns:stream='x'"),
      refused("stream:stream"),
      refused("stream:stream xmlns='http://etherx.jabber.org/streams'"),
      refused("stream:stream x" + etherx),
      refused("stream:stream a=\"" + etherx + "\""),
      refused("stream:stream " + etherx + "/"),
      refused("/stream:stream  " + etherx),
      refused("stream:streams " + etherx),
      refused("stream:features " + etherx),
      {xmpp, "<!DOCTYPE x>", answered("!DOCTYPE x", "XML as in RFC 6120")},
      {xmpp, "<?php x?>", answered("?php x?", "XML as in RFC 6120")},
      {xmpp, "<?xml x?><?xml x?>", answered("?xml x?", "XML as in RFC 6120")},
  });
  for (const std::string& attributes :
       {etherx, "a = 'b'\r\n" + etherx, "xmlns:stream = \"http://etherx.jabber.org/streams\"\t"s}) {
    const std::string stream = "<stream:stream " + attributes + ">";
    expect_tls(xmpp_server, {" " + stream + "<stream:features>" + kXmppStartTls +
                             "</stream:features>" + kProceed});
  }
}

TEST(StartTlsRefusals, OfXmppsFeatures) {
  const std::string condition = "host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/";
  expect_refusals({
      {xmpp, kStream + "<stream:error><" + condition + ">",
       answered("stream:error><" + condition, "features")},
      {xmpp, kStream + "<message>", answered("message", "features")},
      {xmpp, kStream + "<features>", answered("features", "features")},
      {xmpp, kStream + "</stream:features>", answered("/stream:features", "features")},
      {xmpp, kStream + "<stream:features/>", kNoStartTls},
      {xmpp, features(""), kNoStartTls},
      {xmpp, features("<starttls/>"), kNoStartTls},
      {xmpp, features("<starttls xmlns='x'/>"), kNoStartTls},
      {xmpp, features("<starttlsx xmlns='" + kXmppTls + "'/>"), kNoStartTls},
      {xmpp, features("<starttls xmlns:a='" + kXmppTls + "'/>"), kNoStartTls},
      {xmpp, features("<a:starttls xmlns='" + kXmppTls + "'/>"), kNoStartTls},
      {xmpp, features("<starttls xmlns=" + kXmppTls + "/>"), kNoStartTls},
      {xmpp, features("<a>" + kXmppStartTls + "</a>"), kNoStartTls},
      {xmpp, features("<starttls a='" + kXmppStartTls + "'/>"), kNoStartTls},
      {xmpp, features("<![CDATA[" + kXmppStartTls + "]]>"),
       answered("![CDATA[<starttls xmlns='" + kXmppTls + "'/", "XML as in RFC 6120")},
      {xmpp, kStream + "<!-- -->", answered("!-- --", "XML as in RFC 6120")},
  });
  expect_tls(xmpp, {features("<a></a>\n" + kXmppStartTls) + kProceed,
                    features("<t:starttls xmlns:t='" + kXmppTls + "'></t:starttls>") + kProceed});
  // Not before the features end.
  const std::string open = features("<starttls xmlns='" + kXmppTls + "'><required>");
  EXPECT_EQ(hear(xmpp, open + kProceed).next, Next::receive);
}

TEST(StartTlsRefusals, OfXmppsGoAhead) {
  const std::string offer = features(kXmppStartTls);
  const auto refused = [&](const std::string& tag) {
    return Refusal{xmpp, offer + "<" + tag + ">", answered(tag, "proceed")};
  };
  expect_refusals({
      refused("failure xmlns='" + kXmppTls + "'/"),
      refused("proceed/"),
      refused("proceed xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/"),
      refused("proceed xmlns='" + kXmppTls + "x'/"),
      refused("proceed xmlns:t='" + kXmppTls + "'/"),
      refused("proceed xmlns='" + kXmppTls + "'"),
      refused("/stream:stream"),
  });
  expect_tls(xmpp, {offer + " <t:proceed xmlns:t=\"" + kXmppTls + "\" />"});
}

TEST(StartTlsRefusals, OfLdap) {
  const std::string no_text = tlv('\x04', "");
  const std::string oid = "1.3.6.1.4.1.1466.20037";
  const auto not_ours = [](const std::string& message) {
    return Refusal{ldap, message, answered(message, "an answer to STARTTLS")};
  };
  const auto no_response = [](const std::string& message) {
    return Refusal{ldap, message, answered(message, "an LDAP response")};
  };
  const auto no_message = [](const std::string& message) {
    return Refusal{ldap, message, answered(message.substr(0, 2), "an LDAP message")};
  };
  const std::string success = ldap_response(1, 0, no_text);
  expect_refusals({
      {ldap, ldap_response(1, 52, tlv('\x04', "not supported")),
       answered("not supported", "success")},
      {ldap, ldap_response(1, 2, no_text), answered("", "success")},
      {ldap, ldap_response(0, 52, tlv('\x04', "closing")), answered("closing", "success")},
      not_ours(ldap_response(0, 0, no_text)),
      not_ours(ldap_response(2, 0, no_text)),
      not_ours(tlv('\x30', "\x02\x02\x01\x01" + success.substr(5))),
      not_ours(ldap_response(1, 0, no_text + tlv('\x8a', "1.3.6.1.4.1.1466.20036"))),
      not_ours(ldap_response(1, 0, no_text + tlv('\x8a', oid + "0"))),
      not_ours(ldap_response(1, 0, no_text + tlv('\xa3', "") + tlv('\x8a', ""))),
      no_response(ldap_response(1, 0, "")),
      no_response(ldap_response(1, 0, tlv('\x0c', ""))),
      no_response(tlv('\x30', "")),
      no_response(tlv('\x30', success.substr(2, 3))),
      no_response(tlv('\x30', "\x02\x01\x01\x77\x07\x0a\x01\0\x04\0\x04\0"s)),
      no_response(tlv('\x30', "\x02\x01\x01\x78\x07\x02\x01\0\x04\0\x04\0"s)),
      no_response(tlv('\x30', "\x04\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"s)),
      no_message("\x31\x0c"),
      no_message("\x30\x80\x02\x01\x01\0\0"s),
      no_message("\x30\x85\0\0\0\0\x0c"s + success.substr(2)),
      no_message("\x30\xff"),
      {ldap, "\x30\x84\x7f\xff\xff\xff", kTooLong},
      {ldap, "\x30\x82\x20\x01", kTooLong},
  });
  expect_tls(ldap, {success, "\x30\x84\0\0\0\x0c"s + success.substr(2),
                    ldap_response(1, 0, no_text + tlv('\x8a', oid)),
                    ldap_response(1, 0, no_text + tlv('\xa3', no_text) + tlv('\x8a', oid)),
                    ldap_response(1, 0, no_text + tlv('\x8b', "x"))});
}

TEST(StartTlsRefusals, OfPostgres) {
  expect_refusals({
      {postgres, "N", kNoTls},
      {postgres, "E", answered("E", "S")},
      {postgres, "s", answered("s", "S")},
      {postgres, "\0"s, answered("\0"s, "S")},
  });
}

TEST(StartTlsRefusals, OfMysql) {
  const std::string wanted = "a handshake of MySQL";
  const auto refused = [&](const std::string& payload) {
    return Refusal{mysql, mysql_packet(payload), answered(payload, wanted)};
  };
  const std::string good = mysql_handshake("\0\x08"s);
  expect_refusals({
      {mysql, mysql_packet("\xff\x6a\4not you!"), answered("not you!", wanted)},
      {mysql, mysql_packet("\xff\x6a"), answered("", wanted)},
      {mysql, mysql_packet(mysql_handshake("\xff\xf7")), kNoTls},
      {mysql, mysql_packet(mysql_handshake("\x08\0"s)), kNoTls},
      {mysql, mysql_packet(""), answered("\0\0\0\0"s, wanted)},
      {mysql, "\x01\x20\0\0"s, kTooLong},
      {mysql, "\xff\xff\xff\0"s, kTooLong},
      refused("\x0a"
              "5\0"
              "\1"s),
      refused("\x0a"s),
      refused("\x0a" + std::string(40, '5')),
      refused("\x09" + good.substr(1)),
      refused(good.substr(0, good.size() - 1)),
  });
  expect_tls(mysql, {mysql_packet(good), mysql_packet(good + "more")});
}

TEST(StartTlsRefusals, OfRdp) {
  const auto tpkt = [](const std::string& answer) {
    return "\3\0\0"s + static_cast<char>(answer.size() + 4) + answer;
  };
  const std::string wanted = "a connection confirm of RDP";
  const std::string confirm = "\x0e\xd0\0\0\x12\x34\0"s;
  const auto refused = [&](const std::string& answer, const std::string& instead_of) {
    return Refusal{rdp, tpkt(answer), answered(answer, instead_of)};
  };
  const std::string chosen = "\2\0\x08\0\1\0\0\0"s;
  expect_refusals({
      {rdp, tpkt("\x06\xd0\0\0\x12\x34\0"s), kNoTls},
      {rdp, tpkt(confirm + "\3\0\x08\0\2\0\0\0"s), "the server refuses TLS, failureCode 2"},
      {rdp, "\4\0\0\x13"s, answered("\4\0\0\x13"s, "an answer of RDP")},
      {rdp, "\3\0\0\3"s, answered("\3\0\0\3"s, "an answer of RDP")},
      {rdp, "\3\0\x20\x05"s, kTooLong},
      refused("", wanted),
      refused("\x05\xd0\0\0\0\0"s, wanted),
      refused("\x0f" + confirm.substr(1) + chosen, wanted),
      refused("\x0e\xe0" + confirm.substr(2) + chosen, wanted),
      refused("\x0d" + confirm.substr(1) + chosen.substr(1), "a negotiation of RDP"),
      refused("\x0f" + confirm.substr(1) + chosen + "\0"s, "a negotiation of RDP"),
      refused(confirm + "\2\0\x09\0\1\0\0\0"s, "a negotiation of RDP"),
      refused(confirm + "\2\0\x08\1\1\0\0\0"s, "a negotiation of RDP"),
      refused(confirm + "\1\0\x08\0\1\0\0\0"s, "TLS"),
      refused(confirm + "\2\0\x08\0\0\0\0\0"s, "TLS"),
      refused(confirm + "\2\0\x08\0\3\0\0\0"s, "TLS"),
      refused(confirm + "\2\0\x08\0\4\0\0\0"s, "TLS"),
      refused(confirm + "\2\0\x08\0\1\1\0\0"s, "TLS"),
      refused(confirm + "\2\0\x08\0\2\0\0\x80"s, "TLS"),
  });
  expect_tls(rdp, {tpkt(confirm + chosen), tpkt("\x0e\xd7" + confirm.substr(2) + chosen),
                   tpkt(confirm + "\2\xff\x08\0\2\0\0\0"s)});
}

}  // namespace
}  // namespace peercert::scan
