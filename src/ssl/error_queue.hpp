// SPDX-License-Identifier: Apache-2.0
// The only place that reads and clears OpenSSL's error queue, and that makes exceptions of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <peercert/ssl/error.hpp>

struct ssl_st;

namespace peercert::ssl {

/// One packed error code of OpenSSL; 0 is none.
class QueuedError {
 public:
  constexpr QueuedError() = default;
  constexpr explicit QueuedError(unsigned long code) noexcept : code_(code) {}
  QueuedError(int library, int reason) noexcept;

  constexpr explicit operator bool() const noexcept { return code_ != 0; }
  friend constexpr bool operator==(QueuedError, QueuedError) = default;

  /// "SSL"; empty where Python has None. Static storage.
  std::string_view library() const noexcept;
  /// "WRONG_VERSION_NUMBER"; empty where Python has None. Static storage.
  std::string_view reason() const noexcept;
  /// OpenSSL's number of the reason, which is Python's errno where no connection is involved.
  int reason_code() const noexcept;
  /// OpenSSL's sentence: "wrong version number". "unknown error" if it has none.
  std::string_view text() const noexcept;
  /// The errno if the error is a system call's; else 0.
  int system_errno() const noexcept;

 private:
  unsigned long code_ = 0;
};

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

/// Empties the queue. To be called before any OpenSSL call whose errors matter: an application's
/// stale entry would otherwise be taken for the reason of a later failure.
void clear_errors() noexcept;

/// The last entry of the queue, which is then empty.
QueuedError take_last_error() noexcept;

/// Drops what is queued during its life, and nothing that was there before.
class DroppedErrors {
 public:
  DroppedErrors() noexcept;
  ~DroppedErrors();
  DroppedErrors(const DroppedErrors&) = delete;
  DroppedErrors& operator=(const DroppedErrors&) = delete;
};

/// How a call that returned `result` ended. To be called directly behind it, since errno and the
/// queue tell; the queue is empty afterwards.
Outcome take_outcome(const ssl_st* ssl, int result) noexcept;

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
