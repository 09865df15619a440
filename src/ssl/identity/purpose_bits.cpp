// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/purpose_bits.hpp"

#include <array>
#include <new>

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "ssl/connection/outcome.hpp"

namespace peercert::ssl {

// Small certificates are verified under the parameters, and the objections noted. Each is its own
// trust anchor, so that no signature is checked: one costs some microseconds.

namespace {

/// A certificate that some purposes refuse, or that its own trust settings refuse for one use.
struct Probe {
  const char* key_usage;
  const char* extended_key_usage;
  int rejected_use;
};

constexpr int kAnyUse = NID_undef;
// Purposes that let the same of these pass are the same.
constexpr std::array kProbes = {
    Probe{"digitalSignature", "clientAuth", kAnyUse},
    Probe{"digitalSignature", "serverAuth", kAnyUse},
    Probe{"keyEncipherment", "serverAuth", kAnyUse},  // Netscape's purpose
    Probe{"digitalSignature", "emailProtection", kAnyUse},
    Probe{"keyEncipherment", "emailProtection", kAnyUse},
    Probe{"cRLSign", nullptr, kAnyUse},
    Probe{"digitalSignature", "critical,timeStamping", kAnyUse},
    Probe{"critical,digitalSignature", "codeSigning", kAnyUse},
    Probe{nullptr, nullptr, NID_client_auth},
    Probe{nullptr, nullptr, NID_server_auth},
    Probe{nullptr, nullptr, NID_email_protect},
    Probe{nullptr, nullptr, NID_code_sign},
    Probe{nullptr, nullptr, NID_OCSP_sign},
    Probe{nullptr, nullptr, NID_ad_OCSP},
    Probe{nullptr, nullptr, NID_time_stamp},
    Probe{nullptr, nullptr, NID_anyExtendedKeyUsage},
};
constexpr std::size_t kClientProbe = 0, kServerProbe = 1, kNotForClients = 8, kNotForServers = 9;
constexpr std::uint32_t kUnusual = 0x80000000;  // so that no unusual purpose has the bits 0
static_assert(kProbes.size() < 32);

void require(bool done) {
  if (!done) throw_last_error("a certificate to tell purposes by");
}

void add_extension(X509* certificate, int nid, const char* value) {
  if (value == nullptr) return;
  const X509ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

X509Ptr make_certificate(const Probe& probe, EVP_PKEY* key) {
  constexpr unsigned char kName[] = "peercert";
  X509Ptr made(X509_new());
  require(made && X509_set_version(made.get(), X509_VERSION_3) == 1);
  X509_NAME* name = X509_get_subject_name(made.get());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName, -1, -1, 0) == 1 &&
          X509_set_issuer_name(made.get(), name) == 1 &&
          ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1) == 1 &&
          X509_gmtime_adj(X509_getm_notBefore(made.get()), 0) != nullptr &&
          X509_gmtime_adj(X509_getm_notAfter(made.get()), 0) != nullptr &&
          X509_set_pubkey(made.get(), key) == 1);
  add_extension(made.get(), NID_key_usage, probe.key_usage);
  add_extension(made.get(), NID_ext_key_usage, probe.extended_key_usage);
  require(X509_sign(made.get(), key, EVP_sha256()) > 0);
  const bool has_setting = probe.rejected_use != kAnyUse;
  require(!has_setting ||
          X509_add1_reject_object(made.get(), OBJ_nid2obj(probe.rejected_use)) == 1);
  return made;
}

using Certificates = std::array<X509Ptr, kProbes.size()>;

Certificates make_certificates() {
  const EvpPkeyPtr key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  Certificates made;
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = make_certificate(kProbes[i], key.get());
  return made;
}

/// What was objected to, by code.
struct Objections {
  bool purpose = false, trust = false;
};

int note_objection_to_probe(int ok, X509_STORE_CTX* context) noexcept {
  auto* const noted = static_cast<Objections*>(X509_STORE_CTX_get_app_data(context));
  const int code = ok == 0 ? X509_STORE_CTX_get_error(context) : X509_V_OK;
  if (code == X509_V_ERR_INVALID_PURPOSE) noted->purpose = true;
  if (code == X509_V_ERR_CERT_REJECTED) noted->trust = true;
  return 1;
}

/// The purpose and trust setting of `from`, and else what leads to no objection.
void copy_purpose(X509_VERIFY_PARAM* to, const X509_VERIFY_PARAM* from) {
  require(X509_VERIFY_PARAM_set1(to, from) == 1);
  X509_VERIFY_PARAM_clear_flags(to, ~0UL);
  X509_VERIFY_PARAM_set_flags(to, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_auth_level(to, 0);
  X509_VERIFY_PARAM_set_depth(to, 1);
}

void free_probe_stack(STACK_OF(X509) * certificates) { sk_X509_free(certificates); }

bool is_refused(std::size_t probe, const X509_VERIFY_PARAM* param) {
  static const Certificates certificates = make_certificates();
  X509* const certificate = certificates[probe].get();
  const OpenSSLPtr<STACK_OF(X509), free_probe_stack> trusted(sk_X509_new_null());
  const OpenSSLPtr<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
  if (!trusted || sk_X509_push(trusted.get(), certificate) == 0 || !context ||
      X509_STORE_CTX_init(context.get(), nullptr, certificate, nullptr) != 1) {
    throw std::bad_alloc();
  }
  Objections noted;
  X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
  copy_purpose(X509_STORE_CTX_get0_param(context.get()), param);
  X509_STORE_CTX_set_app_data(context.get(), &noted);
  X509_STORE_CTX_set_verify_cb(context.get(), note_objection_to_probe);
  X509_verify_cert(context.get());
  return kProbes[probe].rejected_use == kAnyUse ? noted.purpose : noted.trust;
}

}  // namespace

std::uint32_t purpose_bits(X509_VERIFY_PARAM* param, bool server) {
  const DroppedErrors dropped;
  const bool is_usual = !is_refused(server ? kClientProbe : kServerProbe, param) &&
                        is_refused(server ? kServerProbe : kClientProbe, param) &&
                        is_refused(server ? kNotForClients : kNotForServers, param);
  if (is_usual) return 0;
  std::uint32_t bits = kUnusual;
  for (std::size_t i = 0; i < kProbes.size(); ++i) {
    if (is_refused(i, param)) bits |= 1U << i;
  }
  return bits;
}

}  // namespace peercert::ssl
