// SPDX-License-Identifier: Apache-2.0
#include <netdb.h>

#include <peercert/ssl/error.hpp>

namespace peercert::ssl {

namespace {

class GaiCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "getaddrinfo"; }
  std::string message(int code) const override { return gai_strerror(code); }
};

const char* number_text(SSLErrorNumber number) noexcept {
  switch (number) {
    case SSLErrorNumber::none: return "no error of TLS";
    case SSLErrorNumber::ssl: return "TLS failed";
    case SSLErrorNumber::want_read: return "the socket has to become readable first";
    case SSLErrorNumber::want_write: return "the socket has to become writable first";
    case SSLErrorNumber::want_x509_lookup: return "a certificate has to be chosen first";
    case SSLErrorNumber::syscall: return "a system call failed";
    case SSLErrorNumber::zero_return: return "the peer closed the TLS connection";
    case SSLErrorNumber::want_connect: return "the socket has to be connected first";
    case SSLErrorNumber::eof: return "the peer closed the connection without close_notify";
    case SSLErrorNumber::invalid_error_code: return "invalid error code";
  }
  return nullptr;
}

class SslCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "ssl"; }
  std::string message(int code) const override {
    const char* text = number_text(static_cast<SSLErrorNumber>(code));
    return text != nullptr ? text : "OpenSSL reason " + std::to_string(code);
  }
};

}  // namespace

const std::error_category& gai_category() noexcept {
  static const GaiCategory category;
  return category;
}

const std::error_category& ssl_category() noexcept {
  static const SslCategory category;
  return category;
}

SSLCertVerificationError::SSLCertVerificationError(int verify_code, std::string verify_message)
    : SSLError(SSLErrorNumber::ssl, "SSL", "CERTIFICATE_VERIFY_FAILED",
               "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: " + verify_message),
      verify_code_(verify_code),
      verify_message_(std::move(verify_message)) {}

}  // namespace peercert::ssl
