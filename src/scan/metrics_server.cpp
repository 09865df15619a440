// SPDX-License-Identifier: Apache-2.0
#include <chrono>
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
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <peercert/scan/metrics_server.hpp>
#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

using asio::ip::tcp;

constexpr std::size_t kMaxRequestLen = 8192;
constexpr int kMaxConnections = 64;
constexpr std::chrono::seconds kRequestTimeout{5};

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

std::string response(std::string_view status, std::string_view content) {
  return "HTTP/1.1 " + std::string(status) +
         "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: " +
         std::to_string(content.size()) + "\r\nConnection: close\r\n\r\n" + std::string(content);
}

/// request-line, RFC 9112, 3: method SP request-target SP HTTP-version
std::string answer(std::string_view request, const MetricsPage& page) {
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const std::string_view method = line.substr(0, line.find(' '));
  if (method != "GET") return response("405 Method Not Allowed", "GET only\n");
  const bool is_metrics = line.starts_with("GET /metrics ") || line.starts_with("GET /metrics?");
  if (!is_metrics) return response("404 Not Found", "there is /metrics\n");
  return response("200 OK", page());
}

}  // namespace

class MetricsServer::Impl {
 public:
  Impl(const std::string& endpoint, MetricsPage page)
      : page_(std::move(page)), acceptor_(listen(loop_, endpoint)) {
    asio::co_spawn(loop_, accept(), asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
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
  asio::awaitable<void> accept() {
    asio::steady_timer pause(loop_);
    for (;;) {
      std::error_code error;
      tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error || num_connections_ >= kMaxConnections) {
        pause.expires_after(std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      }
      if (!socket.is_open()) continue;
      ++num_connections_;
      asio::co_spawn(loop_, serve(std::move(socket)),
                     [this](const std::exception_ptr&) { --num_connections_; });
    }
  }

  asio::awaitable<void> serve(tcp::socket accepted) {
    // An expiry may be queued while the request ends.
    const auto shared = std::make_shared<tcp::socket>(std::move(accepted));
    tcp::socket& socket = *shared;
    asio::steady_timer deadline(loop_, kRequestTimeout);
    deadline.async_wait([shared](const std::error_code& cancelled) {
      std::error_code ignored;
      if (!cancelled) shared->cancel(ignored);
    });
    std::string request;
    std::error_code error;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(request, kMaxRequestLen),
                                    "\r\n\r\n", asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      const std::string text = answer(request, page_);
      co_await asio::async_write(socket, asio::buffer(text),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
    deadline.cancel();
  }

  asio::io_context loop_{1};
  MetricsPage page_;
  tcp::acceptor acceptor_;
  int num_connections_ = 0;
  std::thread thread_{};
};

MetricsServer::MetricsServer(const std::string& endpoint, MetricsPage page)
    : impl_(std::make_unique<Impl>(endpoint, std::move(page))) {}
MetricsServer::~MetricsServer() = default;
std::uint16_t MetricsServer::port() const noexcept { return impl_->port(); }

}  // namespace peercert::scan
