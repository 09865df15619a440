// SPDX-License-Identifier: Apache-2.0
#include "scan/plain_stream.hpp"

#include <utility>

#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

namespace peercert::scan {
namespace {

constexpr std::size_t kChunkLen = 1024;  // most conversations are shorter
constexpr std::size_t kMaxQuotedLen = 200;

[[noreturn]] void throw_too_much(const char* what) {
  throw PlainStreamError(ErrorClass::start_tls, what);
}

/// `unread` is what the peer had said last.
void throw_if_failed(const asio::error_code& error, std::string_view unread) {
  if (!error) return;
  if (error == asio::error::operation_aborted) throw asio::system_error(error);
  const std::string behind = unread.empty() ? "" : " behind " + in_quotes(unread);
  if (error == asio::error::eof || error == asio::error::broken_pipe) {
    throw PlainStreamError(ErrorClass::closed, "the peer closed the connection" + behind);
  }
  if (error == asio::error::connection_reset) {
    throw PlainStreamError(ErrorClass::reset, "the peer reset the connection" + behind);
  }
  const bool timed_out = error == asio::error::timed_out;
  throw PlainStreamError(timed_out ? ErrorClass::timeout : ErrorClass::unreachable,
                         error.message() + behind);
}

}  // namespace

std::string in_quotes(std::string_view said) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : said.substr(0, kMaxQuotedLen)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet > 0x7e) {
      out += {'\\', 'x', kHex[octet >> 4], kHex[octet & 15U]};
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += said.size() > kMaxQuotedLen ? "\"..." : "\"";
}

asio::awaitable<std::string> PlainStream::read_line() {
  std::string line = co_await read_through('\n');
  line.pop_back();
  if (line.ends_with('\r')) line.pop_back();
  co_return line;
}

asio::awaitable<std::string> PlainStream::read_through(char end) {
  std::size_t searched = 0;
  std::size_t at = buffer_.find(end);
  while (at == std::string::npos && buffer_.size() < kMaxPlainPieceLen) {
    searched = buffer_.size();
    co_await fill();
    at = buffer_.find(end, searched);
  }
  if (at >= kMaxPlainPieceLen) {
    throw_too_much("the peer sent a line that does not end");
  }
  co_return take(at + 1);
}

asio::awaitable<std::string> PlainStream::read_exactly(std::size_t len) {
  if (len > kMaxPlainPieceLen) throw_too_much("the peer announced a packet that is too long");
  while (buffer_.size() < len) co_await fill();
  co_return take(len);
}

asio::awaitable<void> PlainStream::write(std::string text) {
  asio::error_code error;
  co_await asio::async_write(*socket_, asio::buffer(text),
                             asio::redirect_error(asio::use_awaitable, error));
  throw_if_failed(error, buffer_);
}

void PlainStream::expect_silence() const {
  if (!buffer_.empty()) {
    throw PlainStreamError(
        ErrorClass::start_tls,
        "octets that TLS does not protect stand before it: " + in_quotes(buffer_));
  }
  asio::error_code ignored;
  if (socket_->available(ignored) > 0) {  // TLS is the client's to begin
    throw_too_much("octets that TLS does not protect stand before it");
  }
}

asio::awaitable<void> PlainStream::fill() {
  if (received_ >= kMaxPlainConversationLen) {
    throw_too_much("the peer talks on and on without TLS");
  }
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kChunkLen);
  asio::error_code error;
  const std::size_t len =
      co_await socket_->async_read_some(asio::buffer(buffer_.data() + had, kChunkLen),
                                        asio::redirect_error(asio::use_awaitable, error));
  buffer_.resize(had + len);
  received_ += len;
  throw_if_failed(error, buffer_);
}

std::string PlainStream::take(std::size_t len) {
  std::string taken = buffer_.substr(0, len);
  buffer_.erase(0, len);
  return taken;
}

}  // namespace peercert::scan
