// SPDX-License-Identifier: Apache-2.0
// The only place that reads and clears OpenSSL's error queue.
#pragma once

#include <string_view>

namespace peercert {

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

}  // namespace peercert
