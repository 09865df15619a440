// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/decode/certificate_framer.hpp>
#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::decode {
namespace {

using test::concat;
using test::hex;
using test::Octets;

/// A frame as "begin+len", or its error as "begin: sentence".
std::string text_of(const Frame& frame) {
  const std::string begin = std::to_string(frame.begin);
  if (frame.error != FrameError::none) return begin + ": " + std::string(to_string(frame.error));
  return begin + "+" + std::to_string(frame.len);
}

using Texts = std::vector<std::string>;

Texts frames_of(const Octets& input, InputForm form = InputForm::detected) {
  std::vector<Frame> frames;
  EXPECT_EQ(CertificateFramer(form).append_frames(input, true, frames), input.size());
  Texts out;
  for (const Frame& frame : frames) out.push_back(text_of(frame));
  return out;
}

InputForm form_of(const Octets& input) {
  CertificateFramer framer(InputForm::detected);
  std::vector<Frame> frames;
  framer.append_frames(input, true, frames);
  return framer.form();
}

/// Long enough to be one of those that are looked for, under 256 bytes.
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

TEST(CertificateFramerTest, FindsEachCertificateInEachForm) {
  const std::size_t len = certificate().size();
  ASSERT_EQ(certificate()[1], 0x81);
  const auto at = [](std::size_t begin, std::size_t size) {
    return std::to_string(begin) + "+" + std::to_string(size);
  };
  EXPECT_EQ(frames_of(concat(certificate(), certificate())), (Texts{at(0, len), at(len, len)}));
  EXPECT_EQ(frames_of(concat(prefixed(certificate()), prefixed(certificate()))),
            (Texts{at(4, len), at(len + 8, len)}));
  EXPECT_EQ(frames_of(concat(ber(), certificate())), (Texts{at(0, len + 1), at(len + 1, len)}));
  const std::size_t pem_len = pem().size() - std::string_view("CERTIFICATE-----\n").size();
  EXPECT_EQ(frames_of(concat(test::octets("text\n"), pem(), pem())),
            (Texts{at(5, pem_len), at(5 + pem().size(), pem_len)}));
}

TEST(CertificateFramerTest, TellsTheForm) {
  EXPECT_EQ(form_of(certificate()), InputForm::der);
  EXPECT_EQ(form_of(ber()), InputForm::der);
  EXPECT_EQ(form_of(hex("3f 10 00")), InputForm::der);
  EXPECT_EQ(form_of(prefixed(certificate())), InputForm::length_prefixed);
  EXPECT_EQ(form_of(pem()), InputForm::pem);
  EXPECT_EQ(form_of(concat(test::octets("0 is 0x30\n"), pem())), InputForm::pem);
  EXPECT_EQ(form_of(hex("30 03 02 01 00")), InputForm::der);
  EXPECT_EQ(form_of({}), InputForm::pem);
}

TEST(CertificateFramerTest, GoesOnAfterWhatIsBroken) {
  const std::string after = std::to_string(certificate().size());
  const auto with_next = [](const Octets& broken) {
    return frames_of(concat(broken, certificate()));
  };
  EXPECT_EQ(frames_of(concat(hex("99 99"), certificate()), InputForm::der),
            (Texts{"0: not a certificate", "2+" + after}));
  Octets misfit = certificate();
  --misfit[2];
  EXPECT_EQ(with_next(misfit), (Texts{"0: the length matches neither the content nor what follows",
                                      after + "+" + after}));
  EXPECT_EQ(frames_of(concat(hex("30 84 01 00 00 00"), certificate())),
            (Texts{"0: longer than 16 MiB", "6+" + after}));
  EXPECT_EQ(
      frames_of(concat(hex("00 00 00 00"), prefixed(certificate())), InputForm::length_prefixed),
      (Texts{"0: not a certificate", "8+" + after}));
  EXPECT_EQ(
      frames_of(concat(hex("01 00 00 01"), prefixed(certificate())), InputForm::length_prefixed),
      (Texts{"0: longer than 16 MiB", "8+" + after}));
}

TEST(CertificateFramerTest, SaysWhatAnEndCutsOff) {
  Octets cut = certificate();
  cut.pop_back();
  EXPECT_EQ(frames_of(cut), Texts{"0: truncated: the input ends inside the certificate"});
  EXPECT_EQ(frames_of(prefixed(cut), InputForm::length_prefixed).size(), 1U);
  Octets endless = ber();
  endless.resize(endless.size() - 2);
  EXPECT_EQ(frames_of(concat(endless, certificate())),
            Texts{"0: indefinite length without end-of-contents"});
  Octets unclosed = pem();
  unclosed.resize(unclosed.size() - 30);
  EXPECT_EQ(frames_of(unclosed), Texts{"0: truncated: BEGIN CERTIFICATE without END CERTIFICATE"});
}

// What the search for a start looks at, however small the portions are.
TEST(CertificateFramerTest, PortionsMakeNoDifference) {
  Octets misfit = certificate();
  ++misfit[2];
  const Octets input = concat(certificate(), hex("30 30 82 30"), misfit, Octets(100, 0x99),
                              certificate(), ber(), certificate());
  const Texts expected = frames_of(input);
  for (std::size_t portion_len = 1; portion_len < 40; ++portion_len) {
    CertificateFramer framer(InputForm::der);
    Texts found;
    std::size_t begin = 0;
    for (std::size_t end = 0; begin < input.size();) {
      end = std::min(end + portion_len, input.size());
      std::vector<Frame> frames;
      const Bytes bytes = Bytes(input).subspan(begin, end - begin);
      const std::size_t len = framer.append_frames(bytes, end == input.size(), frames);
      for (Frame& frame : frames) {
        frame.begin += static_cast<std::uint32_t>(begin);
        found.push_back(text_of(frame));
      }
      begin += len;
    }
    EXPECT_EQ(found, expected) << portion_len;
  }
}

TEST(CertificateFramerTest, GivesABoundedNumberOfFrames) {
  const Octets three_elements = hex("30 06 05 00 05 00 05 00");
  Octets input;
  for (std::size_t i = 0; i <= kMaxFrames; ++i) {
    input.insert(input.end(), three_elements.begin(), three_elements.end());
  }
  CertificateFramer framer(InputForm::der);
  std::vector<Frame> frames;
  const std::size_t len = framer.append_frames(input, true, frames);
  EXPECT_EQ(frames.size(), kMaxFrames);
  EXPECT_EQ(len, kMaxFrames * three_elements.size());
  std::string blocks;
  for (std::size_t i = 0; i <= kMaxFrames; ++i) {
    blocks += "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
  }
  frames.clear();
  EXPECT_LT(CertificateFramer(InputForm::pem).append_frames(test::octets(blocks), true, frames),
            blocks.size());
  EXPECT_EQ(frames.size(), kMaxFrames);
}

// At the bound it waits for the rest; past it, it does not.
TEST(CertificateFramerTest, ALengthOf16MiBIsTheLongest) {
  std::vector<Frame> frames;
  EXPECT_EQ(CertificateFramer(InputForm::der).append_frames(hex("30 83 ff ff fb"), false, frames),
            0U);
  EXPECT_TRUE(frames.empty());
  EXPECT_EQ(frames_of(hex("30 83 ff ff fb"))[0],
            "0: truncated: the input ends inside the certificate");
  EXPECT_EQ(frames_of(hex("30 83 ff ff fc"))[0], "0: longer than 16 MiB");
}

}  // namespace
}  // namespace peercert::decode
