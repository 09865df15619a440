// SPDX-License-Identifier: Apache-2.0
// Certificates and CRLs that OpenSSL signs, of any form that path validation may meet.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <peercert/x509/certificate.hpp>

namespace peercert::test {

inline constexpr std::chrono::sys_seconds kNow =
    std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);
inline constexpr std::chrono::days kDay{1};

template <class T>
std::shared_ptr<T> own(T* made, void (*release)(T*)) {
  if (made == nullptr) throw std::runtime_error("OpenSSL gives null");
  return {made, release};
}

template <class T, int (*encode)(const T*, unsigned char**)>
Der to_der(const T* object) {
  Der der(static_cast<std::size_t>(encode(object, nullptr)));
  unsigned char* at = der.data();
  encode(object, &at);
  return der;
}

/// A private key with the name that it goes by.
struct Signer {
  std::string name;
  std::shared_ptr<EVP_PKEY> key = own(EVP_EC_gen("P-256"), EVP_PKEY_free);
};

/// An extension in the syntax of x509v3_config(5).
using ExtensionText = std::pair<int, std::string>;

inline const std::vector<ExtensionText> kCaExtensions{
    {NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
inline const std::vector<ExtensionText> kLeafExtensions{
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:host.example,IP:192.0.2.1,email:me@host.example"}};

struct SignedOptions {
  std::vector<ExtensionText> extensions = kCaExtensions;
  std::chrono::sys_seconds not_before = kNow - 10 * kDay;
  std::chrono::sys_seconds not_after = kNow + 10 * kDay;
  long serial = 0x1234;
  const EVP_MD* digest = EVP_sha256();
  bool has_key_identifiers = true;
};

inline void set_name(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
}

inline std::shared_ptr<X509_EXTENSION> make_extension(X509V3_CTX& context,
                                                      const ExtensionText& extension) {
  const auto no_sections = own(NCONF_new(nullptr), NCONF_free);  // policies ask for a configuration
  X509V3_set_nconf(&context, no_sections.get());
  return own(X509V3_EXT_conf_nid(nullptr, &context, extension.first, extension.second.c_str()),
             X509_EXTENSION_free);
}

/// The subject's certificate, signed by the issuer, with key identifiers of both keys.
inline Der make_certificate(const Signer& subject, const Signer& issuer,
                            const SignedOptions& options) {
  const auto cert = own(X509_new(), X509_free);
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), options.serial);
  set_name(X509_get_subject_name(cert.get()), subject.name);
  ASN1_TIME_set(X509_getm_notBefore(cert.get()), options.not_before.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(cert.get()), options.not_after.time_since_epoch().count());

  // The issuer's side of authorityKeyIdentifier is computed from a certificate.
  const auto issuer_cert = own(X509_new(), X509_free);
  set_name(X509_get_subject_name(issuer_cert.get()), issuer.name);
  X509_set_pubkey(issuer_cert.get(), issuer.key.get());
  X509_set_issuer_name(cert.get(), X509_get_subject_name(issuer_cert.get()));
  X509_set_pubkey(cert.get(), subject.key.get());
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer_cert.get(), issuer_cert.get(), nullptr, nullptr, 0);
  const auto issuer_key_id = make_extension(context, {NID_subject_key_identifier, "hash"});
  X509_add_ext(issuer_cert.get(), issuer_key_id.get(), -1);

  X509V3_set_ctx(&context, issuer_cert.get(), cert.get(), nullptr, nullptr, 0);
  std::vector<ExtensionText> extensions;
  if (options.has_key_identifiers) {
    extensions = {{NID_subject_key_identifier, "hash"},
                  {NID_authority_key_identifier, "keyid:always"}};
  }
  extensions.insert(extensions.end(), options.extensions.begin(), options.extensions.end());
  for (const ExtensionText& text : extensions) {
    const auto extension = make_extension(context, text);
    X509_add_ext(cert.get(), extension.get(), -1);
  }
  X509_sign(cert.get(), issuer.key.get(), options.digest);
  return to_der<X509, i2d_X509>(cert.get());
}

/// A CRL.
struct CrlOptions {
  std::vector<long> revoked{};  // serial numbers
  std::chrono::sys_seconds this_update = kNow - kDay;
  std::chrono::sys_seconds next_update = kNow + kDay;
  bool has_number = true;
  std::vector<ExtensionText> extensions{};
};

inline Der make_crl(const Signer& issuer, const Der& issuer_certificate,
                    const CrlOptions& options) {
  const auto crl = own(X509_CRL_new(), X509_CRL_free);
  const std::uint8_t* at = issuer_certificate.data();
  const auto issuer_cert =
      own(d2i_X509(nullptr, &at, static_cast<long>(issuer_certificate.size())), X509_free);
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer_cert.get()));
  const auto time = own(ASN1_TIME_new(), ASN1_TIME_free);
  ASN1_TIME_set(time.get(), options.next_update.time_since_epoch().count());
  X509_CRL_set1_nextUpdate(crl.get(), time.get());
  ASN1_TIME_set(time.get(), options.this_update.time_since_epoch().count());
  X509_CRL_set1_lastUpdate(crl.get(), time.get());
  for (const long serial : options.revoked) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    const auto number = own(ASN1_INTEGER_new(), ASN1_INTEGER_free);
    ASN1_INTEGER_set(number.get(), serial);
    X509_REVOKED_set_serialNumber(entry, number.get());
    X509_REVOKED_set_revocationDate(entry, time.get());
    const auto reason = own(ASN1_ENUMERATED_new(), ASN1_ENUMERATED_free);
    ASN1_ENUMERATED_set(reason.get(), CRL_REASON_KEY_COMPROMISE);
    X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0);
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer_cert.get(), nullptr, nullptr, crl.get(), 0);
  const auto key_id = make_extension(context, {NID_authority_key_identifier, "keyid:always"});
  X509_CRL_add_ext(crl.get(), key_id.get(), -1);
  const auto number = own(ASN1_INTEGER_new(), ASN1_INTEGER_free);
  ASN1_INTEGER_set(number.get(), 1);
  if (options.has_number) X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), 0, 0);
  for (const ExtensionText& text : options.extensions) {
    const auto extension = make_extension(context, text);
    X509_CRL_add_ext(crl.get(), extension.get(), -1);
  }
  X509_CRL_sort(crl.get());
  X509_CRL_sign(crl.get(), issuer.key.get(), EVP_sha256());
  return to_der<X509_CRL, i2d_X509_CRL>(crl.get());
}

}  // namespace peercert::test
