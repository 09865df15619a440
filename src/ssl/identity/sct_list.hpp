// SPDX-License-Identifier: Apache-2.0
// Reads lists of SCTs (RFC 6962, 3.3) out of what holds them, with no connection. All leave
// OpenSSL's errors in the queue.
#pragma once

#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/ssl/sct.hpp>

struct stack_st_SCT;
struct x509_st;

namespace peercert::ssl {

/// What OpenSSL has read, but for SCTs with an empty signature. Null is an empty list.
std::vector<PresentedSct> to_presented(const stack_st_SCT* scts);

/// Whether there is a list, and OpenSSL cannot read it.
bool has_malformed_sct_list(const x509_st* certificate);
/// The same of all answers of the OCSPResponse. One without a BasicOCSPResponse has no list:
/// ocsp_staple() tells that it is malformed.
bool has_malformed_sct_list(Bytes ocsp_response);

}  // namespace peercert::ssl
