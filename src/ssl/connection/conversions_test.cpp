// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/ssl/conversions.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

long seconds_of(std::string_view cert_time) {
  return cert_time_to_seconds(cert_time).time_since_epoch().count();
}

// The strings of Python's test_cert_time_to_seconds.
TEST(CertTimeToSeconds, ReadsWhatTheDictHolds) {
  EXPECT_EQ(seconds_of("Jan  5 09:34:43 2018 GMT"), 1515144883);
  EXPECT_EQ(seconds_of("Jan 05 09:34:43 2018 GMT"), 1515144883);
  EXPECT_EQ(seconds_of("JaN  5 09:34:43 2018 GmT"), 1515144883);
  EXPECT_EQ(seconds_of("May  9 00:00:00 2007 GMT"), 1178668800);
  EXPECT_EQ(seconds_of("Jan  1 00:00:00 1950 GMT"), -631152000);
  EXPECT_EQ(seconds_of("Feb 29 00:00:00 2024 GMT"), 1709164800);
  EXPECT_EQ(seconds_of("Dec 31 23:59:59 9999 GMT"), 253402300799);
}

TEST(CertTimeToSeconds, CountsLeapSecondsAsPosixDoes) {
  EXPECT_EQ(seconds_of("Dec 31 23:59:60 2008 GMT"), 1230768000);
  EXPECT_EQ(seconds_of("Jan  1 00:00:00 2009 GMT"), 1230768000);
  EXPECT_EQ(seconds_of("Jan  5 09:34:59 2018 GMT"), 1515144899);
  EXPECT_EQ(seconds_of("Jan  5 09:34:60 2018 GMT"), 1515144900);
  EXPECT_EQ(seconds_of("Jan  5 09:34:61 2018 GMT"), 1515144901);
}

TEST(CertTimeToSeconds, RefusesOtherText) {
  for (const char* text : {"Jan  5 09:34 2018 GMT",
                           "Jan  5 09:34:43 2018",
                           "Jan  5 09:34:43 2018 UTC",
                           "Jan 35 09:34:43 2018 GMT",
                           "Jon  5 09:34:43 2018 GMT",
                           "Jan  5 24:00:00 2018 GMT",
                           "Jan  5 09:60:43 2018 GMT",
                           "Jan  5 09:34:62 2018 GMT",
                           "Jan  5 09:34:43.5 2018 GMT",
                           "Jan  5 09:34:43 18 GMT",
                           "Jan  5 09:34:43 2018 GMT ",
                           "Jan  5 09:34:43 0000 GMT",
                           "Jan5 09:34:43 2018 GMT",
                           "Jan  0 09:34:43 2018 GMT",
                           "Feb 30 00:00:00 2000 GMT",
                           "Jan  5 09:34:43 2018 GM",
                           "Bad time value",
                           "Jan",
                           "Ja",
                           ""}) {
    EXPECT_THROW(cert_time_to_seconds(text), ValueError) << text;
  }
}

// As Python's test_DER_to_PEM.
TEST(PemCertificates, GoThereAndBack) {
  const Der der = TestPki::shared().server.certificate_der();
  const std::string pem = der_cert_to_pem_cert(der);
  EXPECT_TRUE(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_TRUE(pem.ends_with("\n-----END CERTIFICATE-----\n"));
  for (std::size_t begin = 0; begin < pem.size(); begin = pem.find('\n', begin) + 1) {
    EXPECT_LE(pem.find('\n', begin) - begin, 64U);
  }
  EXPECT_EQ(pem_cert_to_der_cert(pem), der);
  EXPECT_EQ(pem_cert_to_der_cert(pem + " \r\n\t"), der);
}

// What Python's PEM_cert_to_DER_cert() gives, 3.11 and 3.13.
TEST(PemCertificates, AreReadLeniently) {
  const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  EXPECT_EQ(pem_cert_to_der_cert(begin + end), Der());
  EXPECT_EQ(pem_cert_to_der_cert(begin + "\n\n" + end + "\n"), Der());
  EXPECT_EQ(pem_cert_to_der_cert(begin + "AAAA" + end), Der(3));
  EXPECT_EQ(pem_cert_to_der_cert(begin + "\nAA\n AA\n" + end + "\n\n"), Der(3));
  EXPECT_EQ(pem_cert_to_der_cert(begin + "\nQ Q==\n" + end), Der{'A'});
}

TEST(PemCertificates, RefuseOtherText) {
  const auto sentence = [](std::string_view pem) {
    return std::string(caught<ValueError>([&] { pem_cert_to_der_cert(pem); }).what());
  };
  const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  const std::string must_start = "Invalid PEM encoding; must start with " + begin;
  EXPECT_EQ(sentence(""), must_start);
  EXPECT_EQ(sentence("x" + begin + "\nAAAA\n" + end), must_start);
  EXPECT_EQ(sentence(begin + "\nAAAA\n" + end + "\nx"),
            "Invalid PEM encoding; must end with " + end);
  EXPECT_EQ(sentence("\n" + begin + "\nAAAA\n" + end), must_start);
  // Two lines that share their dashes: Python has no objection.
  EXPECT_EQ(sentence(begin + "END CERTIFICATE-----"), "Invalid PEM encoding; must end with " + end);
  const std::string block = begin + "\nAAAA\n" + end + "\n";
  for (const std::string& pem :
       {begin + "\n(AAA)\n" + end, begin + "\nAAA\n" + end, block + block}) {
    EXPECT_TRUE(contains(sentence(pem), "Invalid PEM encoding; ")) << pem;
  }
}

}  // namespace
}  // namespace peercert::ssl
