// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <sstream>
#include <streambuf>

#include <gtest/gtest.h>

#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

constexpr std::string_view kTls = "tls://";

/// All that the input gives: to_string() of targets without tls://, "LINE: reason" for bad lines.
std::vector<std::string> read(const std::string& text, TargetOptions options = {}) {
  std::istringstream input(text);
  TargetSource source(input, std::move(options));
  std::vector<std::string> items;
  for (;;) {
    const TargetSource::Item item = source.next();
    if (std::holds_alternative<EndOfTargets>(item)) return items;
    if (const auto* const bad = std::get_if<BadLine>(&item)) {
      items.push_back(std::to_string(bad->line) + ": " + bad->reason);
    } else {
      const std::string target = to_string(std::get<Target>(item));
      items.push_back(target.substr(target.starts_with(kTls) ? kTls.size() : 0));
    }
  }
}

using Items = std::vector<std::string>;

TEST(TargetSource, Lines) {
  EXPECT_EQ(read("\xef\xbb\xbf# list\n\na.example\r\n  B.Example:8443\t\n2001:DB8:0::1\n"
                 "[2001:db8::2]:1\n192.0.2.1"),
            (Items{"a.example:443", "b.example:8443", "[2001:db8::1]:443", "[2001:db8::2]:1",
                   "192.0.2.1:443"}));
  EXPECT_EQ(read(""), Items{});
  EXPECT_EQ(read("\n\n#\n"), Items{});
  EXPECT_TRUE(read("\xc2\xad").at(0).starts_with("1: "));  // of which IDNA leaves nothing
}

TEST(TargetSource, TextsAndPlaces) {
  std::istringstream input("#\nA.example\n?\n192.0.2.0/31,x\nb.example");
  TargetSource source(input, {});
  const std::array<Target, 4> expected = {{{0, 2, "A.example", "a.example", 443, {}, {}},
                                           {1, 4, "192.0.2.0/31,x", "192.0.2.0", 443, "x", {}},
                                           {2, 4, "192.0.2.0/31,x", "192.0.2.1", 443, "x", {}},
                                           {3, 5, "b.example", "b.example", 443, {}, {}}}};
  for (const Target& target : expected) {
    TargetSource::Item item = source.next();
    if (std::holds_alternative<BadLine>(item)) item = source.next();
    const Target& read = std::get<Target>(item);
    EXPECT_EQ(read.index, target.index);
    EXPECT_EQ(read.line, target.line);
    EXPECT_EQ(read.text, target.text);
    EXPECT_EQ(read.host, target.host);
    EXPECT_EQ(read.port, target.port);
    EXPECT_EQ(read.server_name, target.server_name);
  }
  EXPECT_TRUE(std::holds_alternative<EndOfTargets>(source.next()));
  EXPECT_TRUE(std::holds_alternative<EndOfTargets>(source.next()));
}

TEST(TargetSource, BadLinesHaveNumbersAndTheRestIsRead) {
  const Items items = read(
      "a.example:0\nb.example\nc/24\ngopher://d\n1.2.3.4/33\nexam ple\n2001:db8::x\n::/0\ne\n");
  ASSERT_EQ(items.size(), 9U);
  EXPECT_EQ(items[0], "1: a port is a number from 1 to 65535");
  EXPECT_EQ(items[1], "b.example:443");
  EXPECT_EQ(items[2].substr(0, 21), "3: that is no network");
  EXPECT_EQ(items[3].substr(0, 17), "4: of this scheme");
  EXPECT_EQ(items[4].substr(0, 13), "5: behind the");
  EXPECT_EQ(items[5].substr(0, 21), "6: that is not a host");
  EXPECT_EQ(items[6], "7: that is not an IPv6 address");
  EXPECT_EQ(items[7], "8: a network of IPv6 may have at most 2^24 addresses: /104");
  EXPECT_EQ(items[8], "e:443");
}

TEST(TargetSource, LongLinesArePassedOver) {
  EXPECT_EQ(read(std::string(kMaxTargetLineLen + 1, 'a') + "\nb\n"),
            (Items{"1: the line is too long", "b:443"}));
  EXPECT_EQ(read("#" + std::string(kMaxTargetLineLen - 1, 'a') + "\nb\n"), Items{"b:443"});
}

TEST(TargetSource, Networks) {
  EXPECT_EQ(read("192.0.2.255/30,a.example"),
            (Items{"192.0.2.252:443,a.example", "192.0.2.253:443,a.example",
                   "192.0.2.254:443,a.example", "192.0.2.255:443,a.example"}));
  EXPECT_EQ(read("2001:db8::fffe/127"), (Items{"[2001:db8::fffe]:443", "[2001:db8::ffff]:443"}));
  EXPECT_EQ(read("192.0.2.1/32\n::1/128"), (Items{"192.0.2.1:443", "[::1]:443"}));
}

TEST(TargetSource, GreatNetworksAreExpandedOneByOne) {
  std::istringstream input("0.0.0.0/0\n");
  TargetSource source(input, {});
  for (int i = 0; i < 70000; ++i) {
    const Target target = std::get<Target>(source.next());
    if (i == 65537) {
      EXPECT_EQ(target.host, "0.1.0.1");
    }
  }
}

TEST(TargetSource, NumbersOfTargetsDoNotOverflow) {
  std::istringstream input("2001:db8::/104\n");
  TargetSource source(input, {.ports = std::vector<std::uint16_t>(1000, 1)});
  EXPECT_EQ(std::get<Target>(source.next()).host, "2001:db8::");
}

TEST(TargetSource, Urls) {
  EXPECT_EQ(read("https://a.example/x,y\nSMTP://a.example\nsmtps://a.example\nldap://a.example:1\n"
                 "postgres://me:pass,word@a.example/db\nxmpp-server://a.example,b.example\n"
                 "imap://[2001:db8::1]"),
            (Items{"a.example:443", "smtp://a.example:25", "a.example:465", "ldap://a.example:1",
                   "postgres://a.example:5432", "xmpp-server://a.example:5269,b.example",
                   "imap://[2001:db8::1]:143"}));
}

TEST(TargetSource, ServerNames) {
  EXPECT_EQ(read("192.0.2.1,A.example\n[2001:db8::1]:8443,b.example\n192.0.2.1,\na,b,c\na,b/c"),
            (Items{"192.0.2.1:443,a.example", "[2001:db8::1]:8443,b.example", "192.0.2.1:443,",
                   "4: that is neither a name nor an address",
                   "5: that is neither a name nor an address"}));
  EXPECT_EQ(read("a\nb,c", {.use_host_as_server_name = false}), (Items{"a:443,", "b:443,c"}));
  EXPECT_EQ(read("fe80::1%Eth0"), Items{"[fe80::1%Eth0]:443,fe80::1"});
}

TEST(TargetSource, InternationalizedNames) {
  EXPECT_EQ(read("b\xc3\xbc"
                 "cher.example,m\xc3\xbcnchen.example"),
            Items{"xn--bcher-kva.example:443,xn--mnchen-3ya.example"});
  EXPECT_EQ(read("\xef\xbc\x91"
                 "92.0.2.1"),
            Items{"192.0.2.1:443"});  // a fullwidth digit
  ASSERT_EQ(read("b\xfc"
                 "cher.example")
                .size(),
            1U);
  EXPECT_EQ(read("b\xfc"
                 "cher.example")[0]
                .substr(0, 3),
            "1: ");
}

TEST(TargetSource, Ports) {
  EXPECT_EQ(read("a\nb:1\nsmtp://c", {.ports = {443, 8443}}),
            (Items{"a:443", "a:8443", "b:1", "smtp://c:25"}));
  EXPECT_EQ(read("192.0.2.0/31", {.ports = {1, 2}}),
            (Items{"192.0.2.0:1", "192.0.2.0:2", "192.0.2.1:1", "192.0.2.1:2"}));
  EXPECT_EQ(read("tls://a", {.ports = {1, 2}}), (Items{"a:1", "a:2"}));
  EXPECT_THROW(read("a", {.ports = {0}}), ssl::ValueError);
}

TEST(TargetSource, StartTls) {
  EXPECT_EQ(read("a\nb:1\ntls://c:2", {.start_tls = StartTls::imap}),
            (Items{"imap://a:143", "imap://b:1", "c:2"}));
  EXPECT_EQ(read("tls://c", {.start_tls = StartTls::imap}), Items{"c:443"});
  EXPECT_EQ(read("a\na:25\nldap://a:25", {.start_tls = StartTls::automatic}),
            (Items{"a:443", "smtp://a:25", "ldap://a:25"}));
}

TEST(TargetSource, ColumnsOfCsv) {
  const std::string text =
      "rank,\"the \"\"host\"\"\"\r\n1,a.example\r\n\r\n2,\"192.0.2.1,b\"\r\n3\r\n4,\r\n"
      "\"5\n\n\",c.example\r\n6,d.example,more\r\n";
  EXPECT_EQ(read(text, {.column = "the \"host\""}),
            (Items{"a.example:443", "192.0.2.1:443,b", "5: the record does not have the column",
                   "6: the field is empty", "c.example:443", "d.example:443"}));
  EXPECT_EQ(read("1,a\n2,b", {.column = "2"}), (Items{"a:443", "b:443"}));
  EXPECT_EQ(read("rank, host \n1, a \n", {.column = "host"}), Items{"a:443"});
  EXPECT_EQ(read("1x,2\na,b\n", {.column = "1x"}), Items{"a:443"});  // a name
  EXPECT_THROW(read("rank,host\n", {.column = "name"}), ssl::ValueError);
  EXPECT_THROW(read("", {.column = "0"}), ssl::ValueError);
  EXPECT_EQ(read("", {.column = "host"}), Items{});
}

TEST(TargetSource, QuotesThatAreWrong) {
  EXPECT_EQ(read("\"a\"b\nc\n\"d\ne\n", {.column = "1"}),
            (Items{"1: behind a quoted field is no comma", "c:443",
                   "3: the quotes of a field are not closed"}));
  const std::string line = std::string(kMaxTargetLineLen / 4, 'x') + "\n";
  EXPECT_EQ(
      read("\"" + line + line + line + line + "c\n", {.column = "1"}),
      (Items{"1: the record is too long; perhaps the quotes of a field are not closed", "c:443"}));
}

TEST(TargetSource, FieldsOfJson) {
  EXPECT_EQ(read(R"({"host":"a.example","port":1})"
                 "\n\n"
                 R"({"host":"\u0062\u00fccher.example"})"
                 "\n{\n[]\n{}\n{\"host\":1}\n{\"host\":\" \"}\n{\"host\":\"a\\u0000b\"}\n",
                 {.field = "host"}),
            (Items{"a.example:443", "xn--bcher-kva.example:443", "4: that is not JSON",
                   "5: there is no JSON object with the field", "6: the field is missing",
                   "7: the field is no string", "8: the field is empty",
                   "9: that is not a host; write HOST, HOST:PORT, [IPV6]:PORT or https://HOST/"}));
  EXPECT_EQ(read(R"({"a":{"b":{"c":"d"}}})", {.field = "a.b.c"}), Items{"d:443"});
  EXPECT_EQ(read(R"({"a":"b"})", {.field = "a.b"}),
            Items{"1: there is no JSON object with the field"});
  EXPECT_THROW(read("", {.column = "1", .field = "a"}), ssl::ValueError);
}

TEST(TargetSource, NoDepthOfJsonIsTooMuch) {
  const std::string deep(kMaxTargetLineLen - 10, '[');
  EXPECT_EQ(read("{\"a\":" + deep + "\n", {.field = "a"}), Items{"1: that is not JSON"});
}

TEST(TargetSource, ShardsTogetherAreEverything) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "host" + std::to_string(i) + ".example\n";
  std::vector<int> seen(1000);
  for (std::uint32_t number = 1; number <= 4; ++number) {
    std::istringstream input(text);
    TargetSource source(input, {.shard = {number, 4}});
    int num_targets = 0;
    for (;;) {
      const TargetSource::Item item = source.next();
      const Target* const target = std::get_if<Target>(&item);
      if (target == nullptr) break;
      EXPECT_EQ(target->index + 1, target->line);  // as if there were no shards
      ++seen.at(target->index);
      ++num_targets;
    }
    EXPECT_GT(num_targets, 200);
    EXPECT_LT(num_targets, 300);
  }
  EXPECT_EQ(seen, std::vector<int>(1000, 1));
}

// The figures are Python's: the same on every machine and in every version.
TEST(TargetSource, ShardOfATarget) {
  const auto shard = [](const char* host, std::uint16_t port) {
    Target target;
    target.host = host;
    target.port = port;
    return shard_of(target, 1000);
  };
  EXPECT_EQ(shard("a.example", 443), 742U);
  EXPECT_EQ(shard("a.example", 8443), 58U);
  EXPECT_EQ(shard("2001:db8::1", 443), 128U);
}

TEST(TargetSource, AShardIsOneOfThoseThereAre) {
  EXPECT_THROW(read("a", {.shard = {3, 2}}), ssl::ValueError);
  EXPECT_THROW(read("a", {.shard = {0, 2}}), ssl::ValueError);
}

TEST(TargetSource, ParseShard) {
  const Shard shard = parse_shard("2/8");
  EXPECT_EQ(shard.number, 2U);
  EXPECT_EQ(shard.count, 8U);
  for (const char* text : {"", "1", "/", "0/1", "2/1", "1/0", "1/2/3", "-1/2", "1/4294967296"}) {
    EXPECT_THROW(parse_shard(text), ssl::ValueError) << text;
  }
}

TEST(TargetSource, AnInputThatCannotBeReadIsNotAnEnd) {
  struct Broken : std::streambuf {
    int_type underflow() override { throw std::ios_base::failure("broken"); }
  } broken;
  std::istream input(&broken);
  TargetSource source(input, {});
  EXPECT_THROW(source.next(), std::ios_base::failure);
}

}  // namespace
}  // namespace peercert::scan
