// SPDX-License-Identifier: Apache-2.0
#include "splitter.hpp"

#include <gtest/gtest.h>

#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::tool {
namespace {

using test::concat;
using test::hex;
using test::Octets;

/// A piece as "begin+len", or its trouble as "begin: sentence".
std::string text_of(const Piece& piece) {
  const std::string begin = std::to_string(piece.begin);
  if (piece.trouble != Trouble::none) return begin + ": " + std::string(to_string(piece.trouble));
  return begin + "+" + std::to_string(piece.len);
}

using Texts = std::vector<std::string>;

Texts split(const Octets& input, InputForm form = InputForm::detected) {
  std::vector<Piece> pieces;
  EXPECT_EQ(Splitter(form).split(input, true, pieces), input.size());
  Texts out;
  for (const Piece& piece : pieces) out.push_back(text_of(piece));
  return out;
}

InputForm form_of(const Octets& input) {
  Splitter splitter(InputForm::detected);
  std::vector<Piece> pieces;
  splitter.split(input, true, pieces);
  return splitter.form();
}

/// Long enough to be one of those that are looked for, under 256 octets.
Octets certificate() {
  return test::CertificateBuilder{.subject = test::common_name(std::string(40, 'n'))}.build();
}
Octets pem() { return test::octets(to_pem(certificate())); }
Octets prefixed(const Octets& der) {
  return concat(Octets{static_cast<std::uint8_t>(der.size())}, hex("00 00 00"), der);
}
/// The certificate with an indefinite length.
Octets ber() {
  const Octets der = certificate();
  return concat(hex("30 80"), Octets(der.begin() + 3, der.end()), hex("00 00"));
}

TEST(SplitterTest, FindsEachCertificateInEachForm) {
  const std::size_t len = certificate().size();
  ASSERT_EQ(certificate()[1], 0x81);
  const auto at = [](std::size_t begin, std::size_t size) {
    return std::to_string(begin) + "+" + std::to_string(size);
  };
  EXPECT_EQ(split(concat(certificate(), certificate())), (Texts{at(0, len), at(len, len)}));
  EXPECT_EQ(split(concat(prefixed(certificate()), prefixed(certificate()))),
            (Texts{at(4, len), at(len + 8, len)}));
  EXPECT_EQ(split(concat(ber(), certificate())), (Texts{at(0, len + 1), at(len + 1, len)}));
  const std::size_t pem_len = pem().size() - std::string_view("CERTIFICATE-----\n").size();
  EXPECT_EQ(split(concat(test::octets("text\n"), pem(), pem())),
            (Texts{at(5, pem_len), at(5 + pem().size(), pem_len)}));
}

TEST(SplitterTest, TellsTheForm) {
  EXPECT_EQ(form_of(certificate()), InputForm::der);
  EXPECT_EQ(form_of(ber()), InputForm::der);
  EXPECT_EQ(form_of(hex("3f 10 00")), InputForm::der);
  EXPECT_EQ(form_of(prefixed(certificate())), InputForm::length_prefixed);
  EXPECT_EQ(form_of(pem()), InputForm::pem);
  EXPECT_EQ(form_of(concat(test::octets("0 is 0x30\n"), pem())), InputForm::pem);
  EXPECT_EQ(form_of(hex("30 03 02 01 00")), InputForm::der);
  EXPECT_EQ(form_of({}), InputForm::pem);
}

TEST(SplitterTest, GoesOnBehindWhatIsBroken) {
  const std::string after = std::to_string(certificate().size());
  const auto with_next = [](const Octets& broken) { return split(concat(broken, certificate())); };
  EXPECT_EQ(split(concat(hex("99 99"), certificate()), InputForm::der),
            (Texts{"0: octets that begin no certificate", "2+" + after}));
  Octets misfit = certificate();
  --misfit[2];
  EXPECT_EQ(with_next(misfit), (Texts{"0: the length fits neither what is inside nor what follows",
                                      after + "+" + after}));
  EXPECT_EQ(split(concat(hex("30 84 01 00 00 00"), certificate())),
            (Texts{"0: longer than 16 MiB", "6+" + after}));
  EXPECT_EQ(split(concat(hex("00 00 00 00"), prefixed(certificate())), InputForm::length_prefixed),
            (Texts{"0: octets that begin no certificate", "8+" + after}));
  EXPECT_EQ(split(concat(hex("01 00 00 01"), prefixed(certificate())), InputForm::length_prefixed),
            (Texts{"0: longer than 16 MiB", "8+" + after}));
}

TEST(SplitterTest, SaysWhatAnEndCutsOff) {
  Octets cut = certificate();
  cut.pop_back();
  EXPECT_EQ(split(cut), Texts{"0: truncated: the input ends inside the certificate"});
  EXPECT_EQ(split(prefixed(cut), InputForm::length_prefixed).size(), 1U);
  Octets endless = ber();
  endless.resize(endless.size() - 2);
  EXPECT_EQ(split(concat(endless, certificate())),
            Texts{"0: indefinite length without its end, and so without what follows"});
  Octets unclosed = pem();
  unclosed.resize(unclosed.size() - 30);
  EXPECT_EQ(split(unclosed), Texts{"0: truncated: BEGIN CERTIFICATE without END CERTIFICATE"});
}

// What the search for a start looks at, however small the portions are.
TEST(SplitterTest, PortionsMakeNoDifference) {
  Octets misfit = certificate();
  ++misfit[2];
  const Octets input =
      concat(certificate(), hex("30 30 82 30"), misfit, certificate(), ber(), certificate());
  const Texts expected = split(input);
  for (std::size_t portion_len = 1; portion_len < 40; ++portion_len) {
    Splitter splitter(InputForm::der);
    Texts found;
    std::size_t begin = 0;
    for (std::size_t end = 0; begin < input.size();) {
      end = std::min(end + portion_len, input.size());
      std::vector<Piece> pieces;
      const Bytes octets = Bytes(input).subspan(begin, end - begin);
      const std::size_t len = splitter.split(octets, end == input.size(), pieces);
      for (Piece& piece : pieces) {
        piece.begin += static_cast<std::uint32_t>(begin);
        found.push_back(text_of(piece));
      }
      begin += len;
    }
    EXPECT_EQ(found, expected) << portion_len;
  }
}

TEST(SplitterTest, GivesABoundedNumberOfPieces) {
  Octets input;
  for (std::size_t i = 0; i <= kMaxPieces; ++i) input.insert(input.end(), {0x30, 0x00});
  Splitter splitter(InputForm::der);
  std::vector<Piece> pieces;
  const std::size_t len = splitter.split(input, true, pieces);
  EXPECT_LE(pieces.size(), kMaxPieces);
  EXPECT_LE(len, input.size());
  std::string blocks;
  for (std::size_t i = 0; i <= kMaxPieces; ++i) {
    blocks += "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
  }
  pieces.clear();
  EXPECT_LT(Splitter(InputForm::pem).split(test::octets(blocks), true, pieces), blocks.size());
  EXPECT_EQ(pieces.size(), kMaxPieces);
}

// At the bound it waits for the rest; past it, it does not.
TEST(SplitterTest, ALengthOf16MiBIsTheLongest) {
  std::vector<Piece> pieces;
  EXPECT_EQ(Splitter(InputForm::der).split(hex("30 83 ff ff fb"), false, pieces), 0U);
  EXPECT_TRUE(pieces.empty());
  EXPECT_EQ(split(hex("30 83 ff ff fb"))[0], "0: truncated: the input ends inside the certificate");
  EXPECT_EQ(split(hex("30 83 ff ff fc"))[0], "0: longer than 16 MiB");
}

}  // namespace
}  // namespace peercert::tool
