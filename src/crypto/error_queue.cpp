// SPDX-License-Identifier: Apache-2.0
#include "crypto/error_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace peercert {

namespace {

struct LibraryName {
  int library;
  std::string_view name;
};
struct ReasonName {
  int library;
  int reason;
  std::string_view name;
};
#include "crypto/error_reasons_table.inc"

}  // namespace

QueuedError::QueuedError(int library, int reason) noexcept : code_(ERR_PACK(library, 0, reason)) {}

std::string_view QueuedError::library() const noexcept {
  const auto found =
      std::ranges::lower_bound(kLibraryNames, ERR_GET_LIB(code_), {}, &LibraryName::library);
  if (found == std::end(kLibraryNames) || found->library != ERR_GET_LIB(code_)) return {};
  return found->name;
}

std::string_view QueuedError::reason() const noexcept {
  const std::pair key(ERR_GET_LIB(code_), ERR_GET_REASON(code_));
  const auto key_of = [](const ReasonName& row) { return std::pair(row.library, row.reason); };
  const auto found = std::ranges::lower_bound(kReasonNames, key, {}, key_of);
  if (found == std::end(kReasonNames) || key_of(*found) != key) return {};
  return found->name;
}

int QueuedError::reason_code() const noexcept { return ERR_GET_REASON(code_); }

std::string_view QueuedError::text() const noexcept {
  // OpenSSL has no sentences before something of its own has needed them.
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  const char* text = code_ == 0 ? nullptr : ERR_reason_error_string(code_);
  return text == nullptr ? "unknown error" : text;
}

int QueuedError::system_errno() const noexcept {
  return ERR_GET_LIB(code_) == ERR_LIB_SYS ? ERR_GET_REASON(code_) : 0;
}

void clear_errors() noexcept { ERR_clear_error(); }

QueuedError take_last_error() noexcept {
  const QueuedError error(ERR_peek_last_error());
  ERR_clear_error();
  return error;
}

DroppedErrors::DroppedErrors() noexcept { ERR_set_mark(); }
DroppedErrors::~DroppedErrors() { ERR_pop_to_mark(); }

}  // namespace peercert
