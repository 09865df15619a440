// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/probe.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <asio/error.hpp>
#include <asio/ip/address.hpp>

#include <peercert/ssl/ocsp_staple.hpp>

#include "scan/loop/connect.hpp"
#include "scan/loop/start_tls_conversation.hpp"
#include "scan/loop/wait.hpp"
#include "ssl/connection/outcome.hpp"

namespace peercert::scan {
namespace {

using asio::ip::tcp;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// How long one connection may keep an event loop busy before the others have their turn.
constexpr milliseconds kTurn{20};
// Bytes of certificates that the records of one target may hold before no more addresses and mail
// hosts of it are looked at: all of them are in memory until the last is done.
constexpr std::size_t kMaxCertificatesLen = std::size_t{4} << 20U;

ssl::ObserverMode observer_mode(ScanMode mode) noexcept {
  switch (mode) {
    case ScanMode::verify: return ssl::ObserverMode::verify;
    case ScanMode::no_verify: return ssl::ObserverMode::no_verify;
    case ScanMode::present_only: return ssl::ObserverMode::present_only;
  }
  return ssl::ObserverMode::verify;
}

bool permits(const Networks& networks, const asio::ip::address& address) {
  if (address.is_v4()) return networks.permits(address.to_v4().to_bytes());
  return networks.permits(address.to_v6().to_bytes());
}

bool is_address(const std::string& host) {
  std::error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

/// What the certificate may say: without the zone of an IPv6 address, RFC 4007, 11.
std::string without_zone(const std::string& host) { return host.substr(0, host.find('%')); }

/// Measures a phase from here to its end.
class Stopwatch {
 public:
  explicit Stopwatch(std::optional<PhaseTimes::Duration>& into) : into_(into) {}
  ~Stopwatch() { into_ = duration_cast<microseconds>(Clock::now() - begin_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::optional<PhaseTimes::Duration>& into_;
  Clock::time_point begin_ = Clock::now();
};

/// Runs the handshake within the slot's phase.
asio::awaitable<ssl::Outcome> shake_hands(Slot& slot) {
  for (;;) {
    const ssl::Outcome outcome =
        slot.observer.do_handshake(std::min(slot.wait.deadline(), Clock::now() + kTurn));
    const bool reading = outcome.status == ssl::Status::want_read;
    if (!reading && outcome.status != ssl::Status::want_write) co_return outcome;
    const std::error_code error = reading ? co_await slot.wait.readable(slot.socket)
                                          : co_await slot.wait.writable(slot.socket);
    // What is wrong with the socket is what the next call meets.
    if (error == asio::error::operation_aborted) co_return outcome;
  }
}

ErrorClass class_of(const ssl::Outcome& outcome, const ssl::Observer& observer) noexcept {
  if (observer.excessive_cost()) return ErrorClass::too_costly;
  switch (outcome.status) {
    case ssl::Status::want_read:
    case ssl::Status::want_write: return ErrorClass::timeout;
    case ssl::Status::zero_return:
    case ssl::Status::eof: return ErrorClass::closed;
    case ssl::Status::syscall:
      return outcome.system_errno == ENOMEM ? ErrorClass::internal : ErrorClass::reset;
    case ssl::Status::ok:
    case ssl::Status::error: break;
  }
  if (ssl::is_alert(outcome)) return ErrorClass::alert;
  const bool is_ours = !observer.is_open();  // nothing was sent or received
  return is_ours || observer.has_seen_tls() ? ErrorClass::tls : ErrorClass::not_tls;
}

std::string message_of(const ssl::Outcome& outcome, const ssl::Observer& observer,
                       ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::too_costly: return to_string(observer.excessive_cost());
    case ErrorClass::timeout: return "the handshake was not done in time";
    case ErrorClass::closed: return "the peer closed the connection during the handshake";
    case ErrorClass::reset:
    case ErrorClass::internal: return std::generic_category().message(outcome.system_errno);
    case ErrorClass::not_tls:
      return "what the peer sent is not TLS: " + ssl::sentence_of(outcome.error);
    default: return ssl::sentence_of(outcome.error);
  }
}

void take_observation(Record& record, const ssl::Observer& observer) {
  ssl::Observation seen = observer.observation();
  record.handshake_done = seen.handshake_done;
  record.protocol = std::move(seen.protocol);
  record.cipher = std::move(seen.cipher);
  record.group = std::move(seen.group);
  record.alpn = std::move(seen.alpn);
  record.validation = {seen.verdict, seen.error.code, seen.error.depth,
                       std::move(seen.error.message)};
  record.chain = std::move(seen.chain);
  record.num_sent = seen.num_sent;
  record.num_unreadable = seen.num_unreadable;
  record.verified_chain = std::move(seen.verified_chain);
}

/// Whether the same may go better another time.
bool may_pass(const Record& record) noexcept {
  if (!record.failure || !record.chain.empty()) return false;
  switch (record.failure->error_class) {
    case ErrorClass::unreachable:
    case ErrorClass::timeout:
    case ErrorClass::reset:
    case ErrorClass::closed:
    case ErrorClass::internal: return true;
    default: return false;
  }
}

/// The work on one target.
class Probe {
 public:
  Probe(const ProbeEnvironment& environment, Slot& slot, const Target& target)
      : environment_(environment),
        options_(environment.options),
        slot_(slot),
        target_(target),
        budget_(environment.options.limits.total) {}

  /// None if the scan ended before the target could be looked at.
  std::vector<Record> records() {
    return is_dismissed_ ? std::vector<Record>() : std::move(records_);
  }

  asio::awaitable<void> look_at_mail_hosts() {
    slot_.wait.set_deadline(deadline(options_.limits.dns));
    auto lookup = co_await environment_.resolver.mail_hosts(target_.host, slot_.wait);
    for (const std::string& host : lookup.answers) {
      if (!goes_on()) co_return;
      co_await look_at_host(host);
    }
    if (lookup.answers.empty()) report_unresolved(target_.host, lookup.error, lookup.timed_out);
  }

  asio::awaitable<void> look_at_host(const std::string& host) {
    std::optional<PhaseTimes::Duration> dns_time;
    std::vector<tcp::endpoint> endpoints = co_await endpoints_of(host, dns_time);
    if (endpoints.empty()) co_return;
    if (!options_.all_addresses) {
      co_await look_at(host, std::move(endpoints), dns_time);
      co_return;
    }
    for (const tcp::endpoint& endpoint : endpoints) {
      if (!goes_on()) co_return;
      co_await look_at(host, std::vector(1, endpoint), dns_time);
    }
  }

 private:
  Clock::time_point deadline(PhaseLimits::Duration limit) const { return budget_.deadline(limit); }
  /// Whether there may be another record.
  bool goes_on() const noexcept {
    return !is_dismissed_ && certificates_len_ < kMaxCertificatesLen;
  }

  Record new_record(const std::string& host) const {
    Record record;
    record.target = target_;
    record.time = std::chrono::time_point_cast<milliseconds>(begun_at_);
    record.host = host;
    return record;
  }

  void report(Record record) {
    record.times.total = duration_cast<microseconds>(Clock::now() - begin_);
    for (const Der& certificate : record.chain) certificates_len_ += certificate.size();
    for (const Der& certificate : record.verified_chain) certificates_len_ += certificate.size();
    records_.push_back(std::move(record));
  }

  void report_unresolved(const std::string& host, std::string why, bool timed_out) {
    Record record = new_record(host);
    record.times.dns = duration_cast<microseconds>(Clock::now() - begin_);
    if (timed_out && budget_.is_spent()) why = "the time that the target has in all is over";
    record.failure = {timed_out ? ErrorClass::timeout : ErrorClass::resolve, Phase::dns,
                      std::move(why)};
    report(std::move(record));
  }

  void report_denied(const std::string& host, const asio::ip::address& address,
                     std::optional<PhaseTimes::Duration> dns_time) {
    Record record = new_record(host);
    record.times.dns = dns_time;
    record.failure = {ErrorClass::denied, Phase::connect,
                      address.to_string() + " is in a network that is not to be scanned"};
    report(std::move(record));
  }

  /// Where a host may be looked at, at most ScanOptions::max_addresses. Nowhere: the record that
  /// says why is made.
  asio::awaitable<std::vector<tcp::endpoint>> endpoints_of(
      const std::string& host, std::optional<PhaseTimes::Duration>& dns_time) {
    std::vector<tcp::endpoint> endpoints;
    Lookup<asio::ip::address> lookup;
    {
      const Stopwatch watch(dns_time);
      slot_.wait.set_deadline(deadline(options_.limits.dns));
      lookup = co_await environment_.resolver.addresses(host, slot_.wait);
    }
    if (is_address(host)) dns_time.reset();  // nobody was asked
    for (const asio::ip::address& address : lookup.answers) {
      if (endpoints.size() == options_.max_addresses) break;
      if (permits(environment_.networks, address)) endpoints.emplace_back(address, target_.port);
    }
    if (lookup.answers.empty()) {
      report_unresolved(host, std::move(lookup.error), lookup.timed_out);
    } else if (endpoints.empty()) {
      report_denied(host, lookup.answers.front(), dns_time);
    }
    co_return endpoints;
  }

  /// One record, of the last of the attempts.
  asio::awaitable<void> look_at(const std::string& host, std::vector<tcp::endpoint> endpoints,
                                std::optional<PhaseTimes::Duration> dns_time) {
    milliseconds pause = options_.backoff;
    for (unsigned attempt = 1;; ++attempt) {
      Record record = new_record(host);
      record.times.dns = dns_time;
      record.attempts = attempt;
      co_await attempt_once(record, endpoints);
      slot_.reset();
      if (is_dismissed_) co_return;
      const bool again =
          attempt <= options_.retries && may_pass(record) && Clock::now() + pause < budget_.end();
      if (!again) {
        report(std::move(record));
        co_return;
      }
      slot_.wait.set_deadline(budget_.end());
      co_await slot_.wait.until(Clock::now() + pause);
      pause *= 2;
    }
  }

  /// With the lean context; and where that may be why it failed, once more with the full one.
  asio::awaitable<void> attempt_once(Record& record, const std::vector<tcp::endpoint>& endpoints) {
    constexpr bool kLean = true;
    if (!co_await reach_tls(record, endpoints)) co_return;
    if (co_await handshake_phase(record, kLean)) co_return;
    slot_.reset();
    const auto full = std::make_unique<Record>(new_record(record.host));
    full->times.dns = record.times.dns;
    full->attempts = record.attempts;
    if (co_await reach_tls(*full, endpoints)) co_await handshake_phase(*full, !kLean);
    // A certificate that was seen is not lost because the second connection came less far.
    if (!full->chain.empty() || record.chain.empty()) record = std::move(*full);
  }

  /// False, and the record says why, if the peer does not get as far as TLS.
  asio::awaitable<bool> reach_tls(Record& record, const std::vector<tcp::endpoint>& endpoints) {
    if (!co_await connect_phase(record, endpoints)) co_return false;
    const StartTls protocol = target_.start_tls == StartTls::automatic
                                  ? start_tls_of_port(target_.port)
                                  : target_.start_tls;
    if (protocol == StartTls::none) co_return true;
    record.failure = co_await start_tls_phase(record, protocol);
    co_return !record.failure;
  }

  asio::awaitable<bool> connect_phase(Record& record, const std::vector<tcp::endpoint>& endpoints) {
    const Clock::time_point begin = Clock::now(), end = budget_.end();
    tcp::endpoint endpoint;
    const ConnectError error = co_await connect(slot_, environment_.limits, budget_,
                                                options_.limits.connect, endpoints, endpoint);
    const auto waited_for_place = budget_.end() - end;
    record.times.connect = duration_cast<microseconds>(Clock::now() - begin - waited_for_place);
    record.address = endpoint.address().to_string();
    is_dismissed_ = error.is_dismissed;
    if (!error) co_return true;
    record.failure = {class_of_connect_error(error.code), Phase::connect,
                      message_of_connect_error(error.code)};
    co_return false;
  }

  asio::awaitable<std::optional<Failure>> start_tls_phase(Record& record, StartTls protocol) {
    const Stopwatch watch(record.times.start_tls);
    slot_.wait.set_deadline(deadline(options_.limits.start_tls));
    co_return co_await start_tls(protocol, slot_.wait, slot_.socket, record.host);
  }

  /// False if the full context may do better.
  asio::awaitable<bool> handshake_phase(Record& record, bool lean) {
    const Stopwatch watch(record.times.handshake);
    const std::string name = without_zone(target_.reference_name());
    if (!is_address(name)) record.server_name = name;
    slot_.wait.set_deadline(deadline(options_.limits.handshake));
    ssl::Outcome outcome =
        slot_.observer.open(environment_.tls, lean, slot_.socket.native_handle(), name);
    if (outcome) outcome = co_await shake_hands(slot_);
    const bool is_settled = !lean || !slot_.observer.may_need_more(outcome);
    take_observation(record, slot_.observer);
    if (outcome) {
      if (options_.tls.ocsp_staple) {
        record.staple = std::make_shared<ssl::OcspStaple>(slot_.observer.ocsp_staple());
      }
      slot_.observer.shutdown();
    } else {
      const ErrorClass error_class = class_of(outcome, slot_.observer);
      record.failure = {error_class, Phase::handshake,
                        message_of(outcome, slot_.observer, error_class)};
    }
    co_return is_settled;
  }

  const ProbeEnvironment& environment_;
  const ScanOptions& options_;
  Slot& slot_;
  const Target& target_;
  const Clock::time_point begin_ = Clock::now();
  const std::chrono::system_clock::time_point begun_at_ = std::chrono::system_clock::now();
  TimeBudget budget_;
  std::vector<Record> records_{};
  std::size_t certificates_len_ = 0;  // bytes, of all records
  bool is_dismissed_ = false;         // no place was left to wait for
};

}  // namespace

asio::awaitable<std::vector<Record>> probe(const ProbeEnvironment& environment, Slot& slot,
                                           const Target& target) {
  Probe probe(environment, slot, target);
  if (environment.options.mail_hosts) {
    co_await probe.look_at_mail_hosts();
  } else {
    co_await probe.look_at_host(target.host);
  }
  co_return probe.records();
}

ssl::ObserverContext make_observer_context(const ScanOptions& options) {
  const TlsOptions& tls = options.tls;
  return {observer_mode(options.mode), [&](ssl::SSLContext& context) {
            const ssl::VerifyLocations& trust = tls.trust;
            const bool is_given =
                !trust.cafile.empty() || !trust.capath.empty() || !trust.cadata.empty();
            if (is_given) {
              context.load_verify_locations(trust);
            } else if (options.mode == ScanMode::verify) {
              context.load_default_certs();
            }
            if (tls.minimum_version) context.set_minimum_version(*tls.minimum_version);
            if (tls.maximum_version) context.set_maximum_version(*tls.maximum_version);
            if (!tls.alpn.empty()) context.set_alpn_protocols(tls.alpn);
            if (tls.ocsp_staple) ssl::request_ocsp_staple(context.native_handle());
            if (!tls.certificate.empty()) {
              context.load_cert_chain(tls.certificate, tls.key, tls.password);
            }
          }};
}

}  // namespace peercert::scan
