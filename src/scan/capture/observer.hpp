// SPDX-License-Identifier: Apache-2.0
// A client that looks at servers: it accepts whatever they present, and says what is to be said of
// it. Nothing that was learned here may grant anything; peer_identity() is for that.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/ocsp_staple.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/x509/certificate.hpp>

#include "ssl/connection/handshake_cost.hpp"
#include "ssl/connection/outcome.hpp"

namespace peercert::ssl {

class IssuerCache;

/// How far a connection goes.
enum class ObserverMode : std::uint8_t {
  verify,        // the whole handshake; the chain is validated
  no_verify,     // the whole handshake; the chain is not looked at
  present_only,  // until the server's Certificate message, RFC 8446, 4.4.2: nothing is proven
};

/// What a connection has shown so far.
struct Observation {
  bool handshake_done = false;
  std::string protocol{}, cipher{}, group{}, alpn{};  // empty: not agreed on yet
  Verdict verdict = Verdict::absent;
  VerifyError error{};       // the first objection; its code is 0 if there is none
  std::vector<Der> chain{};  // byte by byte as they came, also if OpenSSL refuses them
  std::size_t num_sent = 0;  // certificates; chain has the first tls::kMaxCertificates of them
  std::size_t num_unreadable = 0;     // of chain: what is no certificate
  std::vector<Der> verified_chain{};  // up to the trust anchor; empty unless verified
};

/// What connections of one kind share.
class ObserverContext {
 public:
  /// `configure` is told to set versions, trust anchors, a client's certificate and the like. It is
  /// called for each library context: a lean one (lean_library_context.hpp), and OpenSSL's default
  /// for the servers that need more. Its exceptions pass.
  template <class Configure>
  ObserverContext(ObserverMode mode, Configure configure) : ObserverContext(mode) {
    configure(lean_);
    configure(full_);
  }

  ObserverMode mode() const noexcept { return mode_; }
  const SSLContext& lean() const noexcept { return lean_; }
  const SSLContext& full() const noexcept { return full_; }
  /// Without decoders of keys, for messages that are too costly. Not configured.
  const SSLContext& refusing() const noexcept { return refusing_; }
  /// What the lean context's connections have found out.
  IssuerCache& issuers() const noexcept { return *issuers_; }

 private:
  explicit ObserverContext(ObserverMode mode);

  ObserverMode mode_;
  SSLContext lean_, full_, refusing_;
  std::shared_ptr<IssuerCache> issuers_;
};

class Observer {
 public:
  Observer() noexcept;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  ~Observer();

  /// Begins a connection over the descriptor, which it does not own: non-blocking, connected.
  /// `server_name` is sent as SNI and compared with the certificate; empty: neither.
  Outcome open(const ObserverContext& context, bool lean, int fd,
               const std::string& server_name) noexcept;
  /// Goes on until it has to wait (want_read, want_write), or is through, which is Status::ok also
  /// where the mode ends it before the handshake is done. Waits from `deadline` on, too.
  Outcome do_handshake(std::chrono::steady_clock::time_point deadline) noexcept;
  /// Says goodbye if that takes no waiting.
  void shutdown() noexcept;
  /// Frees what the connection took.
  void reset() noexcept;

  /// Whether there is a connection: open() went well, and reset() was not called.
  bool is_open() const noexcept { return state_ != nullptr; }
  /// Whether what became of this connection may be due to what the lean context lacks. So may be
  /// that a server closes or resets it before its ServerHello.
  bool may_need_more(const Outcome& outcome) const noexcept;
  /// What the handshake was ended for, if it was too costly to go on with.
  ExcessiveCost excessive_cost() const noexcept;
  /// Whether anything that came was a record of TLS's.
  bool has_seen_tls() const noexcept;
  Observation observation() const;
  /// As of ssl::ocsp_staple(), where the context requests one.
  OcspStaple ocsp_staple() const;

  struct State;  // of the library's sources alone

 private:
  std::unique_ptr<State> state_;
};

/// Whether the failure is a fatal alert of the peer's.
bool is_alert(const Outcome& outcome) noexcept;

}  // namespace peercert::ssl
