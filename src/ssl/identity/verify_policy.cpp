// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verify_policy.hpp"

#include <array>
#include <cstring>
#include <ctime>
#include <new>
#include <span>

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "crypto/error_queue.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/identity/purpose_bits.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "ssl/identity/verify_capture.hpp"
#include "ssl/identity/verify_profile.hpp"
#include "ssl/identity/watch.hpp"

namespace peercert::ssl {

namespace {

constexpr std::array kHookNames = {"verify",       "check_issued", "check_revocation", "check_crl",
                                   "cert_crl",     "check_policy", "get_issuer",       "get_crl",
                                   "lookup_certs", "lookup_crls"};
constexpr std::size_t kNumChecks = 6;  // the first of them

constexpr std::uint64_t kPolicyFlags = X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_EXPLICIT_POLICY |
                                       X509_V_FLAG_INHIBIT_ANY | X509_V_FLAG_INHIBIT_MAP;

using AnyFunction = void (*)();

template <class Function>
AnyFunction any(Function function) {
  return reinterpret_cast<AnyFunction>(function);
}

/// Null where OpenSSL's own is in place, or that of load_default_certs().
std::array<AnyFunction, kHookNames.size()> hooks_of(const X509_STORE* store) {
  const auto get_issuer = X509_STORE_get_get_issuer(store);
  return {any(X509_STORE_get_verify(store)),
          any(X509_STORE_get_check_issued(store)),
          any(X509_STORE_get_check_revocation(store)),
          any(X509_STORE_get_check_crl(store)),
          any(X509_STORE_get_cert_crl(store)),
          any(X509_STORE_get_check_policy(store)),
          get_issuer == lazy_get_issuer() ? nullptr : any(get_issuer),
          any(X509_STORE_get_get_crl(store)),
          any(X509_STORE_get_lookup_certs(store)),
          any(X509_STORE_get_lookup_crls(store))};
}

std::string hook_name(std::uint16_t hooks, std::size_t first, std::size_t end) {
  for (std::size_t i = first; i < end; ++i) {
    if ((hooks >> i & 1U) != 0) return kHookNames[i];
  }
  return {};
}

/// Null for OpenSSL's own.
AnyFunction security_callback(const SSL* ssl) {
  static const AnyFunction default_callback = [] {
    const SslCtxPtr fresh(SSL_CTX_new(TLS_method()));
    return fresh ? any(SSL_CTX_get_security_callback(fresh.get())) : nullptr;
  }();
  const AnyFunction present = any(SSL_get_security_callback(ssl));
  return present == default_callback ? nullptr : present;
}

/// A number for functions that hold within this process: they are no secret of the peer's, and mean
/// nothing to another process. 0 if all are null.
std::uint64_t callback_identity(std::span<const AnyFunction> functions) {
  using Key = std::array<std::uint8_t, 32>;
  static const Key process_key = [] {
    Key key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) throw std::bad_alloc();
    return key;
  }();
  std::vector<std::uint8_t> octets(process_key.begin(), process_key.end());
  bool is_any = false;
  for (const AnyFunction function : functions) {
    std::array<std::uint8_t, sizeof function> address{};
    std::memcpy(address.data(), &function, address.size());
    octets.insert(octets.end(), address.begin(), address.end());
    is_any = is_any || function != nullptr;
  }
  if (!is_any) return 0;
  std::uint64_t identity = 0;
  const crypto::Sha256Digest digest = crypto::sha256(octets);
  std::memcpy(&identity, digest.data(), sizeof identity);
  return identity | 1U;  // not 0
}

void read_param(VerifyPolicy& policy, X509_VERIFY_PARAM* param) {
  for (int i = 0; const char* host = X509_VERIFY_PARAM_get0_host(param, i); ++i) {
    policy.hosts.emplace_back(host);
  }
  const CharsPtr ip(X509_VERIFY_PARAM_get1_ip_asc(param));
  if (ip) policy.ip = ip.get();
  if (const char* email = X509_VERIFY_PARAM_get0_email(param)) policy.email = email;
  policy.flags = X509_VERIFY_PARAM_get_flags(param);
  policy.host_flags = X509_VERIFY_PARAM_get_hostflags(param);
  policy.depth = X509_VERIFY_PARAM_get_depth(param);
  policy.auth_level = X509_VERIFY_PARAM_get_auth_level(param);
  policy.purpose = purpose_bits(param, policy.server);
  if ((policy.flags & X509_V_FLAG_USE_CHECK_TIME) != 0) {
    policy.check_time = X509_VERIFY_PARAM_get_time(param);
  }
}

void read_callbacks(VerifyPolicy& policy, const SSL* ssl) {
  const X509_STORE* store = verify_store(ssl);
  const auto hooks = hooks_of(store);
  std::vector<AnyFunction> functions(hooks.begin(), hooks.end());
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    if (hooks[i] != nullptr) policy.hooks = static_cast<std::uint16_t>(policy.hooks | 1U << i);
  }
  functions.push_back(any(X509_STORE_get_verify_cb(store)));
  functions.push_back(any(application_callback(ssl)));
  functions.push_back(security_callback(ssl));
  functions.push_back(any(public_suffix_test(SSL_get_SSL_CTX(ssl))));
  policy.callbacks = callback_identity(functions);
}

/// OpenSSL has no question for it, but tells a call that goes wrong from one on an SSL without
/// DANE.
bool has_dane(const SSL* ssl) {
  constexpr std::uint8_t kNoUsage = 255, kNoSelector = 255, kNoType = 255;
  return SSL_dane_tlsa_add(const_cast<SSL*>(ssl), kNoUsage, kNoSelector, kNoType, nullptr, 0) >= 0;
}

std::string names_of(const VerifyPolicy& policy) {
  std::string text;
  const auto append = [&](const std::string& name) {
    if (!name.empty()) text += (text.empty() ? "" : " or ") + name;
  };
  for (const std::string& host : policy.hosts) append(host);
  append(policy.ip);
  append(policy.email);
  return text.empty() ? "no name" : text;
}

bool same_names(const VerifyPolicy& a, const VerifyPolicy& b) {
  return a.hosts == b.hosts && a.ip == b.ip && a.email == b.email;
}

}  // namespace

X509StoreCtxPtr make_store_context(const SSL* ssl, X509* leaf, STACK_OF(X509) * untrusted) {
  X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), verify_store(ssl), leaf, untrusted) != 1) {
    throw std::bad_alloc();
  }
  // As ssl_verify_cert_chain() of OpenSSL's ssl/ssl_cert.c, in its order.
  SSL* const asking = const_cast<SSL*>(ssl);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
  constexpr long kSuiteB = X509_V_FLAG_SUITEB_128_LOS;  // all of its flags
  X509_STORE_CTX_set_flags(context.get(),
                           static_cast<unsigned long>(SSL_set_cert_flags(asking, 0) & kSuiteB));
  X509_STORE_CTX_set_default(context.get(), SSL_is_server(ssl) == 1 ? "ssl_client" : "ssl_server");
  if (X509_VERIFY_PARAM_set1(param, SSL_get0_param(asking)) != 1) throw std::bad_alloc();
  X509_VERIFY_PARAM_set_hostflags(
      param, X509_VERIFY_PARAM_get_hostflags(param) | profile_host_flags(SSL_get_SSL_CTX(ssl)));
  return context;
}

VerifyPolicy verify_policy(const SSL* ssl) {
  const DroppedErrors dropped;
  VerifyPolicy policy;
  policy.server = SSL_is_server(ssl) == 1;
  policy.dane = has_dane(ssl);
  policy.security_level = SSL_get_security_level(ssl);
  policy.profile = verify_profile(SSL_get_SSL_CTX(ssl));
  const X509StoreCtxPtr context = make_store_context(ssl, nullptr, nullptr);
  read_param(policy, X509_STORE_CTX_get0_param(context.get()));
  add_watched_name(ssl, policy);
  read_callbacks(policy, ssl);
  return policy;
}

std::int64_t check_time(const VerifyPolicy& policy) {
  const bool is_set = (policy.flags & X509_V_FLAG_USE_CHECK_TIME) != 0;
  return is_set ? policy.check_time : std::time(nullptr);
}

std::string checked_name(X509* leaf, const VerifyPolicy& policy) {
  for (const std::string& host : policy.hosts) {
    if (X509_check_host(leaf, host.data(), host.size(), policy.host_flags, nullptr) == 1) {
      return host;
    }
  }
  if (!policy.ip.empty() && X509_check_ip_asc(leaf, policy.ip.c_str(), 0) == 1) return policy.ip;
  const bool has_email = !policy.email.empty() &&
                         X509_check_email(leaf, policy.email.data(), policy.email.size(), 0) == 1;
  return has_email ? policy.email : std::string();
}

std::string replaced_check(const VerifyPolicy& policy) {
  return hook_name(policy.hooks, 0, kNumChecks);
}

std::string incomparable(const VerifyPolicy& policy) {
  const std::string hook = hook_name(policy.hooks, kNumChecks, kHookNames.size());
  if (!hook.empty()) return "what the X509_STORE's own " + hook + "() gives may have changed";
  if ((policy.flags & kPolicyFlags) != 0) return "certificate policies cannot be compared";
  if ((policy.flags & X509_V_FLAG_EXTENDED_CRL_SUPPORT) != 0) {
    return "CRLs of other issuers cannot be compared";
  }
  return policy.dane ? "TLSA records cannot be compared" : std::string();
}

std::string difference(const VerifyPolicy& first, const VerifyPolicy& second) {
  if (!same_names(first, second)) {
    return "another name: " + names_of(first) + ", not " + names_of(second);
  }
  struct Input {
    bool is_same;
    const char* other;
  };
  const std::array inputs = {
      Input{first.profile == second.profile, "another profile"},  // which has flags
      Input{first.flags == second.flags && first.host_flags == second.host_flags, "other flags"},
      Input{first.check_time == second.check_time, "another time"},
      Input{first.depth == second.depth, "another depth"},
      Input{first.auth_level == second.auth_level && first.security_level == second.security_level,
            "another security level"},
      Input{first.purpose == second.purpose, "another purpose"},
      Input{first.hooks == second.hooks && first.callbacks == second.callbacks, "other callbacks"},
  };
  for (const Input& input : inputs) {
    if (!input.is_same) return input.other;
  }
  return first == second ? "" : "another policy";  // side, DANE
}

}  // namespace peercert::ssl
