// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <openssl/x509.h>

#include <peercert/base/result.hpp>

namespace peercert::fuzz {

/// What Python makes of a certificate.
struct OpenSSLDict {
  Errc error = Errc::ok;  // why Python raises instead
  std::string repr;       // of the dict, if it does not
};

/// The dict as CPython's ssl module makes it: the same functions of OpenSSL in the same order.
OpenSSLDict openssl_dict(const X509* certificate);

}  // namespace peercert::fuzz
