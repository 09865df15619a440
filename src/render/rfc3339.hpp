// SPDX-License-Identifier: Apache-2.0
// How all formats of text write times.
#pragma once

#include <chrono>

#include <peercert/render/output.hpp>

namespace peercert::render {

/// "2026-01-31T23:59:59.250Z". RFC 3339. Years have four digits.
void append_rfc3339(Output& out, std::chrono::sys_time<std::chrono::milliseconds> time);
/// "2026-01-31T23:59:59Z".
void append_rfc3339(Output& out, std::chrono::sys_seconds time);
/// Milliseconds, to the microsecond: "12.345". A negative duration is 0.
void append_milliseconds(Output& out, std::chrono::microseconds duration);

}  // namespace peercert::render
