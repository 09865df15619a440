// SPDX-License-Identifier: Apache-2.0
// The exception classes of Python's ssl module, name for name, with their attributes.
#pragma once

#include <stdexcept>
#include <string>
#include <system_error>

#include <peercert/base/result.hpp>

namespace peercert::ssl {

/// Python's ValueError: a call that can never work, such as getpeercert() before the handshake.
class ValueError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A certificate whose URI, DNS or e-mail name is not UTF-8: the dict cannot present it.
class UnicodeDecodeError : public ValueError {
 public:
  /// Takes its text from the error.
  explicit UnicodeDecodeError(Error error) : ValueError(to_string(error)), error_(error) {}
  /// Which field, and the byte offset into the certificate's DER.
  Error error() const noexcept { return error_; }

 private:
  Error error_;
};

/// Python's TimeoutError: a deadline passed. code() is std::errc::timed_out.
class TimeoutError : public std::system_error {
 public:
  /// `what` is Python's sentence.
  explicit TimeoutError(const std::string& what)
      : std::system_error(std::make_error_code(std::errc::timed_out), what), text_(what) {}

  /// Python's str(error): "The handshake operation timed out".
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

/// The category of getaddrinfo()'s EAI_* codes.
const std::error_category& gai_category() noexcept;

/// Python's socket.gaierror: a name that does not resolve. code() is in gai_category().
class gaierror : public std::system_error {
 public:
  /// An EAI_* code, and the sentence for it.
  gaierror(int eai_code, const std::string& what)
      : std::system_error(eai_code, gai_category(), what) {}
};

/// Python's ssl.SSLErrorNumber: OpenSSL's SSL_ERROR_* codes.
enum class SSLErrorNumber : int {
  none = 0,
  ssl = 1,
  want_read = 2,
  want_write = 3,
  want_x509_lookup = 4,
  syscall = 5,
  zero_return = 6,
  want_connect = 7,
  eof = 8,
  invalid_error_code = 10,
};

/// The category of SSLErrorNumber.
const std::error_category& ssl_category() noexcept;

/// Python's ssl.SSLError (there an OSError, here a std::system_error): TLS failed.
/// code() is in ssl_category(): an SSLErrorNumber, or, as in Python, OpenSSL's number of the reason
/// where no connection is involved. what() reads "[SSL: WRONG_VERSION_NUMBER] wrong version
/// number".
class SSLError : public std::system_error {
 public:
  /// The members of Python's SSLError; `what` is its text.
  SSLError(SSLErrorNumber number, std::string library, std::string reason, const std::string& what)
      : std::system_error(static_cast<int>(number), ssl_category(), what),
        library_(std::move(library)),
        reason_(std::move(reason)),
        text_(what) {}

  /// OpenSSL's library, as Python names it ("SSL", "X509", "PEM"); empty where Python has None.
  const std::string& library() const& noexcept PEERCERT_LIFETIMEBOUND { return library_; }
  std::string library() && { return library_; }
  /// OpenSSL's reason, as Python names it ("CERTIFICATE_VERIFY_FAILED"); empty where Python has
  /// None.
  const std::string& reason() const& noexcept PEERCERT_LIFETIMEBOUND { return reason_; }
  std::string reason() && { return reason_; }
  /// Python's str(error), without the "(_ssl.c:N)" at its end.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string library_;
  std::string reason_;
  std::string text_;
};

/// The peer sent close_notify: the TLS connection has ended cleanly.
class SSLZeroReturnError : public SSLError {
 public:
  using SSLError::SSLError;
};

/// A non-blocking socket has to become readable first.
class SSLWantReadError : public SSLError {
 public:
  using SSLError::SSLError;
};

/// A non-blocking socket has to become writable first.
class SSLWantWriteError : public SSLError {
 public:
  using SSLError::SSLError;
};

/// A system call failed underneath TLS.
class SSLSyscallError : public SSLError {
 public:
  using SSLError::SSLError;
};

/// The peer closed the connection without close_notify.
class SSLEOFError : public SSLError {
 public:
  using SSLError::SSLError;
};

/// The peer's certificate did not verify. In Python this is a ValueError too; here it is not, since
/// two std::exception bases would make `catch (const std::exception&)` miss it.
class SSLCertVerificationError : public SSLError {
 public:
  /// Takes an X509_V_ERR_* code, and the sentence for it.
  SSLCertVerificationError(int verify_code, std::string verify_message);
  /// OpenSSL's X509_V_ERR_* code, such as 10 (certificate has expired).
  int verify_code() const noexcept { return verify_code_; }
  /// OpenSSL's sentence for it; for a host name, Python's sentence, which names the host.
  const std::string& verify_message() const& noexcept PEERCERT_LIFETIMEBOUND {
    return verify_message_;
  }
  std::string verify_message() && { return verify_message_; }

 private:
  int verify_code_;
  std::string verify_message_;
};
/// The same class by its older name, as in Python.
using CertificateError = SSLCertVerificationError;

}  // namespace peercert::ssl
