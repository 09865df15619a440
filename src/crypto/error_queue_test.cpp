// SPDX-License-Identifier: Apache-2.0
#include "crypto/error_queue.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/httperr.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

namespace peercert {
namespace {

TEST(QueuedError, NamesTheMacroOfTheReason) {
  const QueuedError error(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
  EXPECT_EQ(error.library(), "SSL");
  EXPECT_EQ(error.reason(), "WRONG_VERSION_NUMBER");
  EXPECT_EQ(error.text(), "wrong version number");
  EXPECT_EQ(error.reason_code(), SSL_R_WRONG_VERSION_NUMBER);
}

// Rows from every part of the table: a lookup that only works in its middle would show.
TEST(QueuedError, FindsTheFirstAndLastRowsOfTheTable) {
  EXPECT_EQ(QueuedError(ERR_LIB_BN, 100).reason(), "ARG2_LT_ARG3");
  EXPECT_EQ(QueuedError(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH).reason(), "KEY_VALUES_MISMATCH");
  EXPECT_EQ(QueuedError(ERR_LIB_HTTP, 0).library(), "HTTP");
  EXPECT_EQ(QueuedError(ERR_LIB_HTTP, HTTP_R_RETRY_TIMEOUT).reason(), "RETRY_TIMEOUT");
  EXPECT_EQ(QueuedError(ERR_LIB_HTTP, HTTP_R_RETRY_TIMEOUT + 1).reason(), "");
}

// Python has no names for the reasons that all libraries share, nor for what programs add.
TEST(QueuedError, HasNoNameWherePythonHasNone) {
  const QueuedError shared(ERR_LIB_SSL, ERR_R_PEM_LIB);
  EXPECT_EQ(shared.library(), "SSL");
  EXPECT_EQ(shared.reason(), "");
  EXPECT_EQ(shared.text(), "PEM lib");
  EXPECT_EQ(QueuedError(ERR_LIB_USER, 1).library(), "");
  EXPECT_EQ(QueuedError().library(), "");
  EXPECT_EQ(QueuedError().text(), "unknown error");
}

TEST(TakeLastError, GivesTheLastEntryAndEmptiesTheQueue) {
  ERR_raise(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH);
  ERR_raise(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
  EXPECT_EQ(take_last_error(), QueuedError(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER));
  EXPECT_EQ(ERR_peek_error(), 0U);
  EXPECT_FALSE(take_last_error());
}

}  // namespace
}  // namespace peercert
