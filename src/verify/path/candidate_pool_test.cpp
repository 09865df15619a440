// SPDX-License-Identifier: Apache-2.0
#include "verify/path/candidate_pool.hpp"

#include <gtest/gtest.h>

#include "crypto/error_queue.hpp"
#include "support/signed_certificate.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

Der make_root(const std::string& name) {
  const Signer root{name};
  return make_certificate(root, root, {});
}

/// The certificate with trust settings after it.
Der with_alias(const Der& der) {
  const std::uint8_t* at = der.data();
  const auto x509 = own(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
  const auto* const alias = reinterpret_cast<const unsigned char*>("alias");
  EXPECT_EQ(X509_alias_set1(x509.get(), alias, -1), 1);
  return to_der<X509, i2d_X509_AUX>(x509.get());
}

TEST(CandidatePool, HasEachCertificateOnce) {
  const Der first = make_root("first");
  const Der second = make_root("second");
  CandidatePool pool;
  for (const Der& der : {first, second, first, second}) pool.add(*decode_candidate(der));
  ASSERT_EQ(pool.x509s().size(), 2U);
  EXPECT_EQ(pool.find(pool.x509s()[0])->octets, first);  // in the order in which they came
  EXPECT_EQ(pool.find(pool.x509s()[1])->octets, second);
  EXPECT_EQ(pool.find(first)->x509.get(), pool.x509s()[0]);
}

TEST(CandidatePool, FindsNoOther) {
  const Der der = make_root("root");
  const CandidatePtr other = *decode_candidate(make_root("other"));
  CandidatePool pool;
  pool.add(*decode_candidate(der));
  EXPECT_EQ(pool.find(other->octets), nullptr);
  EXPECT_EQ(pool.find(other->x509.get()), nullptr);
  EXPECT_EQ(pool.find(Bytes(der).first(der.size() - 1)), nullptr);
}

// A certificate is the same, whatever follows it in the input.
TEST(CandidatePool, ACandidateEndsWhereItsCertificateEnds) {
  const DroppedErrors dropped;
  const Der der = make_root("root");
  Der longer = der;
  longer.push_back(0);
  EXPECT_EQ((*decode_candidate(longer))->octets, der);
  EXPECT_EQ(decode_anchor_candidate(longer).error().code, Errc::trailing_data);
  EXPECT_EQ((*decode_anchor_candidate(der))->octets, der);

  Der settings = with_alias(der);
  EXPECT_EQ((*decode_anchor_candidate(settings))->octets, der);
  settings.push_back(0);
  EXPECT_EQ(decode_anchor_candidate(settings).error().code, Errc::trailing_data);
  EXPECT_FALSE(decode_candidate(Bytes(der).first(der.size() - 1)));
}

}  // namespace
}  // namespace peercert::verify
