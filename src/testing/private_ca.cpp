// SPDX-License-Identifier: Apache-2.0
#include "testing/private_ca.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>

#include <peercert/ssl/error.hpp>

#include "crypto/openssl_ptr.hpp"
#include "ssl/connection/outcome.hpp"
#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

struct Credential::State {
  X509Ptr certificate;
  EvpPkeyPtr key;
  std::shared_ptr<const State> issuer;  // null: self-signed
};

namespace {

/// OpenSSL's constructors give null, and its other functions 0 or less, when they fail.
template <class T>
T* check(T* made) {
  if (made == nullptr) throw_last_error("private CA");
  return made;
}
void check(int result) {
  if (result <= 0) throw_last_error("private CA");
}

EvpPkeyPtr make_key(KeyType type) {
  switch (type) {
    case KeyType::rsa2048: return EvpPkeyPtr(check(EVP_RSA_gen(2048)));
    case KeyType::p256: return EvpPkeyPtr(check(EVP_EC_gen("P-256")));
    case KeyType::p384: return EvpPkeyPtr(check(EVP_EC_gen("P-384")));
    case KeyType::ed25519: break;
  }
  return EvpPkeyPtr(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

EvpPkeyPtr share(EVP_PKEY* key) {
  check(EVP_PKEY_up_ref(key));
  return EvpPkeyPtr(key);
}

void set_serial_number(X509* cert, const std::string& hexadecimal) {
  BIGNUM* number = nullptr;
  if (hexadecimal.empty()) {
    constexpr int kSerialBits = 127;  // positive, and at most 20 octets: RFC 5280, 4.1.2.2
    number = check(BN_new());
    check(BN_rand(number, kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ODD));
  } else if (BN_hex2bn(&number, hexadecimal.c_str()) != static_cast<int>(hexadecimal.size())) {
    BN_free(number);
    throw ValueError("serial_number: not hexadecimal: " + hexadecimal);
  }
  const BignumPtr owned(number);
  const Asn1IntegerPtr serial(check(BN_to_ASN1_INTEGER(number, nullptr)));
  check(X509_set_serialNumber(cert, serial.get()));
}

void set_subject(X509* cert, const CertificateOptions& options) {
  X509_NAME* name = X509_get_subject_name(cert);
  for (const auto& [type, value] : options.subject) {
    check(X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0));
  }
}

void set_validity(X509* cert, const CertificateOptions& options) {
  check(ASN1_TIME_set(X509_getm_notBefore(cert), options.not_before.time_since_epoch().count()) !=
        nullptr);
  check(ASN1_TIME_set(X509_getm_notAfter(cert), options.not_after.time_since_epoch().count()) !=
        nullptr);
}

/// Adds an extension in the syntax of x509v3_config(5).
void add_extension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  const X509ExtensionPtr extension(
      check(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())));
  check(X509_add_ext(cert, extension.get(), -1));
}

void add_key_usage(X509* cert, X509* issuer, const CertificateOptions& options) {
  if (options.ca) {
    std::string constraints = "critical,CA:TRUE";
    if (const auto len = options.path_len_constraint) {
      constraints += ",pathlen:" + std::to_string(*len);
    }
    add_extension(cert, issuer, NID_basic_constraints, constraints);
    add_extension(cert, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    return;
  }
  add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE");
  const bool rsa = options.key_type == KeyType::rsa2048;
  add_extension(cert, issuer, NID_key_usage,
                rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature");
  switch (options.extended_key_usage) {
    case ExtendedKeyUsage::none: return;
    case ExtendedKeyUsage::server_auth:
      return add_extension(cert, issuer, NID_ext_key_usage, "serverAuth");
    case ExtendedKeyUsage::client_auth:
      return add_extension(cert, issuer, NID_ext_key_usage, "clientAuth");
    case ExtendedKeyUsage::both:
      return add_extension(cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  }
}

/// A GeneralName with the octets as they are: not through a configuration text, which would end at
/// a comma or NUL.
GENERAL_NAME* make_string_name(int type, std::string_view octets) {
  GENERAL_NAME* name = check(GENERAL_NAME_new());
  ASN1_IA5STRING* text = check(ASN1_IA5STRING_new());
  GENERAL_NAME_set0_value(name, type, text);
  check(ASN1_STRING_set(text, octets.data(), static_cast<int>(octets.size())));
  return name;
}

GENERAL_NAME* make_general_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) throw ValueError("subject_alt_name: no kind: " + text);
  const std::string kind = text.substr(0, colon);
  const std::string value = text.substr(colon + 1);
  if (kind == "DNS") return make_string_name(GEN_DNS, value);
  if (kind == "email") return make_string_name(GEN_EMAIL, value);
  if (kind == "URI") return make_string_name(GEN_URI, value);
  if (kind != "IP") throw ValueError("subject_alt_name: unknown kind: " + text);
  ASN1_OCTET_STRING* address = check(a2i_IPADDRESS(value.c_str()));
  GENERAL_NAME* name = check(GENERAL_NAME_new());
  GENERAL_NAME_set0_value(name, GEN_IPADD, address);
  return name;
}

void add_subject_alt_name(X509* cert, const CertificateOptions& options) {
  if (options.subject_alt_name.empty()) return;
  const GeneralNamesPtr names(check(GENERAL_NAMES_new()));
  for (const std::string& text : options.subject_alt_name) {
    check(sk_GENERAL_NAME_push(names.get(), make_general_name(text)));
  }
  // RFC 5280, 4.2.1.6: it has to be critical where the subject is empty.
  const int critical = options.subject.empty() ? 1 : 0;
  check(X509_add1_ext_i2d(cert, NID_subject_alt_name, names.get(), critical, 0));
}

/// The value of a list of URIs in x509v3_config(5): "OCSP;URI:http://a,OCSP;URI:http://b".
void append_uris(std::string& value, const char* prefix, const std::vector<std::string>& uris) {
  for (const std::string& uri : uris) {
    if (uri.find(',') != std::string::npos) throw ValueError("a comma in the URI " + uri);
    value.append(value.empty() ? "" : ",").append(prefix).append(uri);
  }
}

void add_addresses(X509* cert, X509* issuer, const CertificateOptions& options) {
  std::string access, crl;
  append_uris(access, "OCSP;URI:", options.ocsp);
  append_uris(access, "caIssuers;URI:", options.ca_issuers);
  append_uris(crl, "URI:", options.crl_distribution_points);
  if (!access.empty()) add_extension(cert, issuer, NID_info_access, access);
  if (!crl.empty()) add_extension(cert, issuer, NID_crl_distribution_points, crl);
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long len = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(len)};
}

std::string to_pem_text(X509* certificate) {
  const BioPtr memory(check(BIO_new(BIO_s_mem())));
  check(PEM_write_bio_X509(memory.get(), certificate));
  return text_of(memory.get());
}

}  // namespace

Credential Credential::self_signed(const CertificateOptions& options) {
  return make(options, nullptr);
}

Credential Credential::root_ca(const std::string& common_name, KeyType key_type) {
  return self_signed({.key_type = key_type, .subject = {{"CN", common_name}}, .ca = true});
}

Credential Credential::issue(const CertificateOptions& options) const {
  return make(options, state_);
}

Credential Credential::renew(const CertificateOptions& options) const {
  return make(options, state_->issuer, state_.get());
}

Credential Credential::make(const CertificateOptions& options, std::shared_ptr<const State> issuer,
                            const State* holder) {
  auto made = std::make_shared<State>();
  made->certificate.reset(check(X509_new()));
  made->key = holder == nullptr ? make_key(options.key_type) : share(holder->key.get());
  X509* cert = made->certificate.get();
  X509* issuer_cert = issuer ? issuer->certificate.get() : cert;
  EVP_PKEY* issuer_key = issuer ? issuer->key.get() : made->key.get();

  check(X509_set_version(cert, X509_VERSION_3));
  set_serial_number(cert, options.serial_number);
  set_subject(cert, options);
  check(X509_set_issuer_name(cert, X509_get_subject_name(issuer_cert)));
  set_validity(cert, options);
  check(X509_set_pubkey(cert, made->key.get()));
  add_extension(cert, issuer_cert, NID_subject_key_identifier, "hash");
  add_extension(cert, issuer_cert, NID_authority_key_identifier, "keyid:always");
  add_key_usage(cert, issuer_cert, options);
  add_subject_alt_name(cert, options);
  add_addresses(cert, issuer_cert, options);
  if (!options.sct_list.empty()) {
    const std::string list = "ASN1:FORMAT:HEX,OCTETSTRING:" + options.sct_list;
    add_extension(cert, issuer_cert, NID_ct_precert_scts, list);
  }
  // Ed25519 hashes by itself, and takes no digest.
  const bool ed25519 = EVP_PKEY_is_a(issuer_key, "ED25519") == 1;
  check(X509_sign(cert, issuer_key, ed25519 ? nullptr : EVP_sha256()));

  made->issuer = std::move(issuer);
  return Credential(std::move(made));
}

Der Credential::certificate_der() const { return to_der(state_->certificate.get()); }

std::string Credential::certificate_pem() const { return to_pem_text(state_->certificate.get()); }

std::string Credential::chain_pem() const {
  std::string text = certificate_pem();
  for (const State* at = state_->issuer.get(); at != nullptr && at->issuer != nullptr;
       at = at->issuer.get()) {
    text += to_pem_text(at->certificate.get());
  }
  return text;
}

std::string Credential::private_key_pem(std::string_view password) const {
  const BioPtr memory(check(BIO_new(BIO_s_mem())));
  const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
  check(PEM_write_bio_PKCS8PrivateKey(memory.get(), state_->key.get(), cipher, password.data(),
                                      static_cast<int>(password.size()), nullptr, nullptr));
  return text_of(memory.get());
}

}  // namespace peercert::ssl
