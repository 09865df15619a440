// SPDX-License-Identifier: Apache-2.0
#include "ssl/observer.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/tls1.h>
#include <openssl/x509_vfy.h>

#include <peercert/ssl/fingerprint.hpp>
#include <peercert/x509/tls_reader.hpp>

#include "libcrypto/error_queue.hpp"
#include "ssl/connection.hpp"
#include "ssl/context_state.hpp"
#include "ssl/issuer_cache.hpp"
#include "ssl/lean_library_context.hpp"
#include "ssl/x509_der.hpp"

namespace peercert::ssl {

namespace {

// AES-128-GCM first, as browsers and Go have it: a key schedule with SHA-256 takes a fifth of one
// with SHA-384. Servers with old keys and ciphers are what one looks for: no certificate comes
// without authentication, nothing is agreed on without a cipher.
constexpr const char* kCipherList = "ECDHE+AESGCM+AES128:ALL:!aNULL:!eNULL:@SECLEVEL=0";
constexpr const char* kCipherSuites =  // of TLS 1.3
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// Of keys and signatures in chains, as by Python's default: weaker ones are objected to.
constexpr int kChainSecurityLevel = 2;

// A certificate and its issuer.
constexpr int kDirectChainLen = 2;

/// An index of our own for the Observer::State of an SSL.
int observer_index() noexcept {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

struct Observer::State {
  Connection connection;
  ObserverMode mode = ObserverMode::verify;
  IssuerCache* issuers = nullptr;  // null: none is known
  bool seen_tls = false;
  bool stopped = false;  // as the mode wants it, at the certificate
  bool handshake_done = false;
  std::optional<std::vector<std::uint8_t>> certificate_message;
  VerifyError error;
  std::vector<Der> verified_chain;

  SSL* ssl() const noexcept { return connection.native_handle(); }
  static State* of(const SSL* ssl) noexcept {
    return static_cast<State*>(SSL_get_ex_data(ssl, observer_index()));
  }
};

namespace {

/// Sees the octets of the server's Certificate before OpenSSL judges them.
void on_message(int written, int, int content_type, const void* data, std::size_t len, SSL* ssl,
                void*) noexcept {
  auto* const state = Observer::State::of(ssl);
  if (state == nullptr || written != 0) return;
  const auto* const octets = static_cast<const std::uint8_t*>(data);
  if (content_type == SSL3_RT_HEADER) {
    // TLSPlaintext, RFC 8446, 5.1: ContentType and the legacy version's first octet.
    const bool is_record = len >= 2 && octets[0] >= SSL3_RT_CHANGE_CIPHER_SPEC &&
                           octets[0] <= SSL3_RT_APPLICATION_DATA && octets[1] == 3;
    state->seen_tls = state->seen_tls || is_record;
  } else if (content_type == SSL3_RT_HANDSHAKE && len > 0 && octets[0] == SSL3_MT_CERTIFICATE) {
    try {
      state->certificate_message.emplace(octets, octets + len);
    } catch (...) {
      state->certificate_message.reset();  // no memory: OpenSSL will not have any, either
    }
  }
}

void free_stack(STACK_OF(X509) * certificates) { sk_X509_free(certificates); }

void note_objection(Observer::State& state, X509_STORE_CTX* context) {
  state.error.code = X509_STORE_CTX_get_error(context);
  state.error.depth = X509_STORE_CTX_get_error_depth(context);
  state.error.message = X509_verify_cert_error_string(state.error.code);
}

using StoreContextPtr = OpenSSLPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

/// Validates the chain, and learns its issuer for another time.
void verify_in_full(Observer::State& state, X509_STORE_CTX* context) {
  if (X509_verify_cert(context) <= 0) return note_objection(state, context);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  state.verified_chain = to_chain(chain);
  if (state.issuers != nullptr) state.issuers->learn(chain);
}

/// For a certificate and its issuer whose signatures were verified before: that they are valid now.
int check_times(X509_STORE_CTX* context) noexcept {
  const X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  if (sk_X509_num(chain) != kDirectChainLen) return 0;
  for (int i = 0; i < kDirectChainLen; ++i) {
    const X509* const certificate = sk_X509_value(chain, i);
    if (X509_cmp_timeframe(parameters, X509_get0_notBefore(certificate),
                           X509_get0_notAfter(certificate)) != 0) {
      return 0;
    }
  }
  return 1;
}

/// Validates the chain only up to an issuer that was verified before, if that has issued the peer's
/// certificate: with others between them those above may find the path too long. False if it is not
/// valid: what is wrong with it only the whole of it tells.
bool verify_up_to(const std::shared_ptr<const VerifiedIssuer>& issuer, Observer::State& state,
                  X509_STORE_CTX* context) {
  const OpenSSLPtr<STACK_OF(X509), free_stack> trusted(sk_X509_new_null());
  if (!trusted || sk_X509_push(trusted.get(), issuer->certificate.get()) == 0) return false;
  Der leaf = to_der(X509_STORE_CTX_get0_cert(context));
  const Sha256Digest digest = sha256(leaf);
  const bool is_known = state.issuers->has_issued(*issuer, digest);
  if (is_known) X509_STORE_CTX_set_verify(context, check_times);
  X509_STORE_CTX_set0_trusted_stack(context, trusted.get());
  const bool passed = X509_verify_cert(context) > 0;
  X509_STORE_CTX_set0_trusted_stack(context, nullptr);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  if (!passed || sk_X509_num(chain) != kDirectChainLen) return false;
  if (!is_known) state.issuers->learn_issued(issuer, digest);
  state.verified_chain = issuer->chain;
  state.verified_chain.insert(state.verified_chain.begin(), std::move(leaf));
  return true;
}

/// The same question once more: an X509_STORE_CTX answers it one time only.
StoreContextPtr ask_again(SSL* ssl, X509_STORE_CTX* context) {
  StoreContextPtr again(X509_STORE_CTX_new());
  X509_STORE* const store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
  if (!again || X509_STORE_CTX_init(again.get(), store, X509_STORE_CTX_get0_cert(context),
                                    X509_STORE_CTX_get0_untrusted(context)) != 1) {
    throw std::bad_alloc();
  }
  X509_STORE_CTX_set_default(again.get(), "ssl_server");
  X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(again.get()), SSL_get0_param(ssl));
  return again;
}

void verify_chain(Observer::State& state, X509_STORE_CTX* context) {
  const STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
  const bool is_known_kind = state.issuers != nullptr && sk_X509_num(sent) > 1;
  const auto issuer =
      is_known_kind ? state.issuers->find(sk_X509_value(sent, 1), std::time(nullptr)) : nullptr;
  if (issuer == nullptr) return verify_in_full(state, context);
  if (verify_up_to(issuer, state, context)) return;
  verify_in_full(state, ask_again(state.ssl(), context).get());
}

/// Has the chain validated where the mode says so, and accepts it in any case.
int on_chain(X509_STORE_CTX* context, void*) noexcept {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const state = Observer::State::of(ssl);
  if (state == nullptr) return 0;
  if (state->mode == ObserverMode::present_only) {
    state->stopped = true;
    SSL_set_retry_verify(ssl);
    return 1;  // with anything less OpenSSL would send an alert
  }
  try {
    if (state->mode == ObserverMode::verify) verify_chain(*state, context);
    return 1;
  } catch (...) {
    return 0;  // no memory
  }
}

bool is_handshake_failure(const Outcome& outcome) noexcept {
  constexpr int kReason = SSL_AD_REASON_OFFSET + SSL_AD_HANDSHAKE_FAILURE;
  return is_alert(outcome) && outcome.error.reason_code() == kReason;
}

SSLContext make_context(ObserverMode mode, ossl_lib_ctx_st* library) {
  SSLContext context = SSLContext::State::make_context(Protocol::tls_client, library);
  context.set_verify_flags(context.verify_flags() | VerifyFlags::x509_partial_chain |
                           VerifyFlags::x509_strict);
  context.set_ciphers(kCipherList);
  context.set_minimum_version(TLSVersion::minimum_supported);
  SSL_CTX* ctx = context.native_handle();
  SSL_CTX_set_ciphersuites(ctx, kCipherSuites);
  X509_VERIFY_PARAM_set_auth_level(SSL_CTX_get0_param(ctx), kChainSecurityLevel);
  SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
  SSL_CTX_set_read_ahead(ctx, 1);  // a call of the system's for each flight, not for each record
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_msg_callback(ctx, on_message);
  SSL_CTX_set_cert_verify_callback(ctx, on_chain, nullptr);
  // Without it OpenSSL asks nobody about the chain.
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
  context.set_check_hostname(mode == ObserverMode::verify);
  return context;
}

/// Certificate, RFC 8446, 4.4.2:
///   opaque certificate_request_context<0..2^8-1>; CertificateEntry certificate_list<0..2^24-1>;
///   CertificateEntry: opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1>;
/// RFC 5246, 7.4.2, has neither the first nor the last. Four octets of Handshake precede it. What
/// is cut off ends the list.
std::vector<Der> certificates(Bytes message, bool is_tls13) {
  std::vector<Der> chain;
  constexpr std::size_t kHandshakeHeaderLen = 4;
  if (message.size() < kHandshakeHeaderLen) return chain;
  der::Progress progress{.origin = message.data()};
  TlsReader reader(message.subspan(kHandshakeHeaderLen), progress);
  if (is_tls13) reader.read(reader.read_number(1));
  TlsReader list(reader.read(reader.read_number(3)), progress);
  while (list.more()) {
    const Bytes certificate = list.read(list.read_number(3));
    if (is_tls13) list.read_vector();
    if (!progress.failed()) chain.emplace_back(certificate.begin(), certificate.end());
  }
  return chain;
}

/// OpenSSL's number of the group whose key the server has sent; NID_undef if there is none.
int tls12_group(SSL* ssl) {
  EVP_PKEY* key = nullptr;
  if (SSL_get_peer_tmp_key(ssl, &key) != 1) return NID_undef;
  const EvpPkeyPtr owner(key);
  std::array<char, 80> curve{};
  std::size_t len = 0;
  const bool has_curve =
      EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &len) == 1 && len > 0;
  const char* const name = has_curve ? curve.data() : EVP_PKEY_get0_type_name(key);
  return name == nullptr ? NID_undef : OBJ_txt2nid(name);
}

/// The name of the group in the registry of RFC 8447: "x25519", "secp256r1".
std::string group_name(SSL* ssl) {
  const int nid = SSL_version(ssl) >= TLS1_3_VERSION
                      ? static_cast<int>(SSL_get_negotiated_group(ssl))
                      : tls12_group(ssl);
  const char* const name = nid == NID_undef ? nullptr : SSL_group_to_name(ssl, nid);
  clear_errors();
  return name == nullptr ? "" : name;
}

std::string alpn(const SSL* ssl) {
  const unsigned char* name = nullptr;
  unsigned int len = 0;
  SSL_get0_alpn_selected(ssl, &name, &len);
  return {reinterpret_cast<const char*>(name), len};
}

}  // namespace

ObserverContext::ObserverContext(ObserverMode mode)
    : mode_(mode),
      lean_(make_context(
          mode, lean_library_context(mode == ObserverMode::present_only ? KeyDecoders::none
                                                                        : KeyDecoders::usual))),
      full_(make_context(mode, nullptr)),
      issuers_(std::make_shared<IssuerCache>()) {}

Observer::Observer() noexcept = default;
Observer::~Observer() = default;

Outcome Observer::open(const ObserverContext& context, bool lean, int fd,
                       const std::string& server_name) noexcept {
  state_.reset(new (std::nothrow) State);
  if (state_ == nullptr) return {Status::syscall, ENOMEM, {}};
  state_->mode = context.mode();
  if (lean) state_->issuers = &context.issuers();
  const SSLContext& chosen = lean ? context.lean() : context.full();
  ConnectionOptions options;
  options.check_hostname = chosen.check_hostname();
  options.host_flags = X509_VERIFY_PARAM_get_hostflags(SSL_CTX_get0_param(chosen.native_handle()));
  try {
    options.server_hostname = server_name;
  } catch (...) {
    state_.reset();
    return {Status::syscall, ENOMEM, {}};
  }
  const Outcome outcome = state_->connection.open(chosen.native_handle(), fd, options);
  if (outcome) {
    SSL_set_ex_data(state_->ssl(), observer_index(), state_.get());
  } else {
    state_.reset();  // there may be no SSL to look at
  }
  return outcome;
}

Outcome Observer::do_handshake(std::chrono::steady_clock::time_point deadline) noexcept {
  state_->connection.set_deadline(Deadline(deadline));
  const Outcome outcome = state_->connection.do_handshake();
  if (outcome.status == Status::ok) state_->handshake_done = true;
  return state_->stopped ? Outcome{} : outcome;
}

void Observer::shutdown() noexcept {
  bool done = false;
  if (state_ != nullptr && state_->handshake_done) state_->connection.shutdown(done);
}

void Observer::reset() noexcept { state_.reset(); }

bool Observer::may_need_more(const Outcome& outcome) const noexcept {
  if (state_ == nullptr || state_->stopped) return false;
  switch (state_->error.code) {
    case X509_V_OK:
      // OpenSSL gives up behind a certificate whose key it cannot decode; a server gives up if we
      // know neither its kind of signature nor its groups.
      return state_->certificate_message ? outcome.status == Status::error && !is_alert(outcome)
                                         : is_handshake_failure(outcome);
    // What OpenSSL says of keys that it cannot decode, and of signatures that it does not know.
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM: return true;
    default: return false;
  }
}

bool Observer::has_seen_tls() const noexcept { return state_ != nullptr && state_->seen_tls; }

Observation Observer::observation() const {
  Observation seen;
  if (state_ == nullptr) return seen;
  SSL* const ssl = state_->ssl();
  seen.handshake_done = state_->handshake_done;
  const SSL_CIPHER* cipher = SSL_get_pending_cipher(ssl);
  if (SSL_get_current_cipher(ssl) != nullptr) cipher = SSL_get_current_cipher(ssl);
  if (cipher != nullptr) {
    seen.protocol = SSL_get_version(ssl);
    seen.cipher = SSL_CIPHER_get_name(cipher);
    seen.group = group_name(ssl);
    seen.alpn = alpn(ssl);
  }
  if (state_->certificate_message) {
    seen.chain = certificates(*state_->certificate_message, SSL_version(ssl) >= TLS1_3_VERSION);
  }
  seen.error = state_->error;
  if (seen.chain.empty()) {
    seen.verdict = Verdict::absent;
  } else if (seen.error.code != X509_V_OK) {
    seen.verdict = Verdict::failed;
  } else if (state_->mode == ObserverMode::verify && seen.handshake_done) {
    seen.verdict = Verdict::verified;
    seen.verified_chain = state_->verified_chain;
  } else {
    seen.verdict = Verdict::unverified;
  }
  return seen;
}

OcspStaple Observer::ocsp_staple() const { return ssl::ocsp_staple(state_->ssl()); }

bool is_alert(const Outcome& outcome) noexcept {
  constexpr int kMaxDescription = 255;  // AlertDescription is one octet: RFC 8446, 6
  const int description = outcome.error.reason_code() - SSL_AD_REASON_OFFSET;
  return outcome.status == Status::error && outcome.error.library() == "SSL" && 0 <= description &&
         description <= kMaxDescription;
}

}  // namespace peercert::ssl
