// SPDX-License-Identifier: Apache-2.0
#include "scan/capture/observer.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>
#include <openssl/x509_vfy.h>

#include <peercert/crypto/fingerprint.hpp>

#include "crypto/error_queue.hpp"
#include "scan/capture/issuer_cache.hpp"
#include "ssl/connection/connection.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/context/lean_library_context.hpp"
#include "ssl/identity/x509_der.hpp"
#include "tls/certificate_message.hpp"

namespace peercert::ssl {

namespace {

// AES-128-GCM first, as browsers and Go have it: a key schedule with SHA-256 takes a fifth of one
// with SHA-384. Servers with old keys and ciphers are what one looks for: no certificate comes
// without authentication, nothing is agreed on without a cipher.
constexpr const char* kCipherList = "ECDHE+AESGCM+AES128:ALL:!aNULL:!eNULL:@SECLEVEL=0";
constexpr const char* kCipherSuites =  // of TLS 1.3
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// Of the full context: OpenSSL's default, without the groups of RFC 7919 over kMaxDhBits, and what
// servers with unusual keys agree on. Their curves belong to TLS 1.2, RFC 8422 and RFC 7027.
constexpr const char* kAllGroups =
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:"
    "brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1";
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
  SSL_CTX* refusing = nullptr;     // the ObserverContext's
  bool seen_tls = false;
  bool server_hello = false;  // the server has agreed on something
  bool stopped = false;       // as the mode wants it, at the certificate
  bool handshake_done = false;
  ExcessiveCost excessive_cost;
  bool all_decoded = false;  // OpenSSL has read each entry of the Certificate message
  std::optional<std::vector<std::uint8_t>> certificate_message;
  VerifyError error;
  std::vector<Der> verified_chain;
  X509_STORE_CTX_verify_fn openssls_verify = nullptr;

  SSL* ssl() const noexcept { return connection.native_handle(); }
  static State* of(const SSL* ssl) noexcept {
    return static_cast<State*>(SSL_get_ex_data(ssl, observer_index()));
  }
};

namespace {

/// Keeps the server's Certificate before OpenSSL judges it, and has OpenSSL leave alone what is too
/// costly to decode. A message callback has no say in that. But a library context without decoders
/// of keys is soon done with the message, and on_chain() ends the handshake.
void on_certificate(Observer::State& state, Bytes message) {
  state.certificate_message.emplace(message.begin(), message.end());
  const bool is_tls13 = SSL_version(state.ssl()) >= TLS1_3_VERSION;
  const tls::CertificateMessage entries = tls::read_certificate_message(message, is_tls13);
  state.excessive_cost = cost_of_certificates(message, entries);
  if (state.excessive_cost) SSL_set_SSL_CTX(state.ssl(), state.refusing);
}

bool is_dhe(const SSL_CIPHER* cipher) noexcept {
  return cipher != nullptr && SSL_CIPHER_get_kx_nid(cipher) == NID_kx_dhe;
}

/// Sees what the server sends before OpenSSL does anything with it.
void on_message(int written, int, int content_type, const void* data, std::size_t len, SSL* ssl,
                void*) noexcept {
  auto* const state = Observer::State::of(ssl);
  if (state == nullptr || written != 0 || len == 0) return;
  const Bytes message(static_cast<const std::uint8_t*>(data), len);
  if (content_type == SSL3_RT_HEADER) {
    // TLSPlaintext, RFC 8446, 5.1: ContentType and the legacy version's first octet.
    const bool is_record = len >= 2 && message[0] >= SSL3_RT_CHANGE_CIPHER_SPEC &&
                           message[0] <= SSL3_RT_APPLICATION_DATA && message[1] == 3;
    state->seen_tls = state->seen_tls || is_record;
    return;
  }
  if (content_type != SSL3_RT_HANDSHAKE) return;
  if (message[0] == SSL3_MT_SERVER_HELLO) state->server_hello = true;
  if (message[0] == SSL3_MT_SERVER_KEY_EXCHANGE && is_dhe(SSL_get_pending_cipher(ssl))) {
    state->excessive_cost = cost_of_dh(message);
  } else if (message[0] == SSL3_MT_CERTIFICATE) {
    try {
      on_certificate(*state, message);
    } catch (...) {
      state->certificate_message.reset();  // no memory: OpenSSL will not have any, either
    }
  }
}

using SecurityCallback = int (*)(const SSL*, const SSL_CTX*, int, int, int, void*, void*);

/// OpenSSL asks before it computes with what the server has sent. `openssls_own` answers for all
/// that is none of ours.
int on_security_question(const SSL* ssl, const SSL_CTX* ctx, int operation, int bits, int nid,
                         void* other, void* openssls_own) noexcept {
  if (operation == SSL_SECOP_TMP_DH) {
    const auto* const state = ssl == nullptr ? nullptr : Observer::State::of(ssl);
    if (state != nullptr && state->excessive_cost) return 0;
  }
  const auto ask = reinterpret_cast<SecurityCallback>(openssls_own);
  return ask(ssl, ctx, operation, bits, nid, other, nullptr);
}

void free_stack(STACK_OF(X509) * certificates) { sk_X509_free(certificates); }

void note_objection(Observer::State& state, X509_STORE_CTX* context) {
  state.error.code = X509_STORE_CTX_get_error(context);
  state.error.depth = X509_STORE_CTX_get_error_depth(context);
  state.error.message = X509_verify_cert_error_string(state.error.code);
}

SSL* ssl_of(X509_STORE_CTX* context) noexcept {
  return static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

/// Verifies the signatures of the chain that was built, unless a key that the server has sent is
/// too costly. Trust anchors are not the server's.
int verify_signatures(X509_STORE_CTX* context) noexcept {
  auto& state = *Observer::State::of(ssl_of(context));
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  const int num_untrusted = X509_STORE_CTX_get_num_untrusted(context);
  for (int i = 1; i < num_untrusted && !state.excessive_cost; ++i) {
    state.excessive_cost = cost_of_key(sk_X509_value(chain, i));
  }
  return state.excessive_cost ? 0 : state.openssls_verify(context);
}

/// Validates the chain, and learns its issuer for another time.
void verify_in_full(Observer::State& state, X509_STORE_CTX* context) {
  state.openssls_verify = X509_STORE_CTX_get_verify(context);
  X509_STORE_CTX_set_verify(context, verify_signatures);
  const bool passed = X509_verify_cert(context) > 0;
  if (state.excessive_cost) return;
  if (!passed) return note_objection(state, context);
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
  const crypto::Sha256Digest digest = crypto::sha256(leaf);
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
X509StoreCtxPtr ask_again(SSL* ssl, X509_STORE_CTX* context) {
  X509StoreCtxPtr again(X509_STORE_CTX_new());
  X509_STORE* const store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
  if (!again || X509_STORE_CTX_init(again.get(), store, X509_STORE_CTX_get0_cert(context),
                                    X509_STORE_CTX_get0_untrusted(context)) != 1) {
    throw std::bad_alloc();
  }
  X509_STORE_CTX_set_default(again.get(), "ssl_server");
  X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(again.get()), SSL_get0_param(ssl));
  X509_STORE_CTX_set_ex_data(again.get(), SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
  return again;
}

/// The moment for which certificates are validated.
std::time_t validation_time(const X509_VERIFY_PARAM* parameters) noexcept {
  const bool is_set = (X509_VERIFY_PARAM_get_flags(parameters) & X509_V_FLAG_USE_CHECK_TIME) != 0;
  return is_set ? X509_VERIFY_PARAM_get_time(parameters) : std::time(nullptr);
}

/// Whether what is valid up to an issuer is valid: policies (RFC 5280, 6.1) and CRLs are asked of
/// the whole chain.
bool can_end_at_issuer(const X509_VERIFY_PARAM* parameters) noexcept {
  constexpr unsigned long kWholeChain = X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_CRL_CHECK;
  return (X509_VERIFY_PARAM_get_flags(parameters) & kWholeChain) == 0;
}

std::shared_ptr<const VerifiedIssuer> find_issuer(const Observer::State& state,
                                                  X509_STORE_CTX* context) {
  const STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
  const X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context);
  if (state.issuers == nullptr || sk_X509_num(sent) < kDirectChainLen) return nullptr;
  if (!can_end_at_issuer(parameters)) return nullptr;
  return state.issuers->find(sk_X509_value(sent, 1), validation_time(parameters));
}

void verify_chain(Observer::State& state, X509_STORE_CTX* context) {
  const auto issuer = find_issuer(state, context);
  if (issuer == nullptr) return verify_in_full(state, context);
  if (verify_up_to(issuer, state, context)) return;
  verify_in_full(state, ask_again(state.ssl(), context).get());
}

/// Has the chain validated where the mode says so, and accepts it in any case but that of a cost
/// that is not to be borne.
int on_chain(X509_STORE_CTX* context, void*) noexcept {
  SSL* const ssl = ssl_of(context);
  auto* const state = Observer::State::of(ssl);
  if (state == nullptr) return 0;
  state->all_decoded = true;
  if (state->excessive_cost) return 0;
  if (state->mode == ObserverMode::present_only) {
    state->stopped = true;
    SSL_set_retry_verify(ssl);
    return 1;  // with anything less OpenSSL would send an alert
  }
  state->excessive_cost = cost_of_key(X509_STORE_CTX_get0_cert(context));
  if (state->excessive_cost) return 0;
  try {
    if (state->mode == ObserverMode::verify) verify_chain(*state, context);
    return state->excessive_cost ? 0 : 1;
  } catch (...) {
    return 0;  // no memory
  }
}

bool is_alert(const Outcome& outcome, int description) noexcept {
  return is_alert(outcome) && outcome.error.reason_code() == SSL_AD_REASON_OFFSET + description;
}

/// Whether OpenSSL has refused a message of the peer's for its length.
bool is_too_long(const Outcome& outcome) noexcept {
  return outcome.status == Status::error && outcome.error.library() == "SSL" &&
         outcome.error.reason_code() == SSL_R_EXCESSIVE_MESSAGE_SIZE;
}

/// Whether a server may end like that before its ServerHello because it knows nothing of what was
/// offered. RFC 8446, 4.1.1, wants a handshake_failure; others say something else, or nothing.
bool may_be_refusal(const Outcome& outcome) noexcept {
  switch (outcome.status) {
    case Status::eof:
    case Status::zero_return: return true;
    case Status::syscall:
      return outcome.system_errno == ECONNRESET || outcome.system_errno == EPIPE;
    case Status::error:
      return is_alert(outcome, SSL_AD_HANDSHAKE_FAILURE) ||
             is_alert(outcome, SSL_AD_INTERNAL_ERROR) ||
             is_alert(outcome, SSL_AD_INSUFFICIENT_SECURITY) ||
             is_alert(outcome, SSL_AD_ILLEGAL_PARAMETER);
    default: return false;
  }
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
  SSL_CTX_set0_security_ex_data(ctx, reinterpret_cast<void*>(SSL_CTX_get_security_callback(ctx)));
  SSL_CTX_set_security_callback(ctx, on_security_question);
  SSL_CTX_set_cert_verify_callback(ctx, on_chain, nullptr);
  // Without it OpenSSL asks nobody about the chain.
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
  context.set_check_hostname(mode == ObserverMode::verify);
  if (library == nullptr && SSL_CTX_set1_groups_list(ctx, kAllGroups) != 1) throw std::bad_alloc();
  return context;
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

void take_certificates(const Observer::State& state, Observation& seen) {
  const bool is_tls13 = SSL_version(state.ssl()) >= TLS1_3_VERSION;
  const tls::CertificateMessage entries =
      tls::read_certificate_message(*state.certificate_message, is_tls13);
  seen.num_sent = entries.num_sent;
  for (const Bytes entry : entries.certificates) {
    seen.chain.emplace_back(entry.begin(), entry.end());
    if (!state.all_decoded && !tls::is_certificate(entry)) ++seen.num_unreadable;
  }
}

}  // namespace

ObserverContext::ObserverContext(ObserverMode mode)
    : mode_(mode),
      lean_(make_context(
          mode, lean_library_context(mode == ObserverMode::present_only ? KeyDecoders::none
                                                                        : KeyDecoders::usual))),
      full_(make_context(mode, nullptr)),
      refusing_(make_context(mode, lean_library_context(KeyDecoders::none))),
      issuers_(std::make_shared<IssuerCache>()) {}

Observer::Observer() noexcept = default;
Observer::~Observer() = default;

Outcome Observer::open(const ObserverContext& context, bool lean, int fd,
                       const std::string& server_name) noexcept {
  state_.reset(new (std::nothrow) State);
  if (state_ == nullptr) return {Status::syscall, ENOMEM, {}};
  state_->mode = context.mode();
  state_->refusing = context.refusing().native_handle();
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
  if (is_too_long(outcome)) state_->excessive_cost = {CostKind::message};
  return state_->stopped ? Outcome{} : outcome;
}

void Observer::shutdown() noexcept {
  bool done = false;
  if (state_ != nullptr && state_->handshake_done) state_->connection.shutdown(done);
}

void Observer::reset() noexcept { state_.reset(); }

bool Observer::may_need_more(const Outcome& outcome) const noexcept {
  if (state_ == nullptr || state_->stopped || state_->excessive_cost) return false;
  switch (state_->error.code) {
    case X509_V_OK:
      // OpenSSL gives up after a certificate whose key it cannot decode; a server gives up if we
      // know neither its kind of signature nor its groups nor its ciphers.
      if (state_->certificate_message) return outcome.status == Status::error && !is_alert(outcome);
      return state_->server_hello ? is_alert(outcome, SSL_AD_HANDSHAKE_FAILURE)
                                  : may_be_refusal(outcome);
    // What OpenSSL says of keys that it cannot decode, and of signatures that it does not know.
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM: return true;
    default: return false;
  }
}

ExcessiveCost Observer::excessive_cost() const noexcept {
  return state_ == nullptr ? ExcessiveCost{} : state_->excessive_cost;
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
  if (state_->certificate_message) take_certificates(*state_, seen);
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
