// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

bool must_staple(std::string_view digits) {
  const test::Octets value = hex(digits);
  return TlsFeature::parse(value)->must_staple();
}

TEST(TlsFeatureTest, NamesTheTwoThatHaveBeenUsed) {
  // tlsfeature=status_request,status_request_v2,99
  constexpr std::string_view kOpenSSL = "30 09 02 01 05 02 01 11 02 01 63";
  EXPECT_EQ(decoded<TlsFeature>(kOpenSSL), R"(["status_request","status_request_v2",99])");
  test::check_frame<TlsFeature>(hex(kOpenSSL));
}

TEST(TlsFeatureTest, TellsWhetherAServerHasToStaple) {
  EXPECT_TRUE(must_staple("30 06 02 01 11 02 01 05"));
  EXPECT_FALSE(must_staple("30 03 02 01 11"));
  EXPECT_FALSE(must_staple("30 04 02 02 05 05"));
  EXPECT_FALSE(must_staple("30 00"));
}

TEST(TlsFeatureTest, RefusesWhatIsNoInteger) {
  EXPECT_EQ(decoded<TlsFeature>("30 02 02 00"), "tlsfeature: malformed INTEGER at byte 2");
  EXPECT_EQ(decoded<TlsFeature>("30 02 05 00"), "tlsfeature: unexpected type at byte 2");
}

}  // namespace
}  // namespace peercert
