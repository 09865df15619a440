// SPDX-License-Identifier: Apache-2.0
// A connection that is closed as soon as it is made.
// error: ignoring return.* value
#include <peercert/ssl/ssl.hpp>

using namespace peercert::ssl;

void connect(const SSLContext& context, Socket socket) {
#ifdef MISTAKE
  context.wrap_socket(std::move(socket));
#else
  const SSLSocket connection = context.wrap_socket(std::move(socket));
  connection.fileno();
#endif
}
