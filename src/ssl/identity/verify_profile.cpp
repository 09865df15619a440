// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verify_profile.hpp"

#include <memory>
#include <new>

#include <openssl/x509v3.h>

#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

using verify::VerifyProfile;

namespace {

struct Profile {
  VerifyProfile profile = VerifyProfile::openssl;
  verify::PublicSuffixTest is_public_suffix = nullptr;
};

void free_profile(void*, void* profile, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Profile*>(profile);
}

int profile_index() noexcept {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_profile);
  return index;
}

Profile* find_profile(const SSL_CTX* ctx) noexcept {
  return static_cast<Profile*>(SSL_CTX_get_ex_data(ctx, profile_index()));
}

/// The time that X509_verify_cert() has checked at.
std::chrono::sys_seconds check_time(X509_STORE_CTX* context) {
  const X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  const bool is_set = (X509_VERIFY_PARAM_get_flags(param) & X509_V_FLAG_USE_CHECK_TIME) != 0;
  if (!is_set) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::chrono::sys_seconds(std::chrono::seconds(X509_VERIFY_PARAM_get_time(param)));
}

}  // namespace

void set_verify_profile(SSL_CTX* ctx, VerifyProfile profile,
                        verify::PublicSuffixTest is_public_suffix) {
  if (Profile* const present = find_profile(ctx)) {
    *present = {profile, is_public_suffix};
    return;
  }
  auto made = std::make_unique<Profile>(Profile{profile, is_public_suffix});
  if (SSL_CTX_set_ex_data(ctx, profile_index(), made.get()) != 1) throw std::bad_alloc();
  static_cast<void>(made.release());  // the context owns it now
}

VerifyProfile verify_profile(const SSL_CTX* ctx) noexcept {
  const Profile* const profile = find_profile(ctx);
  return profile == nullptr ? VerifyProfile::openssl : profile->profile;
}

verify::PublicSuffixTest public_suffix_test(const SSL_CTX* ctx) noexcept {
  const Profile* const profile = find_profile(ctx);
  return profile == nullptr ? nullptr : profile->is_public_suffix;
}

unsigned int profile_host_flags(const SSL_CTX* ctx) noexcept {
  return verify_profile(ctx) == VerifyProfile::openssl ? 0 : X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
}

std::vector<verify::Problem> profile_problems(const SSL* ssl, X509_STORE_CTX* context) {
  const Profile* const profile = find_profile(SSL_get_SSL_CTX(ssl));
  if (profile == nullptr || profile->profile == VerifyProfile::openssl) return {};
  verify::VerifyOptions options;
  options.profile = profile->profile;
  options.is_public_suffix = profile->is_public_suffix;
  options.purpose =
      SSL_is_server(ssl) == 1 ? verify::Purpose::client_auth : verify::Purpose::server_auth;
  options.at = check_time(context);
  return verify::check_path(to_chain(X509_STORE_CTX_get0_chain(context)), options);
}

}  // namespace peercert::ssl
