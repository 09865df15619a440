// SPDX-License-Identifier: Apache-2.0
// TCP to one of several addresses.
#pragma once

#include <system_error>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <peercert/scan/record.hpp>

#include "scan/slot.hpp"

namespace peercert::scan {

/// Connects the slot's socket within its phase. Of several addresses the next one is tried when one
/// fails or has not answered for a quarter of a second, the others going on: RFC 8305, 5. Sets
/// `endpoint` to the one that answered first, or else to the one that failed last.
asio::awaitable<std::error_code> connect(Slot& slot,
                                         const std::vector<asio::ip::tcp::endpoint>& endpoints,
                                         asio::ip::tcp::endpoint& endpoint);

/// What a failure of connect() is. operation_aborted is the phase's deadline.
ErrorClass class_of_connect_error(const std::error_code& error) noexcept;

}  // namespace peercert::scan
