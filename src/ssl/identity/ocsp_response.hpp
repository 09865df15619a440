// SPDX-License-Identifier: Apache-2.0
// Reads an OCSPResponse (RFC 6960): bytes in, answer out, with no connection.
#pragma once

#include <peercert/ssl/ocsp_staple.hpp>

struct stack_st_X509;
struct x509_st;
struct x509_store_st;

namespace peercert::ssl {

/// The certificate that a response should be of. Borrows everything.
struct OcspSubject {
  x509_st* leaf = nullptr;         // null if it is not known
  stack_st_X509* chain = nullptr;  // has the leaf's issuer; null if there is none
  x509_store_st* store = nullptr;  // the trust anchors
  unsigned long verify_flags = 0;  // X509_V_FLAG_...
};

/// What the response says, as ocsp_staple() has it; `octets` are not filled in. Leaves OpenSSL's
/// errors in the queue.
OcspStaple read_ocsp_response(Bytes response, const OcspSubject& of);

}  // namespace peercert::ssl
