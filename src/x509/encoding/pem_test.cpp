// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/x509/field.hpp>
#include <peercert/x509/pem.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::octets;
using test::Octets;

// What a text holds: each certificate's octets as text, each error as its sentence.
std::vector<std::string> read_all(std::string_view text) {
  std::vector<std::string> out;
  PemReader reader(text);
  Der der;
  for (;;) {
    const Result<bool> found = reader.next(der);
    if (found && !*found) return out;
    out.push_back(found ? std::string(der.begin(), der.end()) : to_string(found.error()));
  }
}

using Texts = std::vector<std::string>;

std::string block(std::string_view body, std::string_view label = "CERTIFICATE") {
  return std::string("-----BEGIN ").append(label) + "-----\n" + std::string(body) + "-----END " +
         std::string(label) + "-----\n";
}

TEST(PemTest, ReadsABlock) {
  // RFC 4648, section 10
  EXPECT_EQ(read_all(block("Zm9vYmFy\n")), Texts{"foobar"});
  EXPECT_EQ(read_all(block("Zm9vYmE=\n")), Texts{"fooba"});
  EXPECT_EQ(read_all(block("Zm9vYg==\n")), Texts{"foob"});
  EXPECT_EQ(read_all(block("")), Texts{""});
}

TEST(PemTest, UsesTheWholeAlphabet) {
  Octets all;
  for (unsigned i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  for (unsigned i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(255 - i));
  EXPECT_EQ(read_all(to_pem(all)), (Texts{std::string(all.begin(), all.end())}));
  EXPECT_EQ(read_all(block("+/+/\n")), Texts{"\xfb\xff\xbf"});
}

TEST(PemTest, WhiteSpaceAndLineEndsMayDiffer) {
  EXPECT_EQ(
      read_all("-----BEGIN CERTIFICATE-----\r\nZm9v\r\nYmFy\r\n-----END CERTIFICATE-----\r\n"),
      Texts{"foobar"});
  EXPECT_EQ(read_all("-----BEGIN CERTIFICATE-----\nZm9vYmFy\n-----END CERTIFICATE-----"),
            Texts{"foobar"});
  EXPECT_EQ(read_all("-----BEGIN CERTIFICATE-----Zm9vYmFy-----END CERTIFICATE-----"),
            Texts{"foobar"});
  EXPECT_EQ(read_all(block(" Z m\t9v\n\n\nYmE\n=\n")), Texts{"fooba"});
}

TEST(PemTest, AnythingMayStandBetweenBlocks) {
  EXPECT_EQ(
      read_all("Subject: a\n" + block("Zm9v\n") + "\n# next -----\n" + block("YmFy\n") + "end"),
      (Texts{"foo", "bar"}));
  EXPECT_EQ(read_all(""), Texts{});
  EXPECT_EQ(read_all("-----"), Texts{});
  EXPECT_EQ(read_all("no block\n-----END CERTIFICATE-----\n"), Texts{});
}

TEST(PemTest, OtherLabelsArePassedOver) {
  EXPECT_EQ(
      read_all(block("AAAA\n", "PRIVATE KEY") + block("Zm9v\n") + block("AAAA\n", "X509 CRL") +
               block("YmFy\n", "X509 CERTIFICATE") + block("YmF6\n", "TRUSTED CERTIFICATE")),
      (Texts{"foo", "bar", "baz"}));
  EXPECT_EQ(read_all(block("AAAA\n", "CERTIFICATE REQUEST")), Texts{});
  EXPECT_EQ(read_all(block("AAAA\n", "ATTRIBUTE CERTIFICATE")), Texts{});
  EXPECT_EQ(read_all(block("AAAA\n", "certificate")), Texts{});
  EXPECT_EQ(read_all(block("AAAA\n", "")), Texts{});
}

constexpr std::size_t kBodyAt = 28;  // behind "-----BEGIN CERTIFICATE-----\n"

std::string bad_base64_at(std::size_t offset) {
  return to_string(
      Error{Errc::pem_bad_base64, Field::pem, static_cast<std::uint32_t>(kBodyAt + offset)});
}

TEST(PemTest, ABadCharacterIsFound) {
  EXPECT_EQ(read_all(block("Zm9v!mFy\n")), Texts{bad_base64_at(4)});
  EXPECT_EQ(read_all(block("Zm_v\n")), Texts{bad_base64_at(2)});  // the URL's alphabet
  EXPECT_EQ(read_all(block("Zm9v\xc3\xa9\n")), Texts{bad_base64_at(4)});
  EXPECT_EQ(read_all(block(std::string_view("Zm9v\0\n", 6))), Texts{bad_base64_at(4)});
  EXPECT_EQ(read_all(block("Proc-Type: 4,ENCRYPTED\n\nZm9v\n")), Texts{bad_base64_at(4)});
}

TEST(PemTest, PaddingHasToFit) {
  EXPECT_EQ(read_all(block("Z\n")), Texts{bad_base64_at(2)});
  EXPECT_EQ(read_all(block("Zm9vYg\n")), Texts{bad_base64_at(7)});
  EXPECT_EQ(read_all(block("Zm9vYg=\n")), Texts{bad_base64_at(8)});
  EXPECT_EQ(read_all(block("Zm9vYmE\n")), Texts{bad_base64_at(8)});
  EXPECT_EQ(read_all(block("Zm9v=\n")), Texts{bad_base64_at(6)});
  EXPECT_EQ(read_all(block("Zm9v==\n")), Texts{bad_base64_at(7)});
  EXPECT_EQ(read_all(block("Zm9vY===\n")), Texts{bad_base64_at(7)});
  EXPECT_EQ(read_all(block("====\n")), Texts{bad_base64_at(2)});
  EXPECT_EQ(read_all(block("Zm8=Zm8=\n")), Texts{bad_base64_at(4)});
}

TEST(PemTest, ReadingGoesOnBehindAnError) {
  EXPECT_EQ(read_all(block("!\n") + block("Zm9v\n")), (Texts{bad_base64_at(0), "foo"}));
}

TEST(PemTest, ABlockWithoutItsEndIsCut) {
  const std::string truncated =
      "PEM: truncated: BEGIN CERTIFICATE without END CERTIFICATE at byte ";
  const std::string whole = block("Zm9v\n");
  EXPECT_EQ(read_all("x" + whole.substr(0, kBodyAt)), Texts{truncated + "1"});
  for (std::size_t size = kBodyAt; size < whole.find("CERTIFICATE", kBodyAt); ++size)
    EXPECT_EQ(read_all(whole.substr(0, size)), Texts{truncated + "0"}) << size;
  EXPECT_EQ(read_all("-----BEGIN CERTIFICATE-----\nZm9v\n" + block("YmFy\n")),
            (Texts{truncated + "0", "bar"}));
}

// Every cut of a text with two certificates: the whole ones come out, and it ends.
TEST(PemTest, EveryCutEnds) {
  const std::string text = "text\n" + block("Zm9v\n") + "text\n" + block("YmFy\n");
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const Texts found = read_all(std::string_view(text).substr(0, size));
    EXPECT_LE(found.size(), 2U);
    EXPECT_EQ(found == (Texts{"foo", "bar"}), size >= text.rfind("CERTIFICATE")) << size;
  }
}

TEST(PemTest, TheLastBlockReadIsNotKept) {
  PemReader reader("nothing");
  Der der = octets("old");
  EXPECT_FALSE(*reader.next(der));
  EXPECT_TRUE(der.empty());
}

TEST(PemTest, WritesSixtyFourColumns) {
  EXPECT_EQ(to_pem({}), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
  EXPECT_EQ(to_pem(octets("foob")), block("Zm9vYg==\n"));
  const std::string line(64, 'A');
  EXPECT_EQ(to_pem(Octets(48)), block(line + "\n"));
  EXPECT_EQ(to_pem(Octets(49)), block(line + "\nAA==\n"));
  EXPECT_EQ(to_pem(Octets(96)), block(line + "\n" + line + "\n"));
}

TEST(PemTest, ReadsWhatItWrote) {
  for (std::size_t size = 0; size < 200; ++size) {
    Octets der(size);
    for (std::size_t i = 0; i < size; ++i) der[i] = static_cast<std::uint8_t>(i * 37);
    EXPECT_EQ(read_all(to_pem(der)), (Texts{std::string(der.begin(), der.end())}));
  }
}

// Work is linear in the text, whatever it repeats: else these would not end today.
TEST(PemTest, JunkOfAMebibyteIsSoonRead) {
  for (const std::string_view junk :
       {"-----BEGIN ", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nA", "-----",
        "-", "-----BEGIN X-----", "-----END CERTIFICATE-----", "-----BEGIN \n"}) {
    std::string text;
    while (text.size() < (1U << 20)) text += junk;
    EXPECT_LE(read_all(text).size(), text.size() / junk.size()) << junk;
  }
}

TEST(PemTest, FindsABlockWithoutDecodingIt) {
  const std::string text = "text " + block("???\n") + block("key", "PRIVATE KEY") + block("abcd");
  const auto first = find_pem_block(text, 0);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->begin, 5U);
  EXPECT_EQ(text.substr(first->body, first->body_end - first->body), "\n???\n");
  EXPECT_TRUE(first->is_closed);
  EXPECT_EQ(text.substr(first->end, 11), "CERTIFICATE");
  const auto second = find_pem_block(text, first->end);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(text.substr(second->body, second->body_end - second->body), "\nabcd");
  EXPECT_FALSE(find_pem_block(text, second->end).has_value());
}

TEST(PemTest, ABlockThatIsNotClosedGoesToTheNextDashes) {
  const std::string text = "-----BEGIN CERTIFICATE-----\nabcd\n-----EN";
  const auto found = find_pem_block(text, 0);
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->is_closed);
  EXPECT_EQ(text.substr(found->body_end), "-----EN");
  EXPECT_EQ(found->end, found->body);
  EXPECT_EQ(find_pem_block(std::string_view(text).substr(0, 30), 0)->body_end, 30U);
}

}  // namespace
}  // namespace peercert
