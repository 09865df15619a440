// SPDX-License-Identifier: Apache-2.0
#include "ssl/lean_library_context.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "libcrypto/error_queue.hpp"

namespace peercert::ssl {
namespace {

using namespace std::string_view_literals;

// The first of each algorithm's names in the default provider.
constexpr std::array kDecodedKeys = {"RSA"sv, "EC"sv, "ED25519"sv};
// These, what signatures of RSA and key exchanges need, and what TLS derives its secrets with.
constexpr std::array kKeyManagers = {"RSA"sv,    "RSA-PSS"sv, "EC"sv,   "ED25519"sv,
                                     "X25519"sv, "DH"sv,      "HKDF"sv, "TLS1-PRF"sv};

/// A provider that passes another's algorithms on, but for those that were left out.
struct LeanProvider {
  OSSL_PROVIDER* full = nullptr;
  std::vector<OSSL_ALGORITHM> decoders, key_managers;  // with OpenSSL's empty one at the end
};

bool is_one_of(const OSSL_ALGORITHM& algorithm, std::span<const std::string_view> names) {
  const std::string_view all = algorithm.algorithm_names;
  return std::ranges::find(names, all.substr(0, all.find(':'))) != names.end();
}

template <class Predicate>
std::vector<OSSL_ALGORITHM> select(OSSL_PROVIDER* provider, int operation, Predicate is_wanted) {
  std::vector<OSSL_ALGORITHM> selected;
  int no_cache = 0;
  const OSSL_ALGORITHM* all = OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
  for (; all != nullptr && all->algorithm_names != nullptr; ++all) {
    if (is_wanted(*all)) selected.push_back(*all);
  }
  selected.push_back({});
  return selected;
}

LeanProvider make_provider(KeyDecoders decoders) {
  LeanProvider lean;
  lean.full = OSSL_PROVIDER_load(nullptr, "default");
  if (lean.full == nullptr) return lean;
  const auto is_decoder = [&](const OSSL_ALGORITHM& algorithm) {
    const std::string_view properties = algorithm.property_definition;
    return decoders == KeyDecoders::usual && is_one_of(algorithm, kDecodedKeys) &&
           properties.ends_with("structure=SubjectPublicKeyInfo");
  };
  const auto is_manager = [](const auto& algorithm) { return is_one_of(algorithm, kKeyManagers); };
  lean.decoders = select(lean.full, OSSL_OP_DECODER, is_decoder);
  lean.key_managers = select(lean.full, OSSL_OP_KEYMGMT, is_manager);
  return lean;
}

/// One for each of KeyDecoders. Never freed: OpenSSL's own clean-up at exit may come later.
template <KeyDecoders decoders>
const LeanProvider& provider() {
  static const auto* const lean = new LeanProvider(make_provider(decoders));
  return *lean;
}

template <KeyDecoders decoders>
const OSSL_ALGORITHM* query_operation(void*, int operation, int* no_cache) {
  const LeanProvider& lean = provider<decoders>();
  const OSSL_ALGORITHM* all = OSSL_PROVIDER_query_operation(lean.full, operation, no_cache);
  if (operation == OSSL_OP_DECODER) return lean.decoders.data();
  if (operation == OSSL_OP_KEYMGMT) return lean.key_managers.data();
  return all;
}

/// The groups that TLS may agree on.
template <KeyDecoders decoders>
int get_capabilities(void*, const char* name, OSSL_CALLBACK* callback, void* argument) {
  return OSSL_PROVIDER_get_capabilities(provider<decoders>().full, name, callback, argument);
}

using Function = void (*)();

/// OpenSSL's provider(7): an OSSL_provider_init_fn. The algorithms are handed the provider context
/// of the provider that they are from.
template <KeyDecoders decoders>
int init(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** functions,
         void** context) {
  static const std::array<OSSL_DISPATCH, 3> table = {{
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<Function>(query_operation<decoders>)},
      {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, reinterpret_cast<Function>(get_capabilities<decoders>)},
      {},
  }};
  if (provider<decoders>().full == nullptr) return 0;
  *functions = table.data();
  *context = OSSL_PROVIDER_get0_provider_ctx(provider<decoders>().full);
  return 1;
}

template <KeyDecoders decoders>
OSSL_LIB_CTX* make_context() noexcept try {
  const DroppedErrors guard;
  OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
  const bool loaded = context != nullptr &&
                      OSSL_PROVIDER_add_builtin(context, "lean", init<decoders>) == 1 &&
                      OSSL_PROVIDER_load(context, "lean") != nullptr;
  if (loaded) return context;
  OSSL_LIB_CTX_free(context);
  return nullptr;
} catch (...) {
  return nullptr;
}

}  // namespace

ossl_lib_ctx_st* lean_library_context(KeyDecoders decoders) noexcept {
  if (decoders == KeyDecoders::usual) {
    static OSSL_LIB_CTX* const context = make_context<KeyDecoders::usual>();
    return context;
  }
  static OSSL_LIB_CTX* const context = make_context<KeyDecoders::none>();
  return context;
}

}  // namespace peercert::ssl
