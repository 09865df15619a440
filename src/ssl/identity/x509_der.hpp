// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/x509/certificate.hpp>

struct x509_st;
struct stack_st_X509;

namespace peercert::ssl {

/// The certificate's DER by i2d_X509(): the signed part as it was received, the rest encoded anew.
Der to_der(const x509_st* certificate);

/// Each of them, in order; of null, none.
std::vector<Der> to_chain(const stack_st_X509* certificates);

/// What getpeercert() gives for it, with the errors that it throws.
PeerCert to_dict(const x509_st* certificate);

}  // namespace peercert::ssl
