// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <list>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <peercert/http/metrics_server.hpp>
#include <peercert/ssl/error.hpp>

#include "base/start_without_signals.hpp"
#include "http/metrics_request.hpp"

namespace peercert::http {
namespace {

using asio::ip::tcp;

// How long no connection is accepted where none can be, for want of descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

tcp::endpoint parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  std::error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  const std::string digits = colon == text.npos ? "" : text.substr(colon + 1);
  const bool is_port = !digits.empty() && digits.size() <= 5 &&
                       digits.find_first_not_of("0123456789") == digits.npos &&
                       std::stoul(digits) <= 0xffff;
  if (error || !is_port) throw ssl::ValueError("'" + text + "' is not ADDRESS:PORT");
  return {address, static_cast<std::uint16_t>(std::stoul(digits))};
}

tcp::acceptor listen(asio::io_context& loop, const std::string& text) {
  const tcp::endpoint endpoint = parse_endpoint(text);
  try {
    return {loop, endpoint};
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), text);
  }
}

/// One connection. Whoever ends it closes the socket: an operation may have its completion queued
/// at that moment, and the next one has to fail.
struct MetricsClient {
  MetricsClient(tcp::socket accepted, std::chrono::milliseconds time)
      : socket(std::move(accepted)), deadline(socket.get_executor(), time) {}

  void end() {
    std::error_code ignored;
    socket.close(ignored);
    deadline.cancel();
  }

  tcp::socket socket;
  asio::steady_timer deadline;
  bool is_answered = false;  // at this moment: its request was read, and not all is written
};

}  // namespace

class MetricsServer::Impl {
 public:
  Impl(const std::string& endpoint, MetricsPage page, const MetricsLimits& limits)
      : page_(std::move(page)), limits_(limits), acceptor_(listen(loop_, endpoint)) {
    asio::co_spawn(loop_, accept(), asio::detached);
    thread_ = start_without_signals([this] { loop_.run(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    loop_.stop();
    thread_.join();
  }

  std::uint16_t port() const noexcept {
    std::error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

 private:
  using Client = std::shared_ptr<MetricsClient>;

  asio::awaitable<void> accept() {
    asio::steady_timer pause(loop_);
    for (;;) {
      std::error_code error;
      tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        admit(std::move(socket));
        continue;
      }
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  // The newest is served at once: of those that were there before one goes if need be.
  void admit(tcp::socket socket) {
    while (!clients_.empty() && clients_.size() >= limits_.clients) end_oldest();
    const auto client = std::make_shared<MetricsClient>(std::move(socket), limits_.time);
    clients_.push_back(client);
    client->deadline.async_wait([client](const std::error_code& cancelled) {
      if (!cancelled) client->end();
    });
    asio::co_spawn(loop_, serve(client), [this, client](const std::exception_ptr&) {
      client->end();
      clients_.remove(client);
    });
  }

  // Of those that wait for nothing but their own request; if there is none, of all.
  void end_oldest() {
    const auto idle =
        std::ranges::find_if(clients_, [](const Client& client) { return !client->is_answered; });
    const auto oldest = idle != clients_.end() ? idle : clients_.begin();
    (*oldest)->end();
    clients_.erase(oldest);
  }

  asio::awaitable<void> serve(Client client) {
    tcp::socket& socket = client->socket;
    std::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    std::array<char, kMaxMetricsRequestLen> portion{};
    std::string request;
    MetricsAction action = MetricsAction::read;
    while (action == MetricsAction::read) {
      const std::size_t len = co_await socket.async_read_some(asio::buffer(portion), token);
      if (error) co_return;
      request.append(portion.data(), len);
      action = parse_metrics_request(request);
    }
    const bool has_page = action == MetricsAction::page || action == MetricsAction::page_head;
    const std::string text = metrics_response(action, has_page ? page_() : std::string());
    client->is_answered = true;
    co_await asio::async_write(socket, asio::buffer(text), token);
    client->is_answered = false;
    if (error) co_return;
    // A socket that is closed with something unread resets the connection, and the client may lose
    // the answer (RFC 9112, 9.6): it is the client that closes, or the deadline.
    socket.shutdown(tcp::socket::shutdown_send, error);
    while (!error) co_await socket.async_read_some(asio::buffer(portion), token);
  }

  asio::io_context loop_{1};
  MetricsPage page_;
  const MetricsLimits limits_;
  tcp::acceptor acceptor_;
  std::list<Client> clients_{};  // the oldest first; at most limits_.clients
  std::thread thread_{};
};

MetricsServer::MetricsServer(const std::string& endpoint, MetricsPage page,
                             const MetricsLimits& limits)
    : impl_(std::make_unique<Impl>(endpoint, std::move(page), limits)) {}
MetricsServer::~MetricsServer() = default;
std::uint16_t MetricsServer::port() const noexcept { return impl_->port(); }

}  // namespace peercert::http
