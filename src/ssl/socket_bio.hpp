// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcrypto/openssl_ptr.hpp"

namespace peercert::ssl {

/// A BIO over a connected socket that it does not own. OpenSSL's own writes with write(2), so that
/// a peer that has gone raises SIGPIPE in the process; this one gives EPIPE. Null if out of memory.
BioPtr make_socket_bio(int fd) noexcept;

}  // namespace peercert::ssl
