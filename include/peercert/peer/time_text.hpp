// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <peercert/x509/time.hpp>

namespace peercert {

/// What CPython reads of OpenSSL's text for a time; longer ones are cut.
inline constexpr std::size_t kMaxTimeTextLen = 2046;

/// Writes a time as getpeercert() gives it: "Jun  1 12:00:00 2026 GMT", or "Bad time value" if it
/// is not one. Gives the number of characters; `out` has room for kMaxTimeTextLen.
std::size_t write_time_text(TimeView time, char* out) noexcept;

/// The same as a string. Throws std::bad_alloc.
std::string to_time_text(TimeView time);

}  // namespace peercert
