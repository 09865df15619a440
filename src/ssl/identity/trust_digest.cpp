// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/trust_digest.hpp"

#include <algorithm>
#include <ctime>
#include <memory>
#include <new>
#include <optional>

#include <openssl/x509_vfy.h>

#include "crypto/openssl_ptr.hpp"
#include "ssl/connection/outcome.hpp"

namespace peercert::ssl {

namespace {

void free_certificates(STACK_OF(X509) * certificates) { sk_X509_pop_free(certificates, X509_free); }
void free_crls(STACK_OF(X509_CRL) * crls) { sk_X509_CRL_pop_free(crls, X509_CRL_free); }

using CertificatesPtr = OpenSSLPtr<STACK_OF(X509), free_certificates>;
using CrlsPtr = OpenSSLPtr<STACK_OF(X509_CRL), free_crls>;
using NamePtr = OpenSSLPtr<X509_NAME, X509_NAME_free>;
using LookupPtr = OpenSSLPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_inputs(void*, void* inputs, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<crypto::Sha256Digest*>(inputs);
}
int inputs_index() noexcept {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_inputs);
  return index;
}
crypto::Sha256Digest* find_inputs(const SSL_CTX* ctx) noexcept {
  return static_cast<crypto::Sha256Digest*>(SSL_CTX_get_ex_data(ctx, inputs_index()));
}

/// Parts, each with its length in front, so that no two lists of them look alike.
class Transcript {
 public:
  template <class Octets>
  void add(const Octets& octets) {
    add_number(octets.size());
    octets_.insert(octets_.end(), octets.begin(), octets.end());
  }
  void add_number(std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      octets_.push_back(static_cast<std::uint8_t>(number >> shift));
    }
  }
  /// In an order of their own: a store's changes as it looks things up.
  void add_set(std::vector<crypto::Sha256Digest> set) {
    std::ranges::sort(set);
    add_number(set.size());
    for (const crypto::Sha256Digest& digest : set) add(digest);
  }
  crypto::Sha256Digest digest() const { return crypto::sha256(octets_); }

 private:
  std::vector<std::uint8_t> octets_;
};

/// The DER of an object by OpenSSL's function for it.
template <class Object>
Der encoded(int (*encode)(const Object*, unsigned char**), const Object* object) {
  const int len = encode(object, nullptr);
  if (len <= 0) throw_last_error("what is trusted cannot be encoded");
  Der der(static_cast<std::size_t>(len));
  unsigned char* out = der.data();
  encode(object, &out);
  return der;
}

std::optional<std::int64_t> to_seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return timegm(&parts);
}

/// Narrows the answer's time to the CRL's, if that is current.
void narrow(StoreAnswer& answer, const X509_CRL* crl, std::int64_t now) {
  const std::int64_t from = to_seconds(X509_CRL_get0_lastUpdate(crl)).value_or(INT64_MIN);
  const std::int64_t to = to_seconds(X509_CRL_get0_nextUpdate(crl)).value_or(INT64_MAX);
  if (now < from || to < now) return;  // verification has not gone by it
  answer.not_before = std::max(answer.not_before, from);
  answer.not_after = std::min(answer.not_after, to);
}

/// Asks one store, name by name.
class StoreQuestion {
 public:
  StoreQuestion(X509_STORE* store, bool with_crls, std::int64_t check_time)
      : context_(X509_STORE_CTX_new()), with_crls_(with_crls), check_time_(check_time) {
    if (!context_ || X509_STORE_CTX_init(context_.get(), store, nullptr, nullptr) != 1) {
      throw std::bad_alloc();
    }
  }

  void ask(const X509_NAME* name) {
    add_certificates(name);
    if (with_crls_) add_crls(name);
  }
  StoreAnswer answer(const crypto::Sha256Digest& inputs) && {
    transcript_.add(inputs);
    answer_.digest = transcript_.digest();
    return answer_;
  }

 private:
  void add_certificates(const X509_NAME* name) {
    const CertificatesPtr found(X509_STORE_CTX_get1_certs(context_.get(), name));
    std::vector<crypto::Sha256Digest> certificates;
    certificates.reserve(static_cast<std::size_t>(std::max(sk_X509_num(found.get()), 0)));
    for (int i = 0; i < sk_X509_num(found.get()); ++i) {
      certificates.push_back(
          crypto::sha256(encoded<X509>(i2d_X509_AUX, sk_X509_value(found.get(), i))));
    }
    transcript_.add_set(std::move(certificates));
  }
  void add_crls(const X509_NAME* name) {
    const CrlsPtr found(X509_STORE_CTX_get1_crls(context_.get(), name));
    std::vector<crypto::Sha256Digest> crls;
    for (int i = 0; i < sk_X509_CRL_num(found.get()); ++i) {
      const X509_CRL* crl = sk_X509_CRL_value(found.get(), i);
      crls.push_back(crypto::sha256(encoded<X509_CRL>(i2d_X509_CRL, crl)));
      narrow(answer_, crl, check_time_);
    }
    transcript_.add_set(std::move(crls));
  }

  LookupPtr context_;
  bool with_crls_;
  std::int64_t check_time_;
  Transcript transcript_{};
  StoreAnswer answer_{};
};

}  // namespace

void note_trust_input(SSL_CTX* ctx, std::string_view kind, std::string_view value) {
  Transcript transcript;
  transcript.add(trust_inputs(ctx));
  transcript.add(kind);
  transcript.add(value);
  if (crypto::Sha256Digest* present = find_inputs(ctx)) {
    *present = transcript.digest();
    return;
  }
  auto made = std::make_unique<crypto::Sha256Digest>(transcript.digest());
  if (SSL_CTX_set_ex_data(ctx, inputs_index(), made.get()) != 1) throw std::bad_alloc();
  static_cast<void>(made.release());  // the context owns it now
}

crypto::Sha256Digest trust_inputs(const SSL_CTX* ctx) noexcept {
  const crypto::Sha256Digest* const present = find_inputs(ctx);
  return present == nullptr ? crypto::Sha256Digest{} : *present;
}

X509_STORE* verify_store(const SSL* ssl) noexcept {
  X509_STORE* own = nullptr;
  SSL_get0_verify_cert_store(const_cast<SSL*>(ssl), &own);
  return own != nullptr ? own : SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
}

std::vector<Der> issuers_of(const STACK_OF(X509) * chain) {
  std::vector<Der> issuers;
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    Der issuer = encoded<X509_NAME>(i2d_X509_NAME, X509_get_issuer_name(sk_X509_value(chain, i)));
    if (std::ranges::find(issuers, issuer) == issuers.end()) issuers.push_back(std::move(issuer));
  }
  return issuers;
}

StoreAnswer ask_store(const SSL* ssl, const X509* leaf, const std::vector<Der>& issuers,
                      std::uint64_t flags, std::int64_t check_time) {
  const bool with_crls = (flags & (X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)) != 0;
  StoreQuestion question(verify_store(ssl), with_crls, check_time);
  question.ask(X509_get_subject_name(leaf));
  question.ask(X509_get_issuer_name(leaf));
  for (const Der& issuer : issuers) {
    const unsigned char* at = issuer.data();
    const NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(issuer.size())));
    if (!name) return {};  // of a record that is not ours: no digest is equal to this
    question.ask(name.get());
  }
  return std::move(question).answer(trust_inputs(SSL_get_SSL_CTX(ssl)));
}

}  // namespace peercert::ssl
