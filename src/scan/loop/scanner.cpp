// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <peercert/scan/scanner.hpp>
#include <peercert/ssl/error.hpp>

#include "base/start_without_signals.hpp"
#include "scan/loop/descriptors.hpp"
#include "scan/loop/flight_limits.hpp"
#include "scan/loop/probe.hpp"
#include "scan/loop/rate_limiter.hpp"

namespace peercert::scan {
namespace {

// Of all that may be in flight this part ends before the next are begun together: waking the thread
// that begins them for each one would cost more than the scan gains.
constexpr std::size_t kShareThatIsAwaited = 16;

// What an event loop opens besides its connections: Asio's three, and for a moment the hosts file,
// a socket by which addresses are sorted, a file of trust anchors.
constexpr std::size_t kLoopDescriptors = 6;
// Its sockets to each name server, over UDP and TCP; and how many the system may name.
constexpr std::size_t kServerDescriptors = 2, kSystemNameServers = 3;

// What may be added to a time without leaving the clock's range.
constexpr std::chrono::hours kMaxWait{24 * 365};

int age_order(ssl::TLSVersion version) noexcept {
  const bool is_newest = version == ssl::TLSVersion::maximum_supported;
  return is_newest ? std::numeric_limits<int>::max() : static_cast<int>(version);
}

/// The options as the threads can use them. Throws ssl::ValueError for those that contradict each
/// other.
ScanOptions checked(ScanOptions options) {
  const TlsOptions& tls = options.tls;
  if (tls.minimum_version && tls.maximum_version &&
      age_order(*tls.minimum_version) > age_order(*tls.maximum_version)) {
    throw ssl::ValueError("the minimum TLS version is newer than the maximum");
  }
  if (tls.certificate.empty() && !tls.key.empty()) {
    throw ssl::ValueError("a key needs the certificate that it belongs to");
  }
  PhaseLimits& limits = options.limits;
  for (auto* wait : {&limits.dns, &limits.connect, &limits.start_tls, &limits.handshake,
                     &limits.total, &options.backoff}) {
    *wait = std::clamp<PhaseLimits::Duration>(*wait, {}, kMaxWait);
  }
  options.max_addresses = std::clamp<std::size_t>(options.max_addresses, 1, kMaxAddresses);
  return options;
}

/// How many sockets of connections the process has descriptors for. Throws std::runtime_error if
/// there is none.
std::size_t num_connection_descriptors(const ScanOptions& options, std::size_t num_loops) {
  const std::size_t num_servers = std::max(options.resolver.servers.size(), kSystemNameServers);
  const std::size_t reserved = options.reserved_descriptors +
                               num_loops * (kLoopDescriptors + kServerDescriptors * num_servers);
  const std::size_t num_free = num_free_descriptors();
  if (num_free > reserved) return num_free - reserved;
  throw std::runtime_error("no file descriptor is left for a connection: raise 'ulimit -n' by " +
                           std::to_string(reserved - num_free + 1) + " at least");
}

/// What the threads of a scan tell each other.
class Traffic {
 public:
  explicit Traffic(std::size_t concurrency)
      : concurrency_(concurrency),
        room_again_(concurrency - concurrency / kShareThatIsAwaited - 1) {}

  /// Waits for room for one more target, which stays until the only thread that waits for it enters
  /// one. False once there is nothing to wait for.
  bool wait_for_room() {
    std::unique_lock lock(mutex_);
    if (in_flight_ == concurrency_) {
      changed_.wait(lock, [&] { return ending_ || in_flight_ <= room_again_; });
    }
    return !ending_;
  }
  void enter() {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    if (in_flight_ == room_again_ || in_flight_ == 0) changed_.notify_all();
  }

  /// Waits until all have left, or need not.
  void drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return abandoned_ || in_flight_ == 0; });
  }

  /// Waits until a moment or the end.
  void sleep_until(Clock::time_point moment) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, moment, [&] { return ending_; });
  }

  void end() noexcept {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  void abandon(std::exception_ptr reason = nullptr) noexcept {
    const std::lock_guard lock(mutex_);
    if (!reason_) reason_ = std::move(reason);
    ending_ = abandoned_ = true;
    changed_.notify_all();
  }

  std::size_t in_flight() const {
    const std::lock_guard lock(mutex_);
    return in_flight_;
  }
  void rethrow() const {
    const std::lock_guard lock(mutex_);
    if (reason_) std::rethrow_exception(reason_);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const std::size_t concurrency_;
  const std::size_t room_again_;  // so few are in flight when the next are let in
  std::size_t in_flight_ = 0;
  bool ending_ = false, abandoned_ = false;
  std::exception_ptr reason_;
};

/// A thread that runs connections.
class EventLoop {
 public:
  EventLoop(const ScanOptions& options, const ssl::ObserverContext& tls, const Networks& networks,
            FlightLimits& limits)
      : resolver_(loop_, options.resolver),
        environment_{options, tls, networks, limits, resolver_} {}
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop() { join(); }

  void start() {
    thread_ = start_without_signals([this] { loop_.run(); });
  }
  /// Ends the loop although connections may be in flight.
  void stop() { loop_.stop(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  /// How many targets it has been given and is not done with. From any thread.
  std::size_t load() const noexcept { return load_.load(std::memory_order_relaxed); }

  /// Has the loop look at a target. From any thread.
  void submit(Target target, const Deliver& deliver, Traffic& traffic) {
    load_.fetch_add(1, std::memory_order_relaxed);
    asio::co_spawn(loop_, look_at(std::move(target), deliver),
                   [this, &traffic](const std::exception_ptr& error) {
                     load_.fetch_sub(1, std::memory_order_relaxed);
                     if (error) traffic.abandon(error);
                     traffic.leave();
                   });
  }

 private:
  asio::awaitable<void> look_at(Target target, const Deliver& deliver) {
    std::unique_ptr<Slot> slot = take_slot();
    std::vector<Record> records = co_await probe(environment_, *slot, target);
    slots_.push_back(std::move(slot));
    if (!records.empty()) deliver(std::move(records));
  }

  std::unique_ptr<Slot> take_slot() {
    if (slots_.empty()) return std::make_unique<Slot>(loop_);
    std::unique_ptr<Slot> slot = std::move(slots_.back());
    slots_.pop_back();
    return slot;
  }

  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  Resolver resolver_;
  ProbeEnvironment environment_;
  std::vector<std::unique_ptr<Slot>> slots_{};  // that no connection uses
  std::atomic<std::size_t> load_ = 0;
  std::thread thread_{};
};

}  // namespace

class Scanner::Impl {
 public:
  Impl(ScanOptions options, Networks networks)
      : options_(checked(std::move(options))),
        networks_(std::move(networks)),
        tls_(make_observer_context(options_)),
        rate_(options_.rate),
        num_threads_(options_.threads != 0 ? options_.threads
                                           : std::max(std::thread::hardware_concurrency(), 1U)),
        num_descriptors_(num_connection_descriptors(options_, num_threads_)),
        concurrency_(std::min(std::max<std::size_t>(options_.concurrency, 1), num_descriptors_)),
        limits_(options_.per_address, options_.per_network, num_descriptors_ - concurrency_),
        traffic_(concurrency_) {
    for (unsigned i = 0; i < num_threads_; ++i) {
      loops_.push_back(std::make_unique<EventLoop>(options_, tls_, networks_, limits_));
    }
  }

  void run(const NextTarget& next, const Deliver& deliver) {
    try {
      for (const auto& loop : loops_) loop->start();
      dispatch(next, deliver);
      traffic_.drain();
    } catch (...) {
      traffic_.abandon(std::current_exception());
    }
    for (const auto& loop : loops_) loop->stop();
    for (const auto& loop : loops_) loop->join();
    limits_.close();
    traffic_.rethrow();
  }

  void stop() noexcept {
    traffic_.end();
    limits_.close();
  }
  void abandon() noexcept { traffic_.abandon(); }
  std::size_t in_flight() const { return traffic_.in_flight(); }
  std::size_t concurrency() const noexcept { return concurrency_; }

 private:
  void dispatch(const NextTarget& next, const Deliver& deliver) {
    while (keep_pace(), traffic_.wait_for_room()) {
      std::optional<Target> target = next();
      if (!target) return;
      traffic_.enter();
      least_loaded().submit(std::move(*target), deliver, traffic_);
    }
  }

  /// Waits until the next target may begin, or there is none to wait for.
  void keep_pace() {
    if (rate_.is_bounded()) traffic_.sleep_until(rate_.next(Clock::now()));
  }

  EventLoop& least_loaded() {
    return **std::ranges::min_element(loops_, {}, [](const auto& loop) { return loop->load(); });
  }

  const ScanOptions options_;
  const Networks networks_;
  const ssl::ObserverContext tls_;
  RateLimiter rate_;
  const unsigned num_threads_;
  const std::size_t num_descriptors_, concurrency_;
  FlightLimits limits_;  // outlives the connections of the loops
  Traffic traffic_;
  std::vector<std::unique_ptr<EventLoop>> loops_{};
};

Scanner::Scanner(ScanOptions options, Networks networks)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(networks))) {}
Scanner::~Scanner() = default;

void Scanner::run(const NextTarget& next, const Deliver& deliver) { impl_->run(next, deliver); }
void Scanner::stop() noexcept { impl_->stop(); }
void Scanner::abandon() noexcept { impl_->abandon(); }
std::size_t Scanner::in_flight() const noexcept { return impl_->in_flight(); }
std::size_t Scanner::concurrency() const noexcept { return impl_->concurrency(); }

}  // namespace peercert::scan
