// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verify_capture.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "ssl/identity/verify_again.hpp"
#include "ssl/identity/verify_policy.hpp"
#include "ssl/identity/verify_profile.hpp"
#include "ssl/identity/watch.hpp"
#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

namespace {

using X509StorePtr = OpenSSLPtr<X509_STORE, X509_STORE_free>;
using VerifyCallback = int (*)(int, X509_STORE_CTX*);
using Random = std::array<unsigned char, SSL3_RANDOM_SIZE>;

/// What we keep with an SSL.
struct Attachment {
  std::shared_ptr<const VerificationRecord> record{};
  Random client_random{};                    // of the record's handshake
  X509StorePtr store{};                      // that it was verified with
  VerifyCallback former_callback = nullptr;  // only where the SSL's own callback was replaced
};

/// One run of X509_verify_cert().
struct Run {
  SSL* ssl = nullptr;
  VerifyCallback former_callback = nullptr;
  std::vector<VerifyError> errors{};
  bool is_complete = true;  // no error was left out
};

void free_attachment(void*, void* attachment, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Attachment*>(attachment);
}
/// SSL_dup() makes another connection, of which nothing is known; but the application's callback
/// has to be asked there, too.
int copy_attachment(CRYPTO_EX_DATA*, const CRYPTO_EX_DATA*, void** copied, int, long, void*) {
  const auto* original = static_cast<const Attachment*>(*copied);
  if (original == nullptr) return 1;
  auto* copy = new (std::nothrow) Attachment;
  if (copy != nullptr) copy->former_callback = original->former_callback;
  *copied = copy;
  return copy == nullptr ? 0 : 1;
}
void free_run(void*, void* run, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Run*>(run);
}

int attachment_index() {
  static const int index =
      SSL_get_ex_new_index(0, nullptr, nullptr, copy_attachment, free_attachment);
  return index;
}
int run_index() {
  static const int index = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_run);
  return index;
}

Attachment* find_attachment(const SSL* ssl) {
  return static_cast<Attachment*>(SSL_get_ex_data(ssl, attachment_index()));
}
/// Throws std::bad_alloc.
Attachment& attachment_of(SSL* ssl) {
  if (Attachment* attached = find_attachment(ssl)) return *attached;
  auto made = std::make_unique<Attachment>();
  if (SSL_set_ex_data(ssl, attachment_index(), made.get()) != 1) throw std::bad_alloc();
  return *made.release();
}

SSL* connection_of(const X509_STORE_CTX* context) {
  return static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
}
/// The run that the context, or that for whose CRL's issuer it was made, belongs to.
X509_STORE_CTX* outermost(X509_STORE_CTX* context) {
  while (X509_STORE_CTX* parent = X509_STORE_CTX_get0_parent_ctx(context)) context = parent;
  return context;
}
Run* find_run(X509_STORE_CTX* context) {
  return static_cast<Run*>(X509_STORE_CTX_get_ex_data(context, run_index()));
}
Run* start_run(X509_STORE_CTX* context, VerifyCallback former) {
  auto made = std::make_unique<Run>(Run{connection_of(context), former});
  if (X509_STORE_CTX_set_ex_data(context, run_index(), made.get()) != 1) throw std::bad_alloc();
  return made.release();
}

Random client_random(const SSL* ssl) {
  Random random{};
  SSL_get_client_random(ssl, random.data(), random.size());
  return random;
}

std::string subject_of(const X509* certificate) {
  if (certificate == nullptr) return {};
  const Result<Certificate> decoded = Certificate::from_der(to_der(certificate));
  return decoded ? subject_text(decoded->view()) : std::string();
}

void note_error(Run& run, X509_STORE_CTX* context, int code, bool overridden) {
  if (run.errors.size() == kMaxRecordedErrors) {
    run.is_complete = false;
    return;
  }
  run.errors.push_back({code, X509_STORE_CTX_get_error_depth(context),
                        X509_verify_cert_error_string(code),
                        subject_of(X509_STORE_CTX_get_current_cert(context)), overridden});
}

/// Asks the former callback, and notes what either of the two objects to.
int ask_and_note(Run& run, int ok, X509_STORE_CTX* context) {
  const int code = X509_STORE_CTX_get_error(context);
  const int answer = run.former_callback == nullptr ? ok : run.former_callback(ok, context);
  if (ok != 0 && answer != 0) return answer;
  const bool own_refusal = ok != 0;  // the application's, of a certificate that was good so far
  const int own_code = X509_STORE_CTX_get_error(context);
  const int refusal = own_code == X509_V_OK ? X509_V_ERR_APPLICATION_VERIFICATION : own_code;
  note_error(run, context, own_refusal ? refusal : code, answer != 0);
  return answer;
}

/// As the peer sent them; OpenSSL leaves the first one out on a server.
std::vector<Der> sent_chain(X509_STORE_CTX* context, const Der& leaf) {
  std::vector<Der> chain = to_chain(X509_STORE_CTX_get0_untrusted(context));
  if (chain.empty() || chain.front() != leaf) chain.insert(chain.begin(), leaf);
  return chain;
}

/// Sets the record's time to that of all certificates of the chain and of the CRLs.
void set_validity(VerificationRecord& record, const std::vector<Der>& chain,
                  const StoreAnswer& answer) {
  std::int64_t not_before = answer.not_before;
  std::int64_t not_after = answer.not_after;
  for (const Der& der : chain) {
    const Result<CertificateView> certificate = CertificateView::parse(der);
    const auto from = certificate ? certificate->not_before().parse() : std::nullopt;
    const auto to = certificate ? certificate->not_after().parse() : std::nullopt;
    if (!from || !to) return;  // never valid
    not_before = std::max(not_before, from->to_sys_seconds().time_since_epoch().count());
    not_after = std::min(not_after, to->to_sys_seconds().time_since_epoch().count());
  }
  record.not_before = not_before;
  record.not_after = not_after;
}

VerificationRecord make_record(const Run& run, X509_STORE_CTX* context, bool passed) {
  VerificationRecord record;
  X509* leaf = X509_STORE_CTX_get0_cert(context);
  const Der leaf_der = to_der(leaf);
  record.required = (SSL_get_verify_mode(run.ssl) & SSL_VERIFY_PEER) != 0;
  record.passed = passed && run.errors.empty() && run.is_complete;
  record.policy = verify_policy(run.ssl);
  record.leaf = crypto::sha256(leaf_der);
  record.errors = run.errors;
  record.sent = sent_chain(context, leaf_der);
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  record.built = to_chain(chain);
  if (!record.passed) return record;
  record.issuers = issuers_of(chain);
  const StoreAnswer answer =
      ask_store(run.ssl, leaf, record.issuers, record.policy.flags, check_time(record.policy));
  record.name = checked_name(leaf, record.policy);
  record.trust = answer.digest;
  set_validity(record, *record.built, answer);
  return record;
}

/// Puts the record where OpenSSL carries it along: through copies of the session, its serialized
/// form, and tickets.
void put_into_session(SSL_SESSION* session, const VerificationRecord& record, bool server) {
  void* present = nullptr;
  std::size_t len = 0;
  SSL_SESSION_get0_ticket_appdata(session, &present, &len);
  if (len > 0 && !is_record({static_cast<const std::uint8_t*>(present), len})) return;
  const auto octets = to_octets(record, server ? kMaxServerRecordLen : kMaxClientRecordLen);
  SSL_SESSION_set1_ticket_appdata(session, octets.data(), octets.size());
}

/// Whether the session is only this connection's yet. Later, as when a server asks a client for a
/// certificate after the handshake, it may be in a cache that other threads use.
bool owns_session(const SSL* ssl) {
  std::array<unsigned char, 1> finished{};
  return SSL_get_peer_finished(ssl, finished.data(), finished.size()) == 0;
}

void keep(const Run& run, X509_STORE_CTX* context, bool passed) noexcept try {
  const DroppedErrors guard;
  auto record = std::make_shared<const VerificationRecord>(make_record(run, context, passed));
  Attachment& attached = attachment_of(run.ssl);
  attached.client_random = client_random(run.ssl);
  attached.record = std::move(record);
  X509_STORE* const store = verify_store(run.ssl);
  X509_STORE_up_ref(store);  // so that no other takes its address
  attached.store.reset(store);
  if (owns_session(run.ssl)) {
    put_into_session(SSL_get_session(run.ssl), *attached.record, SSL_is_server(run.ssl) == 1);
  }
} catch (...) {
  // Nothing may be thrown through OpenSSL. A connection without a record is not taken for verified
  // on the strength of an older one, which has another client_random.
}

/// The session is the ticket's alone here, whatever shares the connection's others.
int on_new_ticket(SSL* ssl, void*) noexcept {
  try {
    const auto record = handshake_record(ssl);
    if (record != nullptr) put_into_session(SSL_get_session(ssl), *record, true);
  } catch (...) {
    return 1;  // a ticket without a record resumes a session that is not verified
  }
  return 1;
}

/// The callback of a context's run, where that is there.
int on_certificate(int ok, X509_STORE_CTX* context) noexcept {
  Run* run = find_run(outermost(context));
  if (run == nullptr) return ok;
  try {
    return ask_and_note(*run, ok, context);
  } catch (...) {
    run->is_complete = false;
    return 0;
  }
}

/// Has the context stand at the chain's certificate of this depth with the error, as
/// X509_verify_cert() does for what it finds.
void stand_at(X509_STORE_CTX* context, int depth, int code) {
  X509_STORE_CTX_set_error(context, code);
  X509_STORE_CTX_set_error_depth(context, depth);
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  X509_STORE_CTX_set_current_cert(context, sk_X509_value(chain, depth));
}

/// Notes what the connection's profile has against a chain that OpenSSL accepts; 0 if anything.
/// Of several problems the context keeps the first.
int obey_profile(Run& run, X509_STORE_CTX* context) noexcept try {
  const std::vector<verify::Problem> problems = profile_problems(run.ssl, context);
  if (problems.empty()) return 1;
  for (const verify::Problem& problem : problems) {
    stand_at(context, problem.depth, X509_V_ERR_APPLICATION_VERIFICATION);
    note_error(run, context, X509_V_ERR_APPLICATION_VERIFICATION, false);
    if (run.is_complete) run.errors.back().message = problem.message;
  }
  stand_at(context, problems.front().depth, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
} catch (...) {
  run.is_complete = false;
  X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
  return 0;
}

/// Whether nothing was objected to, nor overridden.
bool is_clean(const Run& run, X509_STORE_CTX* context) {
  return run.errors.empty() && run.is_complete && X509_STORE_CTX_get_error(context) == X509_V_OK;
}

/// What the connection's watch asks on top, of a chain that the application and its profile accept.
int obey_watch(Run& run, X509_STORE_CTX* context) noexcept try {
  const int code = watched_name_error(run.ssl, X509_STORE_CTX_get0_cert(context));
  if (code != X509_V_OK) {
    stand_at(context, 0, code);
    note_error(run, context, code, false);
    return 0;
  }
  if (is_clean(run, context) || !requires_verified_peer(run.ssl)) return 1;
  // A callback has accepted what is not verified.
  const int first = run.errors.empty() ? X509_STORE_CTX_get_error(context) : run.errors[0].code;
  X509_STORE_CTX_set_error(context,
                           first == X509_V_OK ? X509_V_ERR_APPLICATION_VERIFICATION : first);
  return 0;
} catch (...) {
  run.is_complete = false;
  X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
  return 0;
}

/// What holds of this verification whatever the SSL says, and whenever it was told so.
void prepare(SSL* ssl, X509_STORE_CTX* context) {
  if (requires_verified_peer(ssl)) {
    SSL_set_verify(ssl, SSL_get_verify_mode(ssl) | SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
  }
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(
      param, X509_VERIFY_PARAM_get_hostflags(param) | profile_host_flags(SSL_get_SSL_CTX(ssl)));
}

/// X509_verify_cert(), observed, and after it the profile and the watch.
int verify_and_keep(X509_STORE_CTX* context, void*) noexcept {
  prepare(connection_of(context), context);
  Run* run = nullptr;
  try {
    run = start_run(context, X509_STORE_CTX_get_verify_cb(context));
  } catch (...) {
    X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
    return 0;
  }
  X509_STORE_CTX_set_verify_cb(context, on_certificate);
  int result = X509_verify_cert(context);
  X509_STORE_CTX_set_verify_cb(context, run->former_callback);
  if (result > 0) result = obey_profile(*run, context);
  if (result > 0) result = obey_watch(*run, context);
  keep(*run, context, result > 0 && X509_STORE_CTX_get_error(context) == X509_V_OK);
  return result;
}

/// Notes what the connection's own parameters have against a chain that passed: a callback of
/// SSL_CTX_set_cert_verify_callback() may have changed those of the run. TLSA records cannot be
/// asked again.
void note_what_the_run_was_spared(Run& run, X509_STORE_CTX* context) {
  if (!run.errors.empty() || verify_policy(run.ssl).dane) return;
  auto error = verify_again(run.ssl, X509_STORE_CTX_get0_cert(context),
                            X509_STORE_CTX_get0_untrusted(context));
  if (!error) return;
  error->overridden = true;
  run.errors.push_back(*std::move(error));
}

/// What verification would ask if the SSL had no callback of ours: the SSL's, or else the store's.
VerifyCallback former_of(X509_STORE_CTX* context) {
  const Attachment* attached = find_attachment(connection_of(context));
  if (attached != nullptr && attached->former_callback != nullptr) {
    return attached->former_callback;
  }
  return X509_STORE_get_verify_cb(X509_STORE_CTX_get0_store(context));
}

/// The callback of a single SSL: the run starts with its first call, and ends with whichever call
/// is the last.
int on_certificate_of_ssl(int ok, X509_STORE_CTX* context) noexcept {
  X509_STORE_CTX* outer = outermost(context);
  Run* run = find_run(outer);
  const VerifyCallback former = former_of(outer);
  try {
    if (run == nullptr) run = start_run(outer, former);
    // The context's run notes everything itself.
    const bool is_noted = run->former_callback == on_certificate_of_ssl;
    if (is_noted) return former == nullptr ? ok : former(ok, context);
    const int answer = ask_and_note(*run, ok, context);
    const bool at_leaf = context == outer && X509_STORE_CTX_get_error_depth(context) == 0;
    if (ok != 0 && answer != 0 && at_leaf) note_what_the_run_was_spared(*run, outer);
    if (at_leaf || !run->errors.empty()) keep(*run, outer, ok != 0 && at_leaf);
    return answer;
  } catch (...) {
    return 0;
  }
}

}  // namespace

SSL_verify_cb application_callback(const SSL* ssl) {
  const VerifyCallback present = SSL_get_verify_callback(ssl);
  if (present != on_certificate_of_ssl) return present;
  const Attachment* attached = find_attachment(ssl);
  return attached == nullptr ? nullptr : attached->former_callback;
}

std::shared_ptr<const VerificationRecord> handshake_record(const SSL* ssl) {
  const Attachment* attached = find_attachment(ssl);
  if (attached == nullptr || attached->client_random != client_random(ssl)) return nullptr;
  return attached->record;
}

bool has_another_store(const SSL* ssl) noexcept {
  const Attachment* attached = find_attachment(ssl);
  return attached != nullptr && attached->store.get() != verify_store(ssl);
}

std::optional<VerificationRecord> session_record(const SSL* ssl) {
  SSL_SESSION* session = SSL_get_session(ssl);
  const X509* leaf = SSL_get0_peer_certificate(ssl);
  void* data = nullptr;
  std::size_t len = 0;
  if (session == nullptr || leaf == nullptr ||
      SSL_SESSION_get0_ticket_appdata(session, &data, &len) != 1 || len == 0) {
    return std::nullopt;
  }
  auto record = parse_record({static_cast<const std::uint8_t*>(data), len});
  if (record && record->leaf != crypto::sha256(to_der(leaf))) return std::nullopt;
  return record;
}

void record_in_tickets(SSL_CTX* ctx) noexcept {
  SSL_CTX_set_session_ticket_cb(ctx, on_new_ticket, nullptr, nullptr);
}

void capture_verification(ssl_ctx_st* ctx) noexcept {
  SSL_CTX_set_cert_verify_callback(ctx, verify_and_keep, nullptr);
}

void require_verified_peers(ssl_ctx_st* ctx) noexcept {
  constexpr int kBothRequired = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(ctx, SSL_CTX_get_verify_mode(ctx) | kBothRequired,
                     SSL_CTX_get_verify_callback(ctx));
  capture_verification(ctx);
}

void capture_verification(ssl_st* ssl) noexcept {
  const VerifyCallback former = SSL_get_verify_callback(ssl);
  if (former == on_certificate_of_ssl) return;
  try {
    attachment_of(ssl).former_callback = former;
  } catch (...) {
    return;
  }
  SSL_set_verify(ssl, SSL_get_verify_mode(ssl), on_certificate_of_ssl);
}

}  // namespace peercert::ssl
