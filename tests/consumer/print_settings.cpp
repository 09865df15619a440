// SPDX-License-Identifier: Apache-2.0
// Links everything of peercert::ssl and prints what a client's context asks for.
#include <iostream>

#include <peercert/ssl/ssl.hpp>

int main() {
  const peercert::ssl::SSLContext context(peercert::ssl::Protocol::tls_client);
  std::cout << "verify_mode=" << static_cast<int>(context.verify_mode())
            << " check_hostname=" << context.check_hostname() << '\n';
}
