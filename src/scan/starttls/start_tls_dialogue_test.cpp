// SPDX-License-Identifier: Apache-2.0
// What holds of every protocol's dialogue, whatever the server says and however it arrives.
#include "scan/starttls/start_tls_dialogue.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/start_tls_scripts.hpp"

namespace peercert::scan {
namespace {

using namespace std::literals;
using Next = StartTlsAction::Next;

class EveryDialogue : public testing::TestWithParam<Script> {
 protected:
  static StartTls protocol() { return GetParam().protocol; }
  static std::string heard() { return said_by(Who::server, GetParam().lines); }
};

TEST_P(EveryDialogue, SaysWhatItsDocumentSays) {
  EXPECT_EQ(play(GetParam()).next, Next::begin_tls);
}

TEST_P(EveryDialogue, BeginsTlsAtTheLastByteAndNotBefore) {
  for (std::size_t len = 0; len < heard().size(); ++len) {
    ASSERT_EQ(hear(protocol(), heard().substr(0, len)).next, Next::receive) << len;
  }
  EXPECT_EQ(hear(protocol(), heard()).next, Next::begin_tls);
  EXPECT_EQ(hear(protocol(), heard(), 1).next, Next::begin_tls);
}

TEST_P(EveryDialogue, RefusesWhatIsInjectedInFrontOfTls) {
  StartTlsDialogue dialogue(protocol(), scripts::kHost, scripts::kLiteral);
  ASSERT_EQ(dialogue.start().next, Next::receive);
  const StartTlsAction action = dialogue.receive(heard() + "\x16\x03");
  EXPECT_EQ(action.next, Next::give_up);
  EXPECT_EQ(action.reason, kInjected + ": \"\\x16\\x03\"");
}

TEST_P(EveryDialogue, RefusesGarbage) {
  for (const std::string& garbage :
       {"A"s, "\0"s, "\xff"s, "HTTP/1.1 400 Bad Request\r\n\r\n<html></html>"s,
        "SSH-2.0-OpenSSH_9.2\r\n"s}) {
    std::string much;
    while (much.size() < kMaxPlainConversationLen) much += garbage;
    const Outcome outcome = hear(protocol(), much);
    EXPECT_EQ(outcome.next, Next::give_up);
    EXPECT_LT(outcome.reason.size(), 1000U);
  }
}

// The same bytes at once, one by one, and in chunks of many lengths.
TEST_P(EveryDialogue, TakesChunksForWhatTheyAreTogether) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::minstd_rand random(seed);
    std::string bytes = heard();
    for (unsigned i = seed % 4; i > 0; --i) bytes = mutated(bytes, random);
    const Outcome whole = hear(protocol(), bytes);
    ASSERT_EQ(hear(protocol(), bytes, 1), whole) << seed;
    StartTlsDialogue dialogue(protocol(), scripts::kHost, scripts::kLiteral);
    ASSERT_EQ(hear(dialogue, bytes, [&] { return 1 + random() % 30; }), whole) << seed;
    ASSERT_LE(dialogue.buffer().num_searched(), bytes.size());
  }
}

TEST_P(EveryDialogue, SaysNoMoreThanItHasTo) {
  const std::string said = said_by(Who::client, GetParam().lines);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::minstd_rand random(seed);
    const Outcome outcome = hear(protocol(), mutated(heard(), random));
    ASSERT_TRUE(said.starts_with(outcome.sent)) << outcome.sent;
    ASSERT_EQ(outcome.reason.empty(), outcome.next != Next::give_up);
    ASSERT_LT(outcome.reason.size(), 1000U);
  }
}

INSTANTIATE_TEST_SUITE_P(StartTls, EveryDialogue, testing::ValuesIn(scripts::kAll),
                         [](const auto& i) { return test_name(i.param.protocol); });

/// A server that never comes to the point: what it says first, and then again and again.
struct Talker {
  StartTls protocol;
  std::string first, again;

  std::string talk() const {
    std::string all = first;
    while (all.size() < 2 * kMaxPlainConversationLen) all += again;
    return all;
  }
};

std::vector<Talker> talkers() {
  const std::string features = scripts::kStream + "<stream:features>";
  return {
      {StartTls::smtp, "", "220-x\r\n"},
      {StartTls::smtp, "220 x\r\n", "250-x\r\n"},
      {StartTls::lmtp, "220 x\n250-x\n250 STARTTLS\n", "220-x\n"},
      {StartTls::ftp, "220-x\r\n", "x\r\n"},
      {StartTls::ftp, "220 x\r\n234-x\r\n", "\n"},
      {StartTls::imap, "* OK\r\n", "* CAPABILITY x\r\n"},
      {StartTls::imap, "* OK\r\n* CAPABILITY STARTTLS\r\na1 OK\r\n", "* \n"},
      {StartTls::imap, "* OK\r\n* CAPABILITY", " STARTTLS"},
      {StartTls::sieve, "", "\"x\" {3}\r\nabc\r\n"},
      {StartTls::sieve, "", "{3}\r\nabc{3}\r\nabc"},
      {StartTls::sieve, "", "{0}\n"},
      {StartTls::irc, "", ":irc NOTICE * :x\r\n"},
      {StartTls::irc, "@", " "},
      {StartTls::xmpp, features, "<a>"},
      {StartTls::xmpp, features, "<a></a>"},
      {StartTls::xmpp, features, "<>"},
      {StartTls::xmpp, features, " "},
      {StartTls::xmpp, features + "<a b='", ">"},
      {StartTls::xmpp, features, "<a b='" + std::string(8000, '>') + "'/>"},
      {StartTls::xmpp, features, "<a xmlns" + std::string(8000, '=') + "/>"},
      {StartTls::xmpp_server, "<a", " b='c'"},
      {StartTls::pop3, "", "x"},
      {StartTls::nntp, "200", " x"},
  };
}

TEST(StartTlsDialogue, IsBounded) {
  for (const Talker& talker : talkers()) {
    SCOPED_TRACE(talker.first + "," + talker.again.substr(0, 20));
    const Outcome whole = hear(talker.protocol, talker.talk());
    EXPECT_EQ(whole.next, Next::give_up);
    EXPECT_EQ(hear(talker.protocol, talker.talk(), 11), whole);
  }
}

// Each byte is searched once, in whatever chunks it arrives.
TEST(StartTlsDialogue, CostsAsMuchAsItHears) {
  for (const Talker& talker : talkers()) {
    for (const std::size_t chunk_len : {37U, 1024U, 1U << 20U}) {
      StartTlsDialogue dialogue(talker.protocol, scripts::kHost, scripts::kLiteral);
      std::size_t heard = 0;
      hear(dialogue, talker.talk(), [&] {
        heard = std::min(heard + chunk_len, kMaxPlainConversationLen);
        return chunk_len;
      });
      EXPECT_LE(dialogue.buffer().num_searched(), heard) << talker.first << talker.again;
    }
  }
}

TEST(StartTlsDialogue, HearsSoMuchAndNoMore) {
  const std::string line = "220-" + std::string(1018, 'x') + "\r\n";
  std::string most;
  while (most.size() < kMaxPlainConversationLen - line.size()) most += line;
  const std::string last = "220 " + std::string(1018, 'x') + "\r\n";
  ASSERT_EQ((most + last).size(), kMaxPlainConversationLen);
  // The last byte that is allowed ends the greeting, after which there would have to be more.
  const std::string ehlo = "EHLO [127.0.0.1]\r\n";
  const Outcome talkative{Next::give_up, "the peer talks on and on without TLS", ehlo};
  EXPECT_EQ(hear(StartTls::smtp, most + last), talkative);
  EXPECT_EQ(hear(StartTls::smtp, most + last, 1000), talkative);
  const std::string shorter = (most + last).erase(4, 1);
  EXPECT_EQ(hear(StartTls::smtp, shorter), (Outcome{Next::receive, "", ehlo}));
  EXPECT_EQ(hear(StartTls::smtp, shorter + "2"), talkative);
}

TEST(StartTlsDialogue, MayEndWithTheLastByteThatIsAllowed) {
  std::string text = "220 x\r\n234-";
  while (text.size() < kMaxPlainConversationLen - 5) text += text.size() % 1000 == 0 ? "\n" : "x";
  EXPECT_EQ(hear(StartTls::ftp, text + "\n234\r\n").next, Next::give_up);  // one too many
  text.pop_back();
  EXPECT_EQ(hear(StartTls::ftp, text + "\n234\r\n").next, Next::begin_tls);
  const Outcome injected = hear(StartTls::ftp, text + "\n234\r\n\x16");
  EXPECT_EQ(injected.next, Next::give_up);
  EXPECT_EQ(injected.reason, kInjected);
}

TEST(StartTlsDialogue, HasNothingToDoWithoutOne) {
  StartTlsDialogue none(StartTls::none, "", "");
  const StartTlsAction action = none.start();
  EXPECT_EQ(action.next, Next::begin_tls);
  EXPECT_EQ(action.send, "");
  EXPECT_THROW(StartTlsDialogue(StartTls::automatic, "", ""), std::invalid_argument);
}

TEST(StartTlsDialogue, SendsNothingThatIsNoNameToXmpp) {
  for (const std::string& host : {"a b"s, "a\nb"s, "\xc3\xa9.example"s, "\x7f"s, "a\0b"s}) {
    StartTlsDialogue dialogue(StartTls::xmpp, host, "");
    const StartTlsAction action = dialogue.start();
    EXPECT_EQ(action.next, Next::give_up) << host;
    EXPECT_EQ(action.reason, "not a name for XMPP: " + in_quotes(host));
    EXPECT_EQ(action.send, "");
  }
  StartTlsDialogue dialogue(StartTls::xmpp, "'/><x&", "");
  EXPECT_TRUE(dialogue.start().send.starts_with(
      "<?xml version='1.0'?><stream:stream to='&apos;/>&lt;x&amp;' version='1.0'"));
}

}  // namespace
}  // namespace peercert::scan
