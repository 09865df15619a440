// SPDX-License-Identifier: Apache-2.0
// For the tests: what an OCSP responder says of a certificate, RFC 6960.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <openssl/ocsp.h>

#include "crypto/openssl_ptr.hpp"
#include "support/credential.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {

/// What a responder says. The defaults: good, since an hour ago, for a day, by the issuer itself.
struct OcspAnswer {
  const Credential* of = &TestPki::shared().server;
  int status = V_OCSP_CERTSTATUS_GOOD;
  int reason = -1;
  long this_update = -3600;  // seconds from now
  long next_update = 86400;  // 0: none
  const EVP_MD* cert_id_hash = EVP_sha1();
  X509Ptr signer = certificate_of(TestPki::shared().intermediate);
  EvpPkeyPtr key = key_of(TestPki::shared().intermediate);
  unsigned long flags = 0;
  std::string sct_list{};               // RFC 6962, 3.3, hexadecimal
  std::vector<X509Ptr> certificates{};  // which come along, besides the signer's
};

inline std::vector<std::uint8_t> make_ocsp_response(const OcspAnswer& answer) {
  using TimePtr = OpenSSLPtr<ASN1_TIME, ASN1_TIME_free>;
  const auto time_at = [](long offset) { return TimePtr(X509_gmtime_adj(nullptr, offset)); };
  const OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const X509Ptr leaf = certificate_of(*answer.of);
  const X509Ptr issuer = certificate_of(TestPki::shared().intermediate);
  const OpenSSLPtr<OCSP_CERTID, OCSP_CERTID_free> id(
      OCSP_cert_to_id(answer.cert_id_hash, leaf.get(), issuer.get()));
  const bool revoked = answer.status == V_OCSP_CERTSTATUS_REVOKED;
  const TimePtr revoked_at = time_at(-7200);
  const TimePtr next = time_at(answer.next_update);
  OCSP_SINGLERESP* single = OCSP_basic_add1_status(
      basic.get(), id.get(), answer.status, answer.reason, revoked ? revoked_at.get() : nullptr,
      time_at(answer.this_update).get(), answer.next_update == 0 ? nullptr : next.get());
  if (!answer.sct_list.empty()) {
    const std::string list = "ASN1:FORMAT:HEX,OCTETSTRING:" + answer.sct_list;
    const X509ExtensionPtr extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_ct_cert_scts, list.c_str()));
    EXPECT_EQ(OCSP_SINGLERESP_add_ext(single, extension.get(), -1), 1);
  }
  for (const X509Ptr& certificate : answer.certificates) {
    EXPECT_EQ(OCSP_basic_add1_cert(basic.get(), certificate.get()), 1);
  }
  EXPECT_EQ(OCSP_basic_sign(basic.get(), answer.signer.get(), answer.key.get(), EVP_sha256(),
                            nullptr, answer.flags),
            1);
  const OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  unsigned char* octets = nullptr;
  const int len = i2d_OCSP_RESPONSE(response.get(), &octets);
  std::vector<std::uint8_t> der(octets, octets + len);
  OPENSSL_free(octets);
  return der;
}

}  // namespace peercert::ssl
