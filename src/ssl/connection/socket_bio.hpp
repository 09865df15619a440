// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/openssl_ptr.hpp"
#include "ssl/net/deadline.hpp"

namespace peercert::ssl {

/// A BIO over a connected socket that it does not own. OpenSSL's own writes with write(2), so that
/// a peer that has gone raises SIGPIPE in the process; this one gives EPIPE. Null if out of memory.
BioPtr make_socket_bio(int fd) noexcept;

/// What reads or writes from now on fails with EBADF. No effect on other BIOs but those of
/// descriptors.
void forget_descriptor(BIO* bio) noexcept;

/// From this moment on the BIO asks to be called again, without looking at the socket. OpenSSL goes
/// on reading by itself for as long as there is something that it skips, so that a peer that sends
/// HelloRequests or KeyUpdates without end would keep it from returning. No effect on other BIOs.
void set_deadline(BIO* bio, const Deadline& deadline) noexcept;

}  // namespace peercert::ssl
