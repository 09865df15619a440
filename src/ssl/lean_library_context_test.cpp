// SPDX-License-Identifier: Apache-2.0
#include "ssl/lean_library_context.hpp"

#include <barrier>
#include <future>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "libcrypto/error_queue.hpp"
#include "libcrypto/openssl_ptr.hpp"

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

TEST(LeanLibraryContext, IsTheSameEachTime) {
  EXPECT_EQ(lean_library_context(KeyDecoders::usual), lean_library_context(KeyDecoders::usual));
  EXPECT_NE(lean_library_context(KeyDecoders::usual), lean_library_context(KeyDecoders::none));
}

}  // namespace
}  // namespace peercert::ssl
