// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(ProxyCertInfoTest, GivesLengthAndPolicy) {
  // proxyCertInfo=critical,language:1.3.6.1.5.5.7.21.1,pathlen:2
  constexpr std::string_view kOpenSSL = "30 0f 02 01 02 30 0a 06 08 2b 06 01 05 05 07 15 01";
  EXPECT_EQ(decoded<ProxyCertInfo>(kOpenSSL),
            R"({"pCPathLenConstraint":2,"proxyPolicy":{"policyLanguage":)"
            R"({"oid":"1.3.6.1.5.5.7.21.1","name":"Inherit all"}}})");
  test::check_frame<ProxyCertInfo>(hex(kOpenSSL));
}

TEST(ProxyCertInfoTest, LengthAndPolicyMayBeAbsent) {
  EXPECT_EQ(decoded<ProxyCertInfo>("30 08 30 06 06 01 05 04 01 ab"),
            R"({"proxyPolicy":{"policyLanguage":{"oid":"0.5"},"policy":"ab"}})");
  EXPECT_EQ(decoded<ProxyCertInfo>("30 00"), "proxyCertInfo: missing at byte 2");
  EXPECT_EQ(decoded<ProxyCertInfo>("30 02 30 00"), "proxyCertInfo: missing at byte 4");
}

}  // namespace
}  // namespace peercert
