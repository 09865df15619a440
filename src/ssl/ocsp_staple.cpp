// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <memory>
#include <mutex>
#include <new>

#include <openssl/ocsp.h>
#include <openssl/ssl.h>

#include <peercert/ssl/ocsp_staple.hpp>

#include "libcrypto/error_queue.hpp"
#include "libcrypto/openssl_ptr.hpp"
#include "ssl/handshake_cost.hpp"
#include "verify/explicit_curve.hpp"

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

/// The chain that was built, or else the one that was sent.
STACK_OF(X509) * chain_of(const SSL* ssl) {
  STACK_OF(X509)* built = SSL_get0_verified_chain(ssl);
  return sk_X509_num(built) > 1 ? built : SSL_get_peer_cert_chain(ssl);
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
bool is_authorized(const SSL* ssl, OCSP_BASICRESP* basic, STACK_OF(X509) * chain) {
  const unsigned long flags = X509_VERIFY_PARAM_get_flags(SSL_get0_param(const_cast<SSL*>(ssl)));
  const bool partial = (flags & X509_V_FLAG_PARTIAL_CHAIN) != 0;
  X509_STORE* store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
  return OCSP_basic_verify(basic, chain, store, partial ? OCSP_PARTIAL_CHAIN : 0) == 1;
}

/// Whether the responder's certificates, which the server has sent, are too costly to verify.
bool is_too_costly(const OCSP_BASICRESP* basic) {
  const STACK_OF(X509)* const sent = OCSP_resp_get0_certs(basic);
  const int num_sent = sk_X509_num(sent);
  for (int i = 0; i < num_sent; ++i) {
    if (cost_of_key(sk_X509_value(sent, i))) return true;
  }
  return num_sent > static_cast<int>(kMaxCertificates);
}

/// Fills in what the response says; gives why it cannot be relied on.
std::string read_response(const SSL* ssl, OcspStaple& staple) {
  constexpr const char* kTooCostly = "its certificates are too costly to verify";
  if (verify::has_explicit_curve(staple.octets))
    return kTooCostly;  // which decoding would compute with
  const unsigned char* at = staple.octets.data();
  const ResponsePtr response(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(staple.octets.size())));
  if (!response || at != staple.octets.data() + staple.octets.size()) return "it is malformed";
  const int response_status = OCSP_response_status(response.get());
  if (response_status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return std::string("the responder says: ") + OCSP_response_status_str(response_status);
  }
  const BasicPtr basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return "it holds no BasicOCSPResponse";
  if (is_too_costly(basic.get())) return kTooCostly;
  staple.responder = responder_text(basic.get());
  staple.produced_at = sys_seconds_of(OCSP_resp_get0_produced_at(basic.get()));

  X509* leaf = SSL_get0_peer_certificate(ssl);
  STACK_OF(X509)* chain = chain_of(ssl);
  X509* issuer = leaf == nullptr ? nullptr : issuer_of(leaf, chain);
  if (issuer == nullptr) return "the certificate's issuer is not known";
  OCSP_SINGLERESP* single = find_answer(basic.get(), leaf, issuer);
  if (single == nullptr) return "it is not of this certificate";
  std::string problem = read_answer(single, staple);
  if (!is_authorized(ssl, basic.get(), chain)) {
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

/// What a server's context sends.
struct Staple {
  std::mutex mutex;
  std::vector<std::uint8_t> octets;
};

void free_staple(void*, void* staple, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Staple*>(staple);
}
int staple_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_staple);
  return index;
}

/// OpenSSL's callback of a server whose client asks for a staple.
int send_staple(SSL* ssl, void* argument) noexcept {
  auto& staple = *static_cast<Staple*>(argument);
  const std::lock_guard lock(staple.mutex);
  if (staple.octets.empty()) return SSL_TLSEXT_ERR_NOACK;
  void* copy = OPENSSL_memdup(staple.octets.data(), staple.octets.size());
  if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(staple.octets.size()));
  return SSL_TLSEXT_ERR_OK;
}

/// The context's, which is made and installed once: others may be using it already.
Staple& staple_of(SSL_CTX* ctx) {
  if (void* kept = SSL_CTX_get_ex_data(ctx, staple_index())) return *static_cast<Staple*>(kept);
  auto made = std::make_unique<Staple>();
  if (SSL_CTX_set_ex_data(ctx, staple_index(), made.get()) != 1) throw std::bad_alloc();
  SSL_CTX_set_tlsext_status_arg(ctx, made.get());
  SSL_CTX_set_tlsext_status_cb(ctx, send_staple);
  return *made.release();
}

}  // namespace

std::string_view to_string(OcspVerdict verdict) noexcept {
  switch (verdict) {
    case OcspVerdict::absent: return "absent";
    case OcspVerdict::unusable: return "unusable";
    case OcspVerdict::good: return "good";
    case OcspVerdict::revoked: return "revoked";
    case OcspVerdict::unknown: return "unknown";
  }
  return {};
}

OcspStaple ocsp_staple(const ssl_st* ssl) {
  const DroppedErrors guard;
  OcspStaple staple;
  unsigned char* octets = nullptr;
  const long len = SSL_get_tlsext_status_ocsp_resp(const_cast<SSL*>(ssl), &octets);
  if (octets == nullptr || len <= 0 || SSL_is_server(ssl) == 1) return staple;
  staple.octets.assign(octets, octets + len);
  staple.problem = read_response(ssl, staple);
  const bool usable = staple.problem.empty() && staple.status;
  staple.verdict = usable ? verdict_of(*staple.status) : OcspVerdict::unusable;
  return staple;
}

void request_ocsp_staple(ssl_ctx_st* ctx, bool on) noexcept {
  SSL_CTX_set_tlsext_status_type(ctx, on ? TLSEXT_STATUSTYPE_ocsp : -1);
}

void set_ocsp_staple(ssl_ctx_st* ctx, Bytes response) {
  Staple& staple = staple_of(ctx);
  std::vector<std::uint8_t> octets(response.begin(), response.end());
  const std::lock_guard lock(staple.mutex);
  staple.octets.swap(octets);
}

}  // namespace peercert::ssl
