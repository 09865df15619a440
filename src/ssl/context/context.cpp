// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <openssl/x509v3.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>

#include "ssl/connection/handshake_cost.hpp"
#include "ssl/connection/outcome.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/context/curve_bound.hpp"
#include "ssl/context/session_id_context.hpp"
#include "ssl/identity/verify_capture.hpp"
#include "ssl/identity/verify_profile.hpp"

namespace peercert::ssl {

namespace {

// CPython 3.13's defaults; context_defaults_test compares them with the Python that it finds.
constexpr const char* kDefaultCiphers =
    "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";
constexpr std::uint64_t kDefaultOptions =
    (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION |
    // NOLINTNEXTLINE(misc-redundant-expression): SSL_OP_SINGLE_* are 0 since OpenSSL 1.1.
    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE;
constexpr unsigned int kDefaultHostFlags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
constexpr std::size_t kMaxAlpnNameLen = 255;

void check(long result) {
  if (result != 1) throw_last_error();
}

X509_VERIFY_PARAM* verify_param(SSL_CTX* ctx) { return SSL_CTX_get0_param(ctx); }

int openssl_mode(VerifyMode mode) {
  switch (mode) {
    case VerifyMode::none: return SSL_VERIFY_NONE;
    case VerifyMode::optional: return SSL_VERIFY_PEER;
    case VerifyMode::required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  throw ValueError("invalid value for verify_mode");
}

/// OpenSSL's number for a bound; `unlimited` is the one that it writes as 0.
int openssl_version(TLSVersion version, TLSVersion unlimited) {
  if (version == unlimited) return 0;
  switch (version) {
    case TLSVersion::minimum_supported: return TLS1_VERSION;
    case TLSVersion::maximum_supported: return TLS1_3_VERSION;
    case TLSVersion::tls1:
    case TLSVersion::tls1_1:
    case TLSVersion::tls1_2:
    case TLSVersion::tls1_3: return static_cast<int>(version);
  }
  throw ValueError("Unsupported TLS/SSL version " + std::to_string(static_cast<int>(version)));
}

TLSVersion version_or(long version, TLSVersion unlimited) {
  return version == 0 ? unlimited : static_cast<TLSVersion>(version);
}

int select_alpn(SSL*, const unsigned char** out, unsigned char* out_len, const unsigned char* in,
                unsigned int in_len, void* argument) {
  const std::string& own = *static_cast<const std::string*>(argument);
  unsigned char* selected = nullptr;
  const int result =
      SSL_select_next_proto(&selected, out_len, reinterpret_cast<const unsigned char*>(own.data()),
                            static_cast<unsigned int>(own.size()), in, in_len);
  *out = selected;
  // Nothing in common: the connection goes on without ALPN, as Python's do.
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

SSLContext::SSLContext(Protocol protocol) : SSLContext(protocol, nullptr) {}

SSLContext::SSLContext(Protocol protocol, OSSL_LIB_CTX* library)
    : state_(std::make_shared<State>()) {
  clear_errors();
  const bool client = protocol == Protocol::tls_client;
  SSL_CTX* ctx =
      SSL_CTX_new_ex(library, nullptr, client ? TLS_client_method() : TLS_server_method());
  if (ctx == nullptr) throw_last_error();
  state_->ctx.reset(ctx);
  state_->protocol = protocol;
  SSL_CTX_set_options(ctx, kDefaultOptions);
  check(SSL_CTX_set_cipher_list(ctx, kDefaultCiphers));
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(ctx, long{kMaxCertificatesLen});
  bound_explicit_curves(ctx);
  check(SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION));
  check(X509_VERIFY_PARAM_set_flags(verify_param(ctx), X509_V_FLAG_TRUSTED_FIRST));
  X509_VERIFY_PARAM_set_hostflags(verify_param(ctx), kDefaultHostFlags);
  capture_verification(ctx);
  record_in_tickets(ctx);
  set_verify_mode(client ? VerifyMode::required : VerifyMode::none);
  set_check_hostname(client);
}

void SSLContext::State::policy_has_changed() {
  // In a client OpenSSL would take every pre-shared key for a session of some other context.
  if (protocol == Protocol::tls_server) set_session_id_context(ctx.get());
}

Protocol SSLContext::protocol() const noexcept { return state_->protocol; }

VerifyMode SSLContext::verify_mode() const noexcept {
  const int mode = SSL_CTX_get_verify_mode(native_handle());
  if ((mode & SSL_VERIFY_PEER) == 0) return VerifyMode::none;
  return (mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT) == 0 ? VerifyMode::optional
                                                       : VerifyMode::required;
}

void SSLContext::set_verify_mode(VerifyMode mode) {
  if (mode == VerifyMode::none && check_hostname()) {
    throw ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
  }
  SSL_CTX* ctx = native_handle();
  SSL_CTX_set_verify(ctx, openssl_mode(mode), SSL_CTX_get_verify_callback(ctx));
  state_->policy_has_changed();
}

bool SSLContext::check_hostname() const noexcept { return state_->check_hostname; }

void SSLContext::set_check_hostname(bool on) {
  if (on && verify_mode() == VerifyMode::none) set_verify_mode(VerifyMode::required);
  state_->check_hostname = on;
}

bool SSLContext::hostname_checks_common_name() const noexcept {
  return state_->hostname_checks_common_name && profile_host_flags(native_handle()) == 0;
}

void SSLContext::set_hostname_checks_common_name(bool on) noexcept {
  state_->hostname_checks_common_name = on;
  const unsigned int flags = on ? 0 : X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  X509_VERIFY_PARAM_set_hostflags(verify_param(native_handle()), kDefaultHostFlags | flags);
}

VerifyFlags SSLContext::verify_flags() const noexcept {
  return static_cast<VerifyFlags>(X509_VERIFY_PARAM_get_flags(verify_param(native_handle())));
}

verify::VerifyProfile SSLContext::verify_profile() const noexcept {
  return ssl::verify_profile(native_handle());
}
void SSLContext::set_verify_profile(verify::VerifyProfile profile,
                                    verify::PublicSuffixTest is_public_suffix) {
  ssl::set_verify_profile(native_handle(), profile, is_public_suffix);
  state_->policy_has_changed();
}

void SSLContext::set_verify_flags(VerifyFlags flags) {
  X509_VERIFY_PARAM* param = verify_param(native_handle());
  const auto wanted = static_cast<unsigned long>(flags);
  clear_errors();
  check(X509_VERIFY_PARAM_clear_flags(param, X509_VERIFY_PARAM_get_flags(param) & ~wanted));
  check(X509_VERIFY_PARAM_set_flags(param, wanted));
  state_->policy_has_changed();
}

TLSVersion SSLContext::minimum_version() const noexcept {
  return version_or(SSL_CTX_get_min_proto_version(native_handle()), TLSVersion::minimum_supported);
}

void SSLContext::set_minimum_version(TLSVersion version) {
  clear_errors();
  check(SSL_CTX_set_min_proto_version(native_handle(),
                                      openssl_version(version, TLSVersion::minimum_supported)));
}

TLSVersion SSLContext::maximum_version() const noexcept {
  return version_or(SSL_CTX_get_max_proto_version(native_handle()), TLSVersion::maximum_supported);
}

void SSLContext::set_maximum_version(TLSVersion version) {
  clear_errors();
  check(SSL_CTX_set_max_proto_version(native_handle(),
                                      openssl_version(version, TLSVersion::maximum_supported)));
}

std::uint64_t SSLContext::options() const noexcept { return SSL_CTX_get_options(native_handle()); }

void SSLContext::set_options(std::uint64_t options) noexcept {
  SSL_CTX_clear_options(native_handle(), SSL_CTX_get_options(native_handle()) & ~options);
  SSL_CTX_set_options(native_handle(), options);
}

int SSLContext::security_level() const noexcept {
  return SSL_CTX_get_security_level(native_handle());
}

bool SSLContext::post_handshake_auth() const noexcept { return state_->post_handshake_auth; }
void SSLContext::set_post_handshake_auth(bool on) noexcept { state_->post_handshake_auth = on; }

void SSLContext::set_ciphers(const std::string& ciphers) {
  const int result = SSL_CTX_set_cipher_list(native_handle(), ciphers.c_str());
  clear_errors();
  if (result != 1) {
    throw SSLError(SSLErrorNumber::none, "", "", "No cipher can be selected.");
  }
  state_->policy_has_changed();  // its @SECLEVEL
}

std::vector<std::string> SSLContext::get_ciphers() const {
  std::vector<std::string> names;
  const STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(native_handle());
  const int num_ciphers = sk_SSL_CIPHER_num(ciphers);
  names.reserve(static_cast<std::size_t>(num_ciphers));
  for (int i = 0; i < num_ciphers; ++i) {
    names.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)));
  }
  return names;
}

void SSLContext::set_ecdh_curve(const std::string& name) {
  clear_errors();
  int nid = OBJ_sn2nid(name.c_str());
  if (nid == NID_undef) throw ValueError("unknown elliptic curve name '" + name + "'");
  check(SSL_CTX_set1_groups(native_handle(), &nid, 1));
}

void SSLContext::set_alpn_protocols(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& name : protocols) {
    if (name.empty() || name.size() > kMaxAlpnNameLen) {
      throw SSLError(SSLErrorNumber::none, "", "", "ALPN protocols must be 1 to 255 in length");
    }
    list.push_back(static_cast<char>(name.size()));
    list += name;
  }
  clear_errors();
  // Unlike its siblings, this function gives 0 when it succeeds.
  if (SSL_CTX_set_alpn_protos(native_handle(), reinterpret_cast<const unsigned char*>(list.data()),
                              static_cast<unsigned int>(list.size())) != 0) {
    throw_last_error();
  }
  state_->alpn_protocols = std::move(list);
  SSL_CTX_set_alpn_select_cb(native_handle(), select_alpn, &state_->alpn_protocols);
}

ssl_ctx_st* SSLContext::native_handle() const& noexcept { return state_->ctx.get(); }

SSLContext create_default_context(Purpose purpose, const VerifyLocations& locations) {
  const bool client = purpose == Purpose::server_auth;
  SSLContext context(client ? Protocol::tls_client : Protocol::tls_server);
  context.set_verify_flags(context.verify_flags() | VerifyFlags::x509_partial_chain |
                           VerifyFlags::x509_strict);
  if (!locations.cafile.empty() || !locations.capath.empty() || !locations.cadata.empty()) {
    context.load_verify_locations(locations);
  } else if (context.verify_mode() != VerifyMode::none) {
    context.load_default_certs();
  }
  const char* keylog_file = ::secure_getenv("SSLKEYLOGFILE");
  if (keylog_file != nullptr && *keylog_file != '\0') {
    context.set_keylog_filename(keylog_file);
  }
  return context;
}

}  // namespace peercert::ssl
