// SPDX-License-Identifier: Apache-2.0
// Two names for the same settings: what loosens one would loosen the other.
// error: deleted function
#include <peercert/ssl/ssl.hpp>

using namespace peercert::ssl;

void loosen(SSLContext& strict) {
#ifdef MISTAKE
  SSLContext loose = strict;
#else
  SSLContext loose = std::move(strict);
#endif
  loose.set_check_hostname(false);
}
