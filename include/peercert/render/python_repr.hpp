// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/output.hpp>

namespace peercert {

/// Python's `repr(sock.getpeercert())`, to the last character, as CPython 3.13 prints it.
/// An empty() dict is "{}".
std::string to_python_repr(const PeerCert& cert);
std::string to_python_repr(const PeerCertView& cert);
/// The same at the end of `out`, without allocation once `out` is large enough.
void append_python_repr(Output& out, const PeerCertView& cert);

/// Python's repr() of a str, given in UTF-8: "'it\\n'".
std::string to_python_repr(std::string_view utf8);

}  // namespace peercert
