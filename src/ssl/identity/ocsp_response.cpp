// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/ocsp_response.hpp"

#include <ctime>

#include <openssl/ocsp.h>

#include "crypto/openssl_ptr.hpp"
#include "ssl/connection/handshake_cost.hpp"
#include "verify/path/explicit_curve.hpp"

namespace peercert::ssl {

namespace {

using ResponsePtr = OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicPtr = OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertIdPtr = OpenSSLPtr<OCSP_CERTID, OCSP_CERTID_free>;
using Time = std::optional<std::chrono::sys_seconds>;

Time sys_seconds_of(const ASN1_GENERALIZEDTIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

/// RFC 2253; what is neither printable nor ASCII is escaped.
std::string name_text(const X509_NAME* name) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* data = nullptr;
  const long len = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(len)};
}

std::string responder_text(const OCSP_BASICRESP* basic) {
  const ASN1_OCTET_STRING* key_hash = nullptr;
  const X509_NAME* name = nullptr;
  if (OCSP_resp_get0_id(basic, &key_hash, &name) != 1) return {};
  if (name != nullptr) return name_text(name);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "key ";
  for (int i = 0; i < ASN1_STRING_length(key_hash); ++i) {
    const unsigned char octet = ASN1_STRING_get0_data(key_hash)[i];
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return text;
}

/// Null if the chain has none. Not verified: OCSP_basic_verify() sees to that.
X509* issuer_of(X509* leaf, const STACK_OF(X509) * chain) {
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* candidate = sk_X509_value(chain, i);
    if (X509_check_issued(candidate, leaf) == X509_V_OK) return candidate;
  }
  return nullptr;
}

/// CertID, RFC 6960, 4.1.1: by whichever hash the responder has chosen.
///
///     CertID ::= SEQUENCE {
///         hashAlgorithm   AlgorithmIdentifier,
///         issuerNameHash  OCTET STRING,
///         issuerKeyHash   OCTET STRING,
///         serialNumber    CertificateSerialNumber }
bool is_of(const OCSP_SINGLERESP* single, X509* leaf, X509* issuer) {
  auto* claimed = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
  ASN1_OBJECT* hash = nullptr;
  OCSP_id_get0_info(nullptr, &hash, nullptr, nullptr, claimed);
  const EVP_MD* digest = EVP_get_digestbyobj(hash);
  if (digest == nullptr) return false;
  const CertIdPtr own(OCSP_cert_to_id(digest, leaf, issuer));
  return own && OCSP_id_cmp(own.get(), claimed) == 0;
}

OCSP_SINGLERESP* find_answer(OCSP_BASICRESP* basic, X509* leaf, X509* issuer) {
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);
    if (is_of(single, leaf, issuer)) return single;
  }
  return nullptr;
}

/// Why the answer is not fresh; empty if it is.
std::string staleness(ASN1_GENERALIZEDTIME* this_update, ASN1_GENERALIZEDTIME* next_update) {
  const long max_age = next_update == nullptr ? static_cast<long>(kOcspMaxAge.count()) : -1;
  const long skew = static_cast<long>(kOcspClockSkew.count());
  if (OCSP_check_validity(this_update, next_update, skew, max_age) == 1) return {};
  return "it is not of this time";
}

/// Reads what the answer says; gives what is wrong with it.
std::string read_answer(OCSP_SINGLERESP* single, OcspStaple& staple) {
  int reason = -1;
  ASN1_GENERALIZEDTIME* revoked = nullptr;
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  const int status = OCSP_single_get0_status(single, &reason, &revoked, &this_update, &next_update);
  switch (status) {
    case V_OCSP_CERTSTATUS_GOOD: staple.status = OcspStatus::good; break;
    case V_OCSP_CERTSTATUS_REVOKED: staple.status = OcspStatus::revoked; break;
    case V_OCSP_CERTSTATUS_UNKNOWN: staple.status = OcspStatus::unknown; break;
    default: return "it has no status that is known";
  }
  staple.this_update = sys_seconds_of(this_update);
  staple.next_update = sys_seconds_of(next_update);
  staple.revocation_time = sys_seconds_of(revoked);
  if (status == V_OCSP_CERTSTATUS_REVOKED && reason >= 0) staple.revocation_reason = reason;
  return staleness(this_update, next_update);
}

/// Whether the signature is good, and its signer one whom the issuer has entitled.
bool is_authorized(OCSP_BASICRESP* basic, const OcspSubject& of) {
  const bool partial = (of.verify_flags & X509_V_FLAG_PARTIAL_CHAIN) != 0;
  return OCSP_basic_verify(basic, of.chain, of.store, partial ? OCSP_PARTIAL_CHAIN : 0) == 1;
}

/// Whether the responder's certificates, which the server has sent, are too costly to verify.
bool is_too_costly(const OCSP_BASICRESP* basic) {
  const STACK_OF(X509)* const sent = OCSP_resp_get0_certs(basic);
  const int num_sent = sk_X509_num(sent);
  for (int i = 0; i < num_sent; ++i) {
    if (cost_of_key(sk_X509_value(sent, i))) return true;
  }
  return num_sent > static_cast<int>(tls::kMaxCertificates);
}

/// Fills in what the response says; gives why it cannot be relied on.
std::string read_response(Bytes octets, const OcspSubject& of, OcspStaple& staple) {
  constexpr const char* kTooCostly = "its certificates are too costly to verify";
  if (verify::has_explicit_curve(octets)) return kTooCostly;  // which decoding would compute with
  const unsigned char* at = octets.data();
  const ResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(octets.size())));
  if (!response || at != octets.data() + octets.size()) return "it is malformed";
  const int response_status = OCSP_response_status(response.get());
  if (response_status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return std::string("the responder says: ") + OCSP_response_status_str(response_status);
  }
  const BasicPtr basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return "it holds no BasicOCSPResponse";
  if (is_too_costly(basic.get())) return kTooCostly;
  staple.responder = responder_text(basic.get());
  staple.produced_at = sys_seconds_of(OCSP_resp_get0_produced_at(basic.get()));

  X509* issuer = of.leaf == nullptr ? nullptr : issuer_of(of.leaf, of.chain);
  if (issuer == nullptr) return "the certificate's issuer is not known";
  OCSP_SINGLERESP* single = find_answer(basic.get(), of.leaf, issuer);
  if (single == nullptr) return "it is not of this certificate";
  std::string problem = read_answer(single, staple);
  if (!is_authorized(basic.get(), of)) {
    return "its signature is wrong, or not of one whom the issuer has entitled";
  }
  return problem;
}

OcspVerdict verdict_of(OcspStatus status) {
  switch (status) {
    case OcspStatus::good: return OcspVerdict::good;
    case OcspStatus::revoked: return OcspVerdict::revoked;
    case OcspStatus::unknown: break;
  }
  return OcspVerdict::unknown;
}

}  // namespace

OcspStaple read_ocsp_response(Bytes response, const OcspSubject& of) {
  OcspStaple staple;
  staple.problem = read_response(response, of, staple);
  const bool usable = staple.problem.empty() && staple.status;
  staple.verdict = usable ? verdict_of(*staple.status) : OcspVerdict::unusable;
  return staple;
}

}  // namespace peercert::ssl
