// SPDX-License-Identifier: Apache-2.0
// How a call of OpenSSL's ended, and the only place that makes Python's exceptions of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <peercert/ssl/error.hpp>

#include "crypto/error_queue.hpp"

struct ssl_st;

namespace peercert::ssl {

enum class Status : std::uint8_t {
  ok,
  want_read,    // the socket has to become readable first
  want_write,   // the socket has to become writable first
  zero_return,  // the peer sent close_notify
  eof,          // the peer closed the connection without close_notify
  syscall,      // a system call failed, see Outcome::system_errno
  error,        // TLS failed, see Outcome::error
};

/// How a call on a connection ended.
struct Outcome {
  Status status = Status::ok;
  int system_errno = 0;
  QueuedError error{};  // the last one that OpenSSL queued, as Python reports it

  constexpr explicit operator bool() const noexcept { return status == Status::ok; }
};

/// How a call that returned `result` ended. To be called directly behind it, since errno and the
/// queue tell; the queue is empty afterwards.
Outcome take_outcome(const ssl_st* ssl, int result) noexcept;

/// OpenSSL's sentence for the error; our own for an alert that it has no name for, and for a
/// certificate that cannot be decoded.
std::string sentence_of(QueuedError error);

/// "[SSL: WRONG_VERSION_NUMBER] wrong version number": Python's text, here with another sentence.
std::string python_text(QueuedError error, std::string_view sentence);

/// Python's SSLError for a failure outside of a connection; `text` is its what().
SSLError make_ssl_error(QueuedError error, const std::string& text);

/// Throws what the last entry of the queue says, std::system_error if a system call failed; what()
/// begins with `subject`, such as a file's name, if there is one.
[[noreturn]] void throw_last_error(std::string_view subject = {});

/// Throws Python's exception for a call on a connection that did not end with Status::ok.
/// `server_hostname` is named where it does not match the certificate.
[[noreturn]] void throw_outcome(const Outcome& outcome, const ssl_st* ssl,
                                const std::string& server_hostname);

}  // namespace peercert::ssl
