// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/sct_list.hpp"

#include <utility>

#include <openssl/ct.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

namespace {

SctSource source_of(const SCT* sct) {
  switch (SCT_get_source(sct)) {
    case SCT_SOURCE_TLS_EXTENSION: return SctSource::tls_extension;
    case SCT_SOURCE_OCSP_STAPLED_RESPONSE: return SctSource::ocsp_staple;
    default: return SctSource::certificate;
  }
}

/// Empty if it is one that OpenSSL reads but cannot write: of v1, with an empty signature.
std::vector<std::uint8_t> to_octets(const SCT* sct) {
  const int len = i2o_SCT(sct, nullptr);
  if (len <= 0) return {};
  std::vector<std::uint8_t> octets(static_cast<std::size_t>(len));
  unsigned char* out = octets.data();
  i2o_SCT(sct, &out);
  return octets;
}

using SctListPtr = OpenSSLPtr<STACK_OF(SCT), SCT_LIST_free>;
constexpr int kNotThere = -1;  // what OpenSSL gives for the critical of an extension

}  // namespace

std::vector<PresentedSct> to_presented(const stack_st_SCT* scts) {
  std::vector<PresentedSct> presented;
  for (int i = 0; i < sk_SCT_num(scts); ++i) {
    const SCT* sct = sk_SCT_value(scts, i);
    std::vector<std::uint8_t> octets = to_octets(sct);
    if (!octets.empty()) presented.push_back({source_of(sct), std::move(octets)});
  }
  return presented;
}

bool has_malformed_sct_list(const x509_st* certificate) {
  int critical = 0;
  const SctListPtr list(static_cast<STACK_OF(SCT)*>(
      X509_get_ext_d2i(certificate, NID_ct_precert_scts, &critical, nullptr)));
  return !list && critical != kNotThere;
}

bool has_malformed_sct_list(Bytes ocsp_response) {
  const unsigned char* at = ocsp_response.data();
  const OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(ocsp_response.size())));
  if (!response) return false;
  const OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(
      OCSP_response_get1_basic(response.get()));
  for (int i = 0; basic && i < OCSP_resp_count(basic.get()); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic.get(), i);
    int critical = 0;
    const SctListPtr list(static_cast<STACK_OF(SCT)*>(
        OCSP_SINGLERESP_get1_ext_d2i(single, NID_ct_cert_scts, &critical, nullptr)));
    if (!list && critical != kNotThere) return true;
  }
  return false;
}

}  // namespace peercert::ssl
