// SPDX-License-Identifier: Apache-2.0
#include <peercert/ssl/ssl_object.hpp>

#include "ssl/connection/ssl_connection_state.hpp"

namespace peercert::ssl {

namespace {

BioPtr shared_bio(const MemoryBIO& bio) noexcept {
  BIO_up_ref(bio.native_handle());
  return BioPtr(bio.native_handle());
}

}  // namespace

SSLObject SSLContext::wrap_bio(const MemoryBIO& incoming, const MemoryBIO& outgoing,
                               const BioOptions& options) const {
  auto state = std::make_unique<SSLConnection::State>(
      *this, WrapOptions{.server_side = options.server_side,
                         .do_handshake_on_connect = false,
                         .suppress_ragged_eofs = false,
                         .server_hostname = options.server_hostname,
                         .session = options.session});
  state->was_connected = true;
  state->finish_opening(state->connection.open(native_handle(), shared_bio(incoming),
                                               shared_bio(outgoing), state->connection_options()));
  SSLObject connection(std::move(state));
  if (options.session) connection.set_session(*options.session);
  return connection;
}

void SSLObject::unwrap() { shut_down(); }

}  // namespace peercert::ssl
