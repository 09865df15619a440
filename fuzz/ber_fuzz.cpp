// SPDX-License-Identifier: Apache-2.0
// rewrite_ber(): rewriting once is enough, and of what OpenSSL reads no BER is left.
#include <peercert/x509/ber.hpp>

#include "crypto/openssl_ptr.hpp"
#include "fuzz.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const Der rewritten = rewrite_ber(input);
  check(rewrite_ber(rewritten) == rewritten);
  const unsigned char* at = input.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(input.size())));
  if (certificate) check(!is_ber(CertificateView::parse(rewritten).error().code));
}

}  // namespace peercert::fuzz
