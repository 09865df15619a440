// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <openssl/ssl.h>

#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "crypto/error_queue.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "ssl/identity/verify_again.hpp"
#include "ssl/identity/verify_capture.hpp"
#include "ssl/identity/verify_policy.hpp"
#include "ssl/identity/watch.hpp"
#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

namespace {

/// All that there is to tell of a peer.
struct Findings {
  Verdict verdict = Verdict::absent;
  std::string reason{};
  std::optional<Der> leaf{};
  std::optional<std::vector<Der>> sent{}, built{};
  std::vector<VerifyError> errors{};
  std::string name{};
};

/// Also after an error in a connection whose handshake had been done, where SSL_is_init_finished()
/// says no: what the handshake has proven stays true.
bool is_handshake_done(const SSL* ssl) { return SSL_get_state(ssl) == TLS_ST_OK; }

bool requires_verification(const SSL* ssl) {
  return (SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) != 0;
}

std::string error_text(const VerifyError& error) {
  std::string text = error.message + " (" + std::to_string(error.code) + ") at depth " +
                     std::to_string(error.depth);
  if (!error.subject.empty()) text += ", " + error.subject;
  return text;
}

/// What the verification objected to; `otherwise` if it said nothing.
std::string first_error(const std::vector<VerifyError>& errors, const char* otherwise) {
  return errors.empty() ? otherwise : error_text(errors.front());
}

std::optional<std::string> to_optional(const std::string& name) {
  return name.empty() ? std::nullopt : std::optional(name);
}

std::string name_text(const std::string& name) {
  return name.empty() ? "no name was asked for" : "the certificate names " + name;
}

/// Whether the moment for which the policy verifies lies within the record's time.
bool is_valid_now(const VerificationRecord& record, const VerifyPolicy& policy) {
  if ((policy.flags & X509_V_FLAG_NO_CHECK_TIME) != 0) return true;
  const std::int64_t now = check_time(policy);
  return record.not_before <= now && now <= record.not_after;
}

/// Why the record does not stand for a verified peer; empty if it does. Holds for a handshake and
/// for a session.
std::string objection(const VerificationRecord& record) {
  if (!record.required) {
    return "verification was not required; " + first_error(record.errors, "it found no error");
  }
  if (!record.passed) {
    return "accepted in spite of: " + first_error(record.errors, "an error that was not recorded");
  }
  const std::string check = replaced_check(record.policy);
  if (check.empty()) return {};
  return "the X509_STORE's own " + check + "() may have overridden errors";
}

/// The same for a session that was resumed, given what the connection asks for now. Whatever it
/// asks differently has not been checked.
std::string resumption_objection(const SSL* ssl, const X509* leaf,
                                 const VerificationRecord& record) {
  const std::string found = objection(record);
  if (!found.empty()) return "the session was made when: " + found;
  if (!requires_verification(ssl)) return "verification is not required";
  const VerifyPolicy asked = verify_policy(ssl);
  const std::string other = difference(record.policy, asked);
  if (!other.empty()) return "the session was verified under " + other;
  std::string unknown = incomparable(asked);
  if (!unknown.empty()) return unknown;
  if (!is_valid_now(record, asked)) {
    return "a certificate or CRL of the chain is not valid any more";
  }
  const StoreAnswer answer = ask_store(ssl, leaf, record.issuers, asked.flags, check_time(asked));
  if (answer.digest != record.trust) return "this connection has other trust anchors or CRLs";
  return {};
}

/// What the connection asks for now and did not ask for in its handshake. What came into its store
/// or went since then does not matter.
std::string late_objection(const SSL* ssl, const VerificationRecord& record) {
  if (!requires_verification(ssl)) return "verification is not required any more";
  if (has_another_store(ssl)) return "asked for too late: the handshake had other trust anchors";
  const std::string other = difference(record.policy, verify_policy(ssl));
  return other.empty() ? other : "asked for too late: the handshake was verified under " + other;
}

/// SSL_set_verify_result() may have been used to take the verdict back.
std::string revoked_result(const SSL* ssl) {
  const long code = SSL_get_verify_result(ssl);
  return code == X509_V_OK ? std::string() : X509_verify_cert_error_string(code);
}

Findings take(VerificationRecord record) {
  Findings found;
  found.sent = std::move(record.sent);
  found.built = std::move(record.built);
  found.errors = std::move(record.errors);
  found.name = std::move(record.name);
  return found;
}

void conclude(Findings& found, std::string objection) {
  found.verdict = objection.empty() ? Verdict::verified : Verdict::unverified;
  found.reason = objection.empty() ? name_text(found.name) : std::move(objection);
}

Findings from_handshake(const SSL* ssl, const VerificationRecord& record) {
  Findings found = take(record);
  found.leaf = found.sent->front();
  if (is_handshake_done(ssl)) {
    std::string why_not = objection(record);
    if (why_not.empty()) why_not = late_objection(ssl, record);
    if (why_not.empty()) why_not = revoked_result(ssl);
    conclude(found, std::move(why_not));
  } else if (record.required && !record.passed) {
    found.verdict = Verdict::failed;
    found.reason = first_error(found.errors, "verification could not be done");
  } else {
    conclude(found, "the handshake is not done");
  }
  return found;
}

Findings from_session(const SSL* ssl, const X509* leaf) {
  std::optional<VerificationRecord> record = session_record(ssl);
  std::string why_not = record ? resumption_objection(ssl, leaf, *record)
                               : "the session has no record of its verification";
  if (why_not.empty() && !is_handshake_done(ssl)) why_not = "the handshake is not done";
  if (why_not.empty()) why_not = revoked_result(ssl);
  Findings found = record ? take(*std::move(record)) : Findings();
  found.leaf = to_der(leaf);
  conclude(found, std::move(why_not));
  return found;
}

/// Why the SSL by itself does not prove that its peer was verified; empty if it does.
std::string unproven(const SSL* ssl) {
  if (!is_handshake_done(ssl)) return "the handshake is not done";
  if (!requires_verification(ssl)) {
    const std::string result = revoked_result(ssl);
    return "verification was not required; " + (result.empty() ? "it found no error" : result);
  }
  std::string result = revoked_result(ssl);
  if (!result.empty()) return "accepted in spite of: " + result;
  if (SSL_get0_verified_chain(ssl) == nullptr) return "verification has built no chain";
  return unproven_by(ssl);
}

/// What is known without a record.
Findings from_ssl_alone(const SSL* ssl) {
  Findings found;
  found.sent = get_unverified_chain(ssl);
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  if (leaf != nullptr) {
    found.leaf = to_der(leaf);
  } else if (!is_handshake_done(ssl) && !found.sent->empty()) {
    found.leaf = found.sent->front();
  } else {
    found.reason = is_handshake_done(ssl) ? "the peer sent none" : "the handshake is not done";
    return found;
  }
  found.built = get_verified_chain(ssl);
  const VerifyResult result = get_verify_result(ssl);
  const int code = static_cast<int>(result.code);
  if (code != X509_V_OK) found.errors.push_back({code, -1, result.message});
  if (!is_handshake_done(ssl) && requires_verification(ssl) && code != X509_V_OK) {
    found.verdict = Verdict::failed;
    found.reason = result.message;
  } else {
    std::string why_not = unproven(ssl);
    if (why_not.empty()) found.name = checked_name(leaf, verify_policy(ssl));
    conclude(found, std::move(why_not));
  }
  return found;
}

constexpr const char* kReplaced = "the session was replaced: it is not that of the handshake";

/// Whether the handshake's own state is gone, although it is done: SSL_set_session() clears it
/// where the version was negotiated.
bool is_cleared(const SSL* ssl) {
  std::array<unsigned char, SSL3_RANDOM_SIZE> random{};
  SSL_get_client_random(ssl, random.data(), random.size());
  return is_handshake_done(ssl) && random == decltype(random){};
}

/// SSL_set_session() and SSL_copy_session_id() replace what OpenSSL says of the peer. Of whom the
/// handshake verified, the record tells, if there is one.
Findings from_another_session(const VerificationRecord* record) {
  Findings found = record != nullptr ? take(*record) : Findings();
  if (found.sent && !found.sent->empty()) found.leaf = found.sent->front();
  conclude(found, kReplaced);
  return found;
}

Findings find(const SSL* ssl) {
  if (is_cleared(ssl)) return from_another_session(nullptr);
  const X509* leaf = SSL_get0_peer_certificate(ssl);
  if (const auto record = handshake_record(ssl)) {
    // The certificate of an SSL that is used again is another one, or none.
    const bool is_other =
        is_handshake_done(ssl) && (leaf == nullptr || crypto::sha256(to_der(leaf)) != record->leaf);
    if (!is_other) return from_handshake(ssl, *record);
    if (leaf != nullptr && SSL_session_reused(ssl) != 1) {
      return from_another_session(record.get());
    }
  }
  if (leaf != nullptr && SSL_session_reused(ssl) == 1) return from_session(ssl, leaf);
  return from_ssl_alone(ssl);
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::absent: return "absent";
    case Verdict::unverified: return "unverified";
    case Verdict::failed: return "failed";
    case Verdict::verified: return "verified";
  }
  return {};
}

struct VerifiedPeer::State {
  Certificate certificate;
  std::optional<std::vector<Der>> chain;
  std::optional<std::string> name;  // not empty
};

VerifiedPeer::VerifiedPeer(std::shared_ptr<const State> state) noexcept
    : state_(std::move(state)) {}
Certificate VerifiedPeer::certificate() const noexcept { return state_->certificate; }
std::optional<std::vector<Der>> VerifiedPeer::chain() const { return state_->chain; }
std::optional<std::string> VerifiedPeer::name() const { return state_->name; }
PeerSpiffeId VerifiedPeer::spiffe_id() const {
  const auto [id, defect] = peercert::spiffe_id(state_->certificate.view());
  return {{std::string(id.uri), std::string(id.trust_domain), std::string(id.path)}, defect};
}

bool VerifiedPeer::matches_pin(const PinSet& pins) const {
  return ssl::matches_pin(state_->certificate.view(), pins);
}

struct PeerIdentity::State {
  State(Findings findings, bool is_resumed) : found(std::move(findings)), resumed(is_resumed) {
    if (found.leaf) decode(*found.leaf);
    if (found.verdict == Verdict::verified) {
      verified = VerifiedPeer(std::make_shared<const VerifiedPeer::State>(
          VerifiedPeer::State{*certificate, std::move(found.built), to_optional(found.name)}));
    }
  }
  void decode(const Der& leaf) {
    Result<Certificate> decoded = Certificate::from_der(leaf);
    if (decoded) {
      certificate = *std::move(decoded);
    } else if (found.verdict != Verdict::failed) {
      conclude(found, "its certificate cannot be decoded: " + peercert::to_string(decoded.error()));
    }
  }

  Findings found;
  bool resumed;
  std::optional<Certificate> certificate{};
  std::optional<VerifiedPeer> verified{};
};

PeerIdentity::PeerIdentity(std::shared_ptr<const State> state) noexcept
    : state_(std::move(state)) {}
Verdict PeerIdentity::verdict() const noexcept { return state_->found.verdict; }
bool PeerIdentity::resumed() const noexcept { return state_->resumed; }
const Certificate* PeerIdentity::certificate() const& noexcept {
  return state_->certificate ? &*state_->certificate : nullptr;
}
const std::optional<std::vector<Der>>& PeerIdentity::chain_sent() const& noexcept {
  return state_->found.sent;
}
const std::vector<VerifyError>& PeerIdentity::errors() const& noexcept {
  return state_->found.errors;
}
std::optional<VerifiedPeer> PeerIdentity::verified() const noexcept { return state_->verified; }
const std::string& PeerIdentity::reason() const& noexcept { return state_->found.reason; }

std::string PeerIdentity::to_string() const {
  std::string line(ssl::to_string(verdict()));
  if (resumed()) line += ", resumed";
  if (certificate() != nullptr) {
    line += ": " + subject_text(certificate()->view());
  }
  return line + ": " + reason();
}

std::string resumption_objection(const SSL* ssl) {
  const std::optional<VerificationRecord> record = session_record(ssl);
  if (!record) return "the session has no record";
  return resumption_objection(ssl, SSL_get0_peer_certificate(ssl), *record);
}

PeerIdentity peer_identity(const ssl_st* ssl) {
  const DroppedErrors guard;
  return PeerIdentity(
      std::make_shared<const PeerIdentity::State>(find(ssl), SSL_session_reused(ssl) == 1));
}

}  // namespace peercert::ssl
