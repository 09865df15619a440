// SPDX-License-Identifier: Apache-2.0
#include <system_error>

#include <gtest/gtest.h>

#include <peercert/decode/read_files.hpp>
#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"
#include "support/scratch.hpp"

namespace peercert::decode {
namespace {

Der named_der(std::string_view name) {
  return test::CertificateBuilder{.subject = test::common_name(name)}.build();
}

/// The error of read_certificates(): "source: sentence", and " @offset" if there is one.
std::string error_of(const std::string& name) {
  try {
    read_certificates(name);
    return "none";
  } catch (const FileError& error) {
    const std::string text = error.source() + ": " + error.what();
    return error.offset() ? text + " @" + std::to_string(*error.offset()) : text;
  }
}

TEST(ReadFilesTest, ReadsTheCertificatesOfAFile) {
  const Scratch scratch;
  const std::string pem = to_pem(named_der("one")) + "between\n" + to_pem(named_der("two"));
  EXPECT_EQ(read_certificates(scratch.write("two.pem", pem)),
            (std::vector<Der>{named_der("one"), named_der("two")}));
  const Der der = named_der("one");
  EXPECT_EQ(read_certificates(scratch.write("one.der", {der.begin(), der.end()})),
            std::vector<Der>{der});
}

TEST(ReadFilesTest, EveryOneHasToBeACertificate) {
  const Scratch scratch;
  const std::string good = to_pem(named_der("one"));
  const std::string at = " @" + std::to_string(good.size());
  const auto error_with = [&](const std::string& bad) {
    const std::string name = scratch.write("bad", good + bad + good);
    const std::string error = error_of(name);
    EXPECT_TRUE(error.starts_with(name + ": ")) << error;
    return error.substr(name.size() + 2);
  };
  EXPECT_EQ(error_with(to_pem(test::hex("30 03 02 01 05"))),
            "tbsCertificate: unexpected type at byte 2" + at);
  EXPECT_EQ(error_with("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            "malformed base64" + at);
  EXPECT_EQ(error_with("-----BEGIN CERTIFICATE-----\n"),
            "truncated: BEGIN CERTIFICATE without END CERTIFICATE" + at);
}

TEST(ReadFilesTest, AFileHasToBeReadableAndToHoldACertificate) {
  const Scratch scratch;
  const std::string missing = scratch / "missing";
  EXPECT_EQ(error_of(missing), missing + ": No such file or directory");
  const std::string folder = scratch / "";
  EXPECT_EQ(error_of(folder), folder + ": Is a directory");
  const std::string empty = scratch.write("empty", "");
  EXPECT_EQ(error_of(empty), empty + ": no data");
}

TEST(ReadFilesTest, ReadsAllBytes) {
  const Scratch scratch;
  const std::string text = std::string(10'000, 'a') + '\0' + "b";
  EXPECT_EQ(read_file(scratch.write("text", text)), text);
  const std::string missing = scratch / "missing";
  try {
    read_file(missing);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.what(), missing + ": No such file or directory");
  }
}

TEST(ReadFilesTest, TheTotalSizeIsKnownOfRegularFilesAlone) {
  const Scratch scratch;
  const std::string three = scratch.write("three", "abc");
  const std::string four = scratch.write("four", "abcd");
  EXPECT_EQ(total_size({three, four}), 7U);
  EXPECT_EQ(total_size({three, scratch / "missing"}), 0U);
  EXPECT_EQ(total_size({three, "/dev/null"}), 0U);
}

TEST(ReadFilesTest, StandardInputHasItsName) {
  EXPECT_EQ(source_name("-"), "standard input");
  EXPECT_EQ(source_name("./-"), "./-");
}

}  // namespace
}  // namespace peercert::decode
