// SPDX-License-Identifier: Apache-2.0
#include "ssl/context/lean_library_context.hpp"

#include <array>
#include <barrier>
#include <future>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "support/credential.hpp"

namespace peercert::ssl {
namespace {

/// Makes the context, or gets it, and a key of the kind whose key manager is ours.
bool makes_key(KeyDecoders decoders, std::barrier<>& both) {
  both.arrive_and_wait();
  ossl_lib_ctx_st* const library = lean_library_context(decoders);
  const EvpPkeyPtr key(EVP_PKEY_Q_keygen(library, nullptr, "X25519"));
  clear_errors();
  return library != nullptr && key != nullptr;
}

// Under the thread sanitizer this fails where making the one races with making the other. ctest
// runs it in a process of its own, in which neither has been made.
TEST(LeanLibraryContext, IsMadeByTwoThreadsAtOnce) {
  std::barrier both(2);
  auto other =
      std::async(std::launch::async, [&both] { return makes_key(KeyDecoders::none, both); });
  EXPECT_TRUE(makes_key(KeyDecoders::usual, both));
  EXPECT_TRUE(other.get());
}

using Octets = std::vector<std::uint8_t>;

/// Keys that one thread makes one after the other.
std::set<Octets> keys_of_a_thread(int num_made) {
  ossl_lib_ctx_st* const library = lean_library_context(KeyDecoders::usual);
  return std::async(std::launch::async,
                    [=] {
                      std::set<Octets> keys;
                      for (int i = 0; i < num_made; ++i) {
                        const EvpPkeyPtr key(EVP_PKEY_Q_keygen(library, nullptr, "X25519"));
                        Octets octets(32);
                        std::size_t len = octets.size();
                        EXPECT_EQ(EVP_PKEY_get_raw_public_key(key.get(), octets.data(), &len), 1);
                        keys.insert(octets);
                      }
                      return keys;
                    })
      .get();
}

TEST(LeanLibraryContext, UsesAKey256Times) {
  constexpr int kMaxUses = 256;
  EXPECT_EQ(keys_of_a_thread(kMaxUses).size(), 1U);
  EXPECT_EQ(keys_of_a_thread(kMaxUses + 1).size(), 2U);
  EXPECT_EQ(keys_of_a_thread(2 * kMaxUses + 1).size(), 3U);
}

// TLS takes the server's key into one that has only the kind.
TEST(LeanLibraryContext, KeepsItsOwnKeyOutOfOthers) {
  ossl_lib_ctx_st* const library = lean_library_context(KeyDecoders::usual);
  const EvpPkeyPtr own(EVP_PKEY_Q_keygen(library, nullptr, "X25519"));
  ASSERT_NE(own, nullptr);
  const OpenSSLPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_name(library, "X25519", nullptr));
  EVP_PKEY* kind = nullptr;
  ASSERT_EQ(EVP_PKEY_paramgen_init(context.get()), 1);
  ASSERT_EQ(EVP_PKEY_paramgen(context.get(), &kind), 1);
  const EvpPkeyPtr owner(kind);
  const auto public_key = [](const EVP_PKEY* key) {
    std::array<unsigned char, 32> bytes{};
    std::size_t len = bytes.size();
    EVP_PKEY_get_raw_public_key(key, bytes.data(), &len);
    return bytes;
  };
  EXPECT_NE(public_key(kind), public_key(own.get()));
  clear_errors();
}

TEST(LeanLibraryContext, HasNothingThatTlsHasNoUseFor) {
  ossl_lib_ctx_st* const library = lean_library_context(KeyDecoders::usual);
  const auto has_digest = [&](const char* name) {
    const OpenSSLPtr<EVP_MD, EVP_MD_free> digest(EVP_MD_fetch(library, name, nullptr));
    clear_errors();
    return digest != nullptr;
  };
  EXPECT_TRUE(has_digest("SHA2-256"));
  EXPECT_FALSE(has_digest("SHA3-256"));
}

/// Whether the library context has a decoder for the DER.
bool decodes(KeyDecoders decoders, int selection, const Octets& der) {
  EVP_PKEY* key = nullptr;
  const OpenSSLPtr<OSSL_DECODER_CTX, OSSL_DECODER_CTX_free> decoder(OSSL_DECODER_CTX_new_for_pkey(
      &key, "DER", nullptr, nullptr, selection, lean_library_context(decoders), nullptr));
  const unsigned char* at = der.data();
  std::size_t len = der.size();
  const int decoded = OSSL_DECODER_from_data(decoder.get(), &at, &len);
  const EvpPkeyPtr owned(key);
  clear_errors();
  return decoded == 1;
}

TEST(LeanLibraryContext, DecodesTheKeysOfCertificatesAlone) {
  const EvpPkeyPtr key = key_of(Credential::root_ca("Any"));
  const auto encoded = [&](int (*encode)(const EVP_PKEY*, unsigned char**)) {
    Octets der(static_cast<std::size_t>(encode(key.get(), nullptr)));
    unsigned char* out = der.data();
    encode(key.get(), &out);
    return der;
  };
  const Octets public_key = encoded(i2d_PUBKEY), private_key = encoded(i2d_PrivateKey);
  EXPECT_TRUE(decodes(KeyDecoders::usual, EVP_PKEY_PUBLIC_KEY, public_key));
  EXPECT_FALSE(decodes(KeyDecoders::none, EVP_PKEY_PUBLIC_KEY, public_key));
  EXPECT_FALSE(decodes(KeyDecoders::usual, EVP_PKEY_KEYPAIR, private_key));
}

TEST(LeanLibraryContext, IsTheSameEachTime) {
  EXPECT_EQ(lean_library_context(KeyDecoders::usual), lean_library_context(KeyDecoders::usual));
  EXPECT_NE(lean_library_context(KeyDecoders::usual), lean_library_context(KeyDecoders::none));
}

}  // namespace
}  // namespace peercert::ssl
