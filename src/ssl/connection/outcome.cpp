// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/outcome.hpp"

#include <cerrno>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "ssl/identity/verify_capture.hpp"

namespace peercert::ssl {

namespace {

bool is_ssl_reason(QueuedError error, int reason) noexcept {
  return error == QueuedError(ERR_LIB_SSL, reason);
}

Status status_of(int ssl_error, QueuedError error, int system_errno) noexcept {
  switch (ssl_error) {
    case SSL_ERROR_NONE: return Status::ok;
    case SSL_ERROR_WANT_READ: return Status::want_read;
    case SSL_ERROR_WANT_WRITE: return Status::want_write;
    case SSL_ERROR_ZERO_RETURN: return Status::zero_return;
    case SSL_ERROR_SYSCALL:
      if (error) return error.system_errno() != 0 ? Status::syscall : Status::error;
      return system_errno != 0 ? Status::syscall : Status::eof;
    default:
      if (error.system_errno() != 0) return Status::syscall;
      return is_ssl_reason(error, SSL_R_UNEXPECTED_EOF_WHILE_READING) ? Status::eof : Status::error;
  }
}

template <class Error>
Error make(SSLErrorNumber number, QueuedError error, std::string_view sentence) {
  return Error(number, std::string(error.library()), std::string(error.reason()),
               python_text(error, sentence));
}

/// What was recorded of the error, which is more than OpenSSL knows if a profile's rule is broken.
std::string verification_sentence(const ssl_st* ssl, long code) {
  const auto record = handshake_record(ssl);
  const bool is_profile = code == X509_V_ERR_APPLICATION_VERIFICATION;
  if (is_profile && record != nullptr && !record->errors.empty()) {
    return record->errors.front().message;
  }
  return X509_verify_cert_error_string(code);
}

SSLCertVerificationError make_verification_error(const ssl_st* ssl,
                                                 const std::string& server_hostname) {
  const long code = SSL_get_verify_result(ssl);
  const auto mismatch = [&](const char* what) {
    return std::string(what) + " mismatch, certificate is not valid for '" + server_hostname + "'.";
  };
  std::string message;
  if (code == X509_V_ERR_HOSTNAME_MISMATCH) {
    message = mismatch("Hostname");
  } else if (code == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    message = mismatch("IP address");
  } else {
    message = verification_sentence(ssl, code);
  }
  return {static_cast<int>(code), std::move(message)};
}

}  // namespace

Outcome take_outcome(const ssl_st* ssl, int result) noexcept {
  const int system_errno = errno;
  const int ssl_error = SSL_get_error(ssl, result);
  const QueuedError error = take_last_error();
  Outcome outcome{status_of(ssl_error, error, system_errno), 0, error};
  if (outcome.status == Status::syscall) {
    outcome.system_errno = error ? error.system_errno() : system_errno;
  }
  return outcome;
}

std::string sentence_of(QueuedError error) {
  constexpr int kMaxAlert = 255;  // its description is one octet: RFC 8446, 6
  const int alert = error.reason_code() - SSL_AD_REASON_OFFSET;
  const bool is_alert =
      is_ssl_reason(error, error.reason_code()) && 0 <= alert && alert <= kMaxAlert;
  if (is_alert && error.reason().empty()) {
    return "the peer sent the fatal alert " + std::to_string(alert);
  }
  if (is_ssl_reason(error, ERR_R_ASN1_LIB)) {
    return "ASN1 lib: the peer sent a certificate or name that cannot be decoded";
  }
  return std::string(error ? error.text() : "A failure in the SSL library occurred");
}

std::string python_text(QueuedError error, std::string_view sentence) {
  std::string text;
  if (!error.library().empty()) {
    text.append("[").append(error.library());
    if (!error.reason().empty()) text.append(": ").append(error.reason());
    text.append("] ");
  }
  return text.append(sentence);
}

SSLError make_ssl_error(QueuedError error, const std::string& text) {
  return {static_cast<SSLErrorNumber>(error.reason_code()), std::string(error.library()),
          std::string(error.reason()), text};
}

void throw_last_error(std::string_view subject) {
  const QueuedError error = take_last_error();
  const std::string name(subject);
  if (const int system_errno = error.system_errno()) {
    throw std::system_error(system_errno, std::generic_category(), name);
  }
  const std::string text = python_text(error, error.text());
  throw make_ssl_error(error, name.empty() ? text : name + ": " + text);
}

void throw_outcome(const Outcome& outcome, const ssl_st* ssl, const std::string& server_hostname) {
  const QueuedError error = outcome.error;
  switch (outcome.status) {
    case Status::want_read:
      throw make<SSLWantReadError>(SSLErrorNumber::want_read, error,
                                   "The operation did not complete (read)");
    case Status::want_write:
      throw make<SSLWantWriteError>(SSLErrorNumber::want_write, error,
                                    "The operation did not complete (write)");
    case Status::zero_return:
      throw make<SSLZeroReturnError>(SSLErrorNumber::zero_return, error,
                                     "TLS/SSL connection has been closed (EOF)");
    case Status::eof:
      throw make<SSLEOFError>(SSLErrorNumber::eof, error, "EOF occurred in violation of protocol");
    case Status::syscall: throw std::system_error(outcome.system_errno, std::generic_category());
    case Status::ok:
    case Status::error: break;
  }
  if (is_ssl_reason(error, SSL_R_CERTIFICATE_VERIFY_FAILED)) {
    throw make_verification_error(ssl, server_hostname);
  }
  throw make<SSLError>(SSLErrorNumber::ssl, error, sentence_of(error));
}

}  // namespace peercert::ssl
