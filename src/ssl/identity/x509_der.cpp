// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/x509_der.hpp"

#include <openssl/x509.h>

#include "ssl/connection/outcome.hpp"

namespace peercert::ssl {

Der to_der(const x509_st* certificate) {
  const int len = i2d_X509(certificate, nullptr);
  if (len <= 0) throw_last_error("i2d_X509");
  Der der(static_cast<std::size_t>(len));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

std::vector<Der> to_chain(const stack_st_X509* certificates) {
  std::vector<Der> chain;
  const int num_certificates = sk_X509_num(certificates);  // -1 of null
  if (num_certificates > 0) chain.reserve(static_cast<std::size_t>(num_certificates));
  for (int i = 0; i < num_certificates; ++i) {
    chain.push_back(to_der(sk_X509_value(certificates, i)));
  }
  return chain;
}

}  // namespace peercert::ssl
