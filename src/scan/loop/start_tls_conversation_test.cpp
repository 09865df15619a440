// SPDX-License-Identifier: Apache-2.0
// The dialogues over a socket of 127.0.0.1: what becomes of the connection, and of the deadline.
// What the server says is the matter of start_tls_dialogue_test.cpp.
#include "scan/loop/start_tls_conversation.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/scripted_peer.hpp"

namespace peercert::scan {
namespace {

using namespace std::literals;

class EveryConversation : public testing::TestWithParam<Script> {
 protected:
  static StartTls protocol() { return GetParam().protocol; }
};

TEST_P(EveryConversation, SaysWhatItsDocumentSays) {
  for (const std::size_t piece : {1U, 1U << 20U}) {
    const std::optional<Failure> failure = converse(protocol(), player(GetParam().lines, piece));
    EXPECT_FALSE(failure) << failure->message;
  }
}

TEST_P(EveryConversation, RefusesWhatIsInjectedInFrontOfTls) {
  std::vector<Said> lines = GetParam().lines;
  while (lines.back().who == Who::client) lines.pop_back();
  lines.back().bytes += "\x16\x03";
  const std::optional<Failure> failure = converse(protocol(), player(lines));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::start_tls);
  EXPECT_EQ(failure->phase, Phase::start_tls);
  EXPECT_EQ(failure->message, kInjected + ": \"\\x16\\x03\"");
}

TEST_P(EveryConversation, SaysThatThePeerWentAwayInTheMiddle) {
  std::vector<Said> lines = GetParam().lines;
  while (!lines.empty()) {
    const Said last = lines.back();
    lines.pop_back();
    if (last.who == Who::client) continue;
    std::vector<Said> cut = lines;
    cut.push_back(s(last.bytes.substr(0, last.bytes.size() / 2)));
    const std::optional<Failure> failure = converse(protocol(), player(cut));
    ASSERT_TRUE(failure);
    const bool went =
        failure->error_class == ErrorClass::closed || failure->error_class == ErrorClass::reset;
    EXPECT_TRUE(went) << failure->message;
    EXPECT_EQ(failure->phase, Phase::start_tls);
  }
}

// Says all but the last byte, and is silent.
TEST_P(EveryConversation, EndsAtItsDeadline) {
  std::string heard = said_by(Who::server, GetParam().lines);
  heard.pop_back();
  const Peer peer = [heard](tcp::socket& socket) { return say_and_listen(socket, heard); };
  const std::optional<Failure> failure = converse(protocol(), peer, {.patience = 20ms});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::timeout);
  EXPECT_EQ(failure->message, "the server did not change to TLS in time");
}

// Says all but the last byte, byte by byte, from some moment around the deadline on.
TEST_P(EveryConversation, EndsAtItsDeadlineThoughThePeerSpeaksThen) {
  std::string heard = said_by(Who::server, GetParam().lines);
  heard.pop_back();
  constexpr std::chrono::milliseconds kPatience = 20ms;
  for (const std::chrono::microseconds after : {18000us, 19900us, 20000us, 20100us, 22000us}) {
    const Peer peer = [&](tcp::socket& socket) { return say_later(socket, heard, after); };
    const std::optional<Failure> failure = converse(protocol(), peer, {.patience = kPatience});
    ASSERT_TRUE(failure) << after.count();
    EXPECT_EQ(failure->error_class, ErrorClass::timeout) << failure->message;
  }
}

TEST_P(EveryConversation, DoesNothingAfterItsDeadline) {
  const std::optional<Failure> failure =
      converse(protocol(), player({s(said_by(Who::server, GetParam().lines))}), {.patience = 0ms});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::timeout);
}

INSTANTIATE_TEST_SUITE_P(StartTls, EveryConversation, testing::ValuesIn(scripts::kAll),
                         [](const auto& i) { return test_name(i.param.protocol); });

TEST(StartTlsConversation, ShowsWhatThePeerSaidLast) {
  const std::optional<Failure> failure =
      converse(StartTls::smtp, player({s("220 x\r\n"), c("EHLO [127.0.0.1]\r\n"), s("250-\"")}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message, "the peer closed the connection after \"250-\\\"\"");
}

asio::awaitable<void> reset(tcp::socket& socket) {
  socket.set_option(asio::socket_base::linger(true, 0));
  socket.close();
  co_return;
}

TEST(StartTlsConversation, SaysThatThePeerResetTheConnection) {
  const std::optional<Failure> failure = converse(StartTls::smtp, reset);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::reset);
  EXPECT_EQ(failure->message, "the peer reset the connection");
}

TEST(StartTlsConversation, GivesUpWhereThePeerTalksOnAndOn) {
  const std::optional<Failure> failure =
      converse(StartTls::smtp, chatterbox("220 x\r\n", "250-x\r\n"));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::start_tls);
  EXPECT_EQ(failure->message, "the peer talks on and on without TLS");
}

// What arrives after the go-ahead in a packet of its own is not in the dialogue's buffer.
TEST(StartTlsConversation, LooksIntoTheSocketBeforeTls) {
  // The client reads 1024 bytes at a time: exactly the greeting.
  std::string greeting = scripts::kMysqlGreeting;
  greeting.resize(1024);
  greeting[0] = static_cast<char>((greeting.size() - 4) & 0xff);
  greeting[1] = static_cast<char>((greeting.size() - 4) >> 8);
  const std::optional<Failure> failure = converse(StartTls::mysql, player({s(greeting + "\x16")}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::start_tls);
  EXPECT_EQ(failure->message, kInjected);
}

TEST(StartTlsConversation, SendsNothingThatIsNoNameToXmpp) {
  const std::optional<Failure> failure =
      converse(StartTls::xmpp, player({c("?")}), {.host = "a b"});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, ErrorClass::start_tls);
  EXPECT_EQ(failure->message, "not a name for XMPP: \"a b\"");
}

TEST(StartTlsConversation, HasItsAddressForAName) {
  const struct {
    const char* listen;
    const char* to;
    const char* literal;
  } cases[] = {{"::1", "::1", "[IPv6:::1]"}, {"127.0.0.1", "::ffff:127.0.0.1", "[127.0.0.1]"}};
  for (const auto& each : cases) {
    const Peer peer = player({s("220 x\r\n"), c("EHLO "s + each.literal + "\r\n"), s("250 x\r\n")});
    const std::optional<Failure> failure =
        converse(StartTls::smtp, peer, {.listen = each.listen, .to = each.to});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->message, "the server does not offer STARTTLS");
  }
}

TEST(StartTlsConversation, HasNothingToDoWithoutOne) {
  EXPECT_FALSE(converse(StartTls::none, player({})));
  EXPECT_THROW(converse(StartTls::automatic, player({})), std::invalid_argument);
}

}  // namespace
}  // namespace peercert::scan
