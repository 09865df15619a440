// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/x509/certificate.hpp>

struct x509_st;

namespace peercert::ssl {

/// The certificate's DER by i2d_X509(): the signed part as it was received, the rest encoded anew.
Der to_der(const x509_st* certificate);

}  // namespace peercert::ssl
