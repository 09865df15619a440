// SPDX-License-Identifier: Apache-2.0
#include "ssl/context/lean_library_context.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "crypto/error_queue.hpp"

namespace peercert::ssl {
namespace {

using namespace std::string_view_literals;

using Names = std::span<const std::string_view>;

// Algorithms by the first of their names in the default provider: what nearly all servers agree on,
// and sign their certificates with. Where that is not enough the handshake fails.
constexpr std::array kDecoders = {"RSA"sv, "EC"sv, "ED25519"sv};
constexpr std::array kKeyManagers = {"RSA"sv, "RSA-PSS"sv, "EC"sv, "ED25519"sv, "X25519"sv};
constexpr std::array kSignatures = {"RSA"sv, "ECDSA"sv, "ED25519"sv};
constexpr std::array kKeyExchanges = {"ECDH"sv, "X25519"sv};
constexpr std::array kAsymmetricCiphers = {"RSA"sv};
constexpr std::array kDigests = {"SHA1"sv, "SHA2-256"sv, "SHA2-384"sv, "SHA2-512"sv, "MD5-SHA1"sv};
constexpr std::array kMacs = {"HMAC"sv};
constexpr std::array kKdfs = {"HKDF"sv, "TLS13-KDF"sv, "TLS1-PRF"sv};
constexpr std::array kRandoms = {"CTR-DRBG"sv, "SEED-SRC"sv};
// Those in CTR and ECB mode are what CTR-DRBG consists of.
constexpr std::array kCiphers = {"NULL"sv,        "AES-128-GCM"sv, "AES-256-GCM"sv,
                                 "AES-128-CBC"sv, "AES-256-CBC"sv, "ChaCha20-Poly1305"sv,
                                 "AES-256-CTR"sv, "AES-256-ECB"sv};

struct Offer {
  int operation;  // OSSL_OP_*
  Names names;
};
// Of other operations nothing is offered. OpenSSL walks over all that it ever had of any of them
// when it looks for the key manager of a certificate.
constexpr std::array kOffers = {Offer{OSSL_OP_DECODER, kDecoders},
                                Offer{OSSL_OP_KEYMGMT, kKeyManagers},
                                Offer{OSSL_OP_SIGNATURE, kSignatures},
                                Offer{OSSL_OP_KEYEXCH, kKeyExchanges},
                                Offer{OSSL_OP_ASYM_CIPHER, kAsymmetricCiphers},
                                Offer{OSSL_OP_DIGEST, kDigests},
                                Offer{OSSL_OP_MAC, kMacs},
                                Offer{OSSL_OP_KDF, kKdfs},
                                Offer{OSSL_OP_RAND, kRandoms},
                                Offer{OSSL_OP_CIPHER, kCiphers}};

using Algorithms = std::vector<OSSL_ALGORITHM>;  // with OpenSSL's empty one at the end

/// A provider that passes another's algorithms on, but for those that were left out.
struct LeanProvider {
  OSSL_PROVIDER* full = nullptr;
  std::map<int, Algorithms> algorithms{};  // by operation
};

/// The key manager of X25519, whose keys are used for several connections: to make one takes a
/// tenth of what a connection takes. Each thread has one at a time.
class ReusedX25519 {
 public:
  // The secrecy of a scan's connections, which carry nothing, rests on one key for so many of them.
  // That the server has its own key is proven anew each time, by what it signs.
  static constexpr int kMaxUses = 256;

  /// The functions of a key manager, but for the one that makes a key. Lives as long as the
  /// process. Of the first call's functions: there is one such key manager.
  static const OSSL_DISPATCH* wrap(const OSSL_DISPATCH* functions) {
    // Two library contexts may be made at once.
    static const auto* const table = new std::vector<OSSL_DISPATCH>(make_table(functions));
    return table->data();
  }

 private:
  static std::vector<OSSL_DISPATCH> make_table(const OSSL_DISPATCH* functions) {
    std::vector<OSSL_DISPATCH> table;
    for (; functions->function_id != 0; ++functions) {
      table.push_back(*functions);
      switch (functions->function_id) {
        case OSSL_FUNC_KEYMGMT_GEN_INIT:
          real_init = OSSL_FUNC_keymgmt_gen_init(functions);
          table.back().function = reinterpret_cast<void (*)()>(init);
          break;
        case OSSL_FUNC_KEYMGMT_GEN:
          real_gen = OSSL_FUNC_keymgmt_gen(functions);
          table.back().function = reinterpret_cast<void (*)()>(gen);
          break;
        case OSSL_FUNC_KEYMGMT_DUP: real_dup = OSSL_FUNC_keymgmt_dup(functions); break;
        case OSSL_FUNC_KEYMGMT_FREE: real_free = OSSL_FUNC_keymgmt_free(functions); break;
        default: break;
      }
    }
    table.push_back({});
    return table;
  }

  struct Key {
    Key() = default;
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    ~Key() { reset(nullptr); }
    void reset(void* other) {
      if (data != nullptr) real_free(data);
      data = other;
      num_uses = 0;
    }
    void* data = nullptr;
    int num_uses = 0;
  };

  static void* init(void* context, int selection, const OSSL_PARAM parameters[]) {
    is_key_pair = (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0;
    return real_init(context, selection, parameters);
  }

  static void* gen(void* generation, OSSL_CALLBACK* callback, void* argument) {
    thread_local Key key;
    const bool is_reused = is_key_pair && real_dup != nullptr && real_free != nullptr;
    if (!is_reused) return real_gen(generation, callback, argument);
    if (key.data == nullptr || key.num_uses == kMaxUses) {
      key.reset(real_gen(generation, callback, argument));
    }
    ++key.num_uses;
    return key.data == nullptr ? nullptr : real_dup(key.data, OSSL_KEYMGMT_SELECT_ALL);
  }

  // Whether what was begun last is to become a key, or what takes the peer's key.
  static inline thread_local bool is_key_pair = false;
  static inline OSSL_FUNC_keymgmt_gen_init_fn* real_init = nullptr;
  static inline OSSL_FUNC_keymgmt_gen_fn* real_gen = nullptr;
  static inline OSSL_FUNC_keymgmt_dup_fn* real_dup = nullptr;
  static inline OSSL_FUNC_keymgmt_free_fn* real_free = nullptr;
};

bool is_one_of(const OSSL_ALGORITHM& algorithm, Names names) {
  const std::string_view all = algorithm.algorithm_names;
  return std::ranges::find(names, all.substr(0, all.find(':'))) != names.end();
}

/// Certificates hold a SubjectPublicKeyInfo; private keys are none of a lean context's business.
bool is_for_certificates(const OSSL_ALGORITHM& decoder) {
  return std::string_view(decoder.property_definition).ends_with("structure=SubjectPublicKeyInfo");
}

Algorithms select(OSSL_PROVIDER* provider, const Offer& offer, KeyDecoders decoders) {
  Algorithms selected;
  int no_cache = 0;
  const OSSL_ALGORITHM* all = OSSL_PROVIDER_query_operation(provider, offer.operation, &no_cache);
  for (; all != nullptr && all->algorithm_names != nullptr; ++all) {
    if (!is_one_of(*all, offer.names)) continue;
    const bool is_decoder = offer.operation == OSSL_OP_DECODER;
    const bool is_wanted = decoders == KeyDecoders::usual && is_for_certificates(*all);
    if (!is_decoder || is_wanted) selected.push_back(*all);
  }
  for (OSSL_ALGORITHM& algorithm : selected) {
    constexpr std::array kX25519 = {"X25519"sv};
    if (offer.operation != OSSL_OP_KEYMGMT || !is_one_of(algorithm, kX25519)) continue;
    algorithm.implementation = ReusedX25519::wrap(algorithm.implementation);
  }
  selected.push_back({});
  return selected;
}

LeanProvider make_provider(KeyDecoders decoders) {
  LeanProvider lean;
  lean.full = OSSL_PROVIDER_load(nullptr, "default");
  if (lean.full == nullptr) return lean;
  for (const Offer& offer : kOffers) {
    lean.algorithms.emplace(offer.operation, select(lean.full, offer, decoders));
  }
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
  *no_cache = 0;
  const auto& algorithms = provider<decoders>().algorithms;
  const auto found = algorithms.find(operation);
  return found == algorithms.end() ? nullptr : found->second.data();
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
