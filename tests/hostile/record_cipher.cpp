// SPDX-License-Identifier: Apache-2.0
#include "hostile/record_cipher.hpp"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/openssl_ptr.hpp"

namespace peercert::hostile {

namespace {

using CipherCtxPtr = OpenSSLPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kHashLen = 32;
constexpr std::size_t kKeyLen = 16;
constexpr std::size_t kIvLen = 12;
constexpr std::size_t kSaltLen = 4;           // RFC 5288, 3: the part of a nonce that is not sent
constexpr std::size_t kExplicitNonceLen = 8;  // and the part that is
constexpr std::size_t kTagLen = 16;
constexpr std::size_t kHeaderLen = 5;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(Octets& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check(bool ok) {
  if (!ok) throw std::runtime_error("AES-GCM");
}

Octets hmac(const Octets& key, std::string_view data) {
  Octets digest(kHashLen, '\0');
  unsigned int len = 0;
  check(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(data), data.size(),
             bytes(digest), &len) != nullptr);
  return digest;
}

/// HKDF-Expand-Label of RFC 8446, 7.1, for no more than one hash.
Octets expand_label(const Octets& secret, std::string_view label, std::size_t len) {
  const Octets info = number(len, 2) + vector(1, Octets("tls13 ").append(label)) + vector(1, "");
  return hmac(secret, info + '\x01').substr(0, len);
}

/// P_SHA256 of RFC 5246, 5.
Octets expand(const Octets& secret, const Octets& seed, std::size_t len) {
  Octets expanded;
  Octets a = seed;
  while (expanded.size() < len) {
    a = hmac(secret, a);
    expanded += hmac(secret, a + seed);
  }
  return expanded.substr(0, len);
}

struct Gcm {
  const Octets& key;
  Octets nonce;
  Octets additional_data;

  CipherCtxPtr begin(int encrypt) const {
    CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
    int len = 0;
    check(EVP_CipherInit_ex(ctx.get(), EVP_aes_128_gcm(), nullptr, bytes(key), bytes(nonce),
                            encrypt) == 1);
    check(EVP_CipherUpdate(ctx.get(), nullptr, &len, bytes(additional_data),
                           static_cast<int>(additional_data.size())) == 1);
    return ctx;
  }
  Octets transform(EVP_CIPHER_CTX* ctx, std::string_view in) const {
    Octets out(in.size(), '\0');
    int len = 0;
    check(EVP_CipherUpdate(ctx, bytes(out), &len, bytes(in), static_cast<int>(in.size())) == 1);
    return out;
  }
  Octets seal(std::string_view plain) const {
    const CipherCtxPtr ctx = begin(1);
    const Octets sealed = transform(ctx.get(), plain);
    Octets tag(kTagLen, '\0');
    int len = 0;
    check(EVP_CipherFinal_ex(ctx.get(), bytes(tag), &len) == 1);
    check(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, kTagLen, tag.data()) == 1);
    return sealed + tag;
  }
  Octets open(std::string_view sealed) const {
    const CipherCtxPtr ctx = begin(0);
    Octets tag(sealed.substr(sealed.size() - kTagLen));
    Octets plain = transform(ctx.get(), sealed.substr(0, sealed.size() - kTagLen));
    check(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, kTagLen, tag.data()) == 1);
    int len = 0;
    check(EVP_CipherFinal_ex(ctx.get(), bytes(tag), &len) == 1);
    return plain;
  }
};

}  // namespace

RecordCipher RecordCipher::tls13(const Octets& secret) {
  RecordCipher cipher;
  cipher.secret_ = secret;
  cipher.key_ = expand_label(secret, "key", kKeyLen);
  cipher.iv_ = expand_label(secret, "iv", kIvLen);
  return cipher;
}

RecordCipher RecordCipher::tls12(const Octets& master_secret, const Octets& client_random,
                                 const Octets& server_random, bool of_client) {
  const Octets block = expand(master_secret, "key expansion" + server_random + client_random,
                              2 * (kKeyLen + kSaltLen));
  RecordCipher cipher;
  cipher.key_ = block.substr(of_client ? 0 : kKeyLen, kKeyLen);
  cipher.iv_ = block.substr(2 * kKeyLen + (of_client ? 0 : kSaltLen), kSaltLen);
  return cipher;
}

RecordCipher RecordCipher::updated() const {
  return tls13(expand_label(secret_, "traffic upd", kHashLen));
}

Octets RecordCipher::nonce() const {
  const Octets sequence = number(sequence_number_, kExplicitNonceLen);
  if (secret_.empty()) return iv_ + sequence;
  Octets mixed = iv_;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    char& octet = mixed[kIvLen - sequence.size() + i];
    octet = static_cast<char>(octet ^ sequence[i]);
  }
  return mixed;
}

Octets RecordCipher::additional_data(std::uint8_t type, std::size_t len) const {
  const Octets header = number(type, 1) + number(kTls12, 2) + number(len, 2);
  return secret_.empty() ? number(sequence_number_, 8) + header : header;
}

Octets RecordCipher::seal_inner(std::string_view inner) {
  const Gcm gcm{key_, nonce(), additional_data(kApplicationData, inner.size() + kTagLen)};
  ++sequence_number_;
  return record(kApplicationData, gcm.seal(inner));
}

Octets RecordCipher::seal(const Plain& plain) {
  if (!secret_.empty()) return seal_inner(plain.octets + static_cast<char>(plain.type));
  const Gcm gcm{key_, nonce(), additional_data(plain.type, plain.octets.size())};
  return record(plain.type, number(sequence_number_++, kExplicitNonceLen) + gcm.seal(plain.octets));
}

Plain RecordCipher::open(std::string_view record) {
  std::string_view sealed = record.substr(kHeaderLen);
  if (secret_.empty()) {
    // OpenSSL's explicit nonce need not be the sequence number.
    const Octets nonce = iv_ + Octets(sealed.substr(0, kExplicitNonceLen));
    sealed.remove_prefix(kExplicitNonceLen);
    const auto type = static_cast<std::uint8_t>(record.front());
    const Gcm gcm{key_, nonce, additional_data(type, sealed.size() - kTagLen)};
    ++sequence_number_;
    return {type, gcm.open(sealed)};
  }
  const Gcm gcm{key_, nonce(), additional_data(kApplicationData, sealed.size())};
  ++sequence_number_;
  Octets inner = gcm.open(sealed);
  inner.erase(inner.find_last_not_of('\0') + 1);  // padding
  const auto type = static_cast<std::uint8_t>(inner.back());
  inner.pop_back();
  return {type, std::move(inner)};
}

}  // namespace peercert::hostile
