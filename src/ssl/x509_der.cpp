// SPDX-License-Identifier: Apache-2.0
#include "ssl/x509_der.hpp"

#include <openssl/x509.h>

#include "ssl/outcome.hpp"

namespace peercert::ssl {

Der to_der(const x509_st* certificate) {
  const int len = i2d_X509(certificate, nullptr);
  if (len <= 0) throw_last_error("i2d_X509");
  Der der(static_cast<std::size_t>(len));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

}  // namespace peercert::ssl
