// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/outcome.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include "crypto/openssl_ptr.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

TEST(PythonText, NamesWhatIsKnown) {
  const QueuedError full(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
  EXPECT_EQ(python_text(full, full.text()), "[SSL: WRONG_VERSION_NUMBER] wrong version number");
  const QueuedError shared(ERR_LIB_SSL, ERR_R_PEM_LIB);
  EXPECT_EQ(python_text(shared, shared.text()), "[SSL] PEM lib");
  EXPECT_EQ(python_text(QueuedError(), "EOF"), "EOF");
}

TEST(ThrowLastError, HasPythonsAttributes) {
  ERR_raise(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH);
  const auto error = caught<SSLError>([] { throw_last_error("key.pem"); });
  EXPECT_EQ(error.library(), "X509");
  EXPECT_EQ(error.reason(), "KEY_VALUES_MISMATCH");
  EXPECT_EQ(error.code().value(), X509_R_KEY_VALUES_MISMATCH);
  EXPECT_STREQ(error.what(), "key.pem: [X509: KEY_VALUES_MISMATCH] key values mismatch");
}

TEST(ThrowLastError, GivesASystemCallsErrno) {
  ERR_raise(ERR_LIB_SYS, EACCES);
  const auto error = caught<std::system_error>([] { throw_last_error("ca.pem"); });
  EXPECT_EQ(error.code(), std::errc::permission_denied);
}

class ThrowOutcome : public testing::Test {
 protected:
  template <class Error>
  Error thrown(const Outcome& outcome) {
    return caught<Error>([&] { throw_outcome(outcome, ssl_.get(), "example.org"); });
  }

  SslCtxPtr ctx_{SSL_CTX_new(TLS_client_method())};
  SslPtr ssl_{SSL_new(ctx_.get())};
};

TEST_F(ThrowOutcome, MakesTheChildOfTheStatus) {
  const auto want_read = thrown<SSLWantReadError>({Status::want_read});
  EXPECT_STREQ(want_read.what(), "The operation did not complete (read)");
  EXPECT_EQ(want_read.code().value(), static_cast<int>(SSLErrorNumber::want_read));
  const auto want_write = thrown<SSLWantWriteError>({Status::want_write});
  EXPECT_STREQ(want_write.what(), "The operation did not complete (write)");
  const auto zero_return = thrown<SSLZeroReturnError>({Status::zero_return});
  EXPECT_STREQ(zero_return.what(), "TLS/SSL connection has been closed (EOF)");
  const auto syscall = thrown<std::system_error>({Status::syscall, EPIPE});
  EXPECT_EQ(syscall.code(), std::errc::broken_pipe);
}

TEST_F(ThrowOutcome, NamesTheUnexpectedEndAsPythonDoes) {
  const QueuedError cause(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
  const auto error = thrown<SSLEOFError>({Status::eof, 0, cause});
  EXPECT_STREQ(error.what(),
               "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol");
  EXPECT_EQ(error.code().value(), static_cast<int>(SSLErrorNumber::eof));
  const auto silent = thrown<SSLEOFError>({Status::eof});
  EXPECT_STREQ(silent.what(), "EOF occurred in violation of protocol");
  EXPECT_EQ(silent.reason(), "");
}

TEST_F(ThrowOutcome, SaysWhyTheCertificateFailed) {
  const Outcome failed{Status::error, 0, QueuedError(ERR_LIB_SSL, SSL_R_CERTIFICATE_VERIFY_FAILED)};
  SSL_set_verify_result(ssl_.get(), X509_V_ERR_CERT_HAS_EXPIRED);
  const auto expired = thrown<SSLCertVerificationError>(failed);
  EXPECT_EQ(expired.verify_code(), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(expired.verify_message(), "certificate has expired");
  EXPECT_STREQ(expired.what(),
               "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
               "certificate has expired");
  SSL_set_verify_result(ssl_.get(), X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(thrown<SSLCertVerificationError>(failed).verify_message(),
            "Hostname mismatch, certificate is not valid for 'example.org'.");
  SSL_set_verify_result(ssl_.get(), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(thrown<SSLCertVerificationError>(failed).verify_message(),
            "IP address mismatch, certificate is not valid for 'example.org'.");
}

TEST_F(ThrowOutcome, SaysThatTheLibraryFailedIfNothingElseIsKnown) {
  const auto error = thrown<SSLError>({Status::error});
  EXPECT_STREQ(error.what(), "A failure in the SSL library occurred");
}

// The trap of two std::exception bases.
TEST(SSLCertVerificationError, IsCaughtAsStdException) {
  bool is_caught = false;
  try {
    throw SSLCertVerificationError(X509_V_ERR_CERT_HAS_EXPIRED, "certificate has expired");
  } catch (const std::exception& error) {
    is_caught = std::string_view(error.what()).ends_with("certificate has expired");
  }
  EXPECT_TRUE(is_caught);
}

}  // namespace
}  // namespace peercert::ssl
