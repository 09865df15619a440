// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include <peercert/decode/frame_decoder.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::decode {
namespace {

using test::concat;
using test::hex;
using test::Octets;

Octets named(std::string_view name) {
  return test::CertificateBuilder{.subject = test::common_name(name)}.build();
}

/// All of `bytes` in one frame, as it stands at byte 1000 of a file after two others.
Batch batch_of(const Octets& bytes, bool is_pem = false) {
  Batch batch;
  batch.source = "file";
  batch.bytes = bytes;
  batch.frames = {{.begin = 0, .len = static_cast<std::uint32_t>(bytes.size())}};
  batch.offset = 1000;
  batch.first_number = 3;
  batch.is_pem = is_pem;
  return batch;
}

TEST(FrameDecoderTest, GivesTheCertificateAndItsPlace) {
  const Octets der = named("one");
  const Batch batch = batch_of(der);
  FrameDecoder decoder;
  const DecodedCertificate item = decoder.decode(batch, 0);
  EXPECT_EQ(item.source, "file");
  EXPECT_EQ(item.number, 3U);
  EXPECT_EQ(item.offset, 1000U);
  EXPECT_TRUE(std::ranges::equal(item.input, der));
  EXPECT_TRUE(std::ranges::equal(item.der, der));
  ASSERT_NE(item.certificate, nullptr);
  ASSERT_TRUE(item.dict);
  EXPECT_NE(to_python_repr(*item.dict).find("'one'"), std::string::npos);
  EXPECT_EQ(item.error, "");
}

TEST(FrameDecoderTest, OneThatIsAloneHasNoNumber) {
  Batch batch = batch_of(named("one"));
  batch.is_alone = true;
  FrameDecoder decoder;
  EXPECT_EQ(decoder.decode(batch, 0).number, 0U);
}

TEST(FrameDecoderTest, TakesPemOff) {
  const Octets der = named("one");
  const Batch batch = batch_of(test::octets(to_pem(der)), true);
  FrameDecoder decoder;
  const DecodedCertificate item = decoder.decode(batch, 0);
  EXPECT_TRUE(std::ranges::equal(item.input, der));
  EXPECT_TRUE(std::ranges::equal(item.der, der));
  EXPECT_TRUE(item.dict);
}

TEST(FrameDecoderTest, GivesBerAsItStandsInTheFile) {
  const Octets der = named(std::string(40, 'n'));
  ASSERT_EQ(der[1], 0x81);
  const Octets ber = concat(hex("30 80"), Octets(der.begin() + 3, der.end()), hex("00 00"));
  const Batch batch = batch_of(ber);
  FrameDecoder decoder;
  const DecodedCertificate item = decoder.decode(batch, 0);
  ASSERT_TRUE(item.dict);
  EXPECT_TRUE(std::ranges::equal(item.der, ber));
  EXPECT_TRUE(item.certificate->is_rewritten());
}

TEST(FrameDecoderTest, SaysWhatIsWrongAndWhere) {
  FrameDecoder decoder;
  const auto error_of = [&](const Batch& batch) { return decoder.decode(batch, 0).error; };
  Batch batch = batch_of(named("one"));
  batch.frames[0] = {.begin = 5, .error = FrameError::not_a_certificate};
  EXPECT_EQ(error_of(batch), "not a certificate at byte 1005");
  EXPECT_TRUE(decoder.decode(batch, 0).input.empty());
  // A decoder counts from where the certificate begins.
  EXPECT_EQ(error_of(batch_of(hex("30 03 02 01 05"))), "tbsCertificate: unexpected type at byte 2");
  std::string pem = to_pem(named("one"));
  const std::size_t at = pem.find("\nM") + 2;
  pem[at] = '!';
  EXPECT_EQ(error_of(batch_of(test::octets(pem), true)),
            "PEM: malformed base64 at byte " + std::to_string(1000 + at));
}

// What was decoded before is not taken for what is in hand.
TEST(FrameDecoderTest, KeepsNothingOfTheOneBefore) {
  FrameDecoder decoder;
  Batch batch = batch_of(named("one"));
  batch.frames.push_back({.begin = 0, .len = 1});
  EXPECT_TRUE(decoder.decode(batch, 0).dict);
  const DecodedCertificate item = decoder.decode(batch, 1);
  EXPECT_EQ(item.number, 4U);
  EXPECT_EQ(item.certificate, nullptr);
  EXPECT_TRUE(item.der.empty());
  EXPECT_FALSE(item.dict);
}

// Python raises UnicodeDecodeError.
TEST(FrameDecoderTest, ACertificateMayHaveNoDict) {
  const Octets names = test::subject_alt_name(test::dns_name("\xff"));
  const Batch batch = batch_of(test::CertificateBuilder{.extensions = names}.build());
  FrameDecoder decoder;
  const DecodedCertificate item = decoder.decode(batch, 0);
  EXPECT_NE(item.certificate, nullptr);
  EXPECT_FALSE(item.der.empty());
  EXPECT_FALSE(item.dict);
  EXPECT_NE(item.error.find("invalid characters"), std::string::npos) << item.error;
}

TEST(FrameDecoderTest, TheFailureOfTheFileComesLast) {
  Batch batch = batch_of(named("one"));
  EXPECT_EQ(batch.num_items(), 1U);
  batch.failure = "Input/output error";
  ASSERT_EQ(batch.num_items(), 2U);
  FrameDecoder decoder;
  const DecodedCertificate item = decoder.decode(batch, 1);
  EXPECT_EQ(item.error, "Input/output error");
  EXPECT_EQ(item.source, "file");
  EXPECT_EQ(item.number, 0U);
  EXPECT_FALSE(item.offset);
}

}  // namespace
}  // namespace peercert::decode
