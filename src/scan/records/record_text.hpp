// SPDX-License-Identifier: Apache-2.0
// How all outputs write times.
#pragma once

#include <chrono>

#include <peercert/render/output.hpp>
#include <peercert/scan/record.hpp>

namespace peercert::scan {

using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-01-31T23:59:59.250Z". RFC 3339.
void append_time(Output& out, Milliseconds time);
/// "2026-01-31T23:59:59Z".
void append_time(Output& out, std::chrono::sys_seconds time);
/// The same of a certificate's time; nothing if it is not one.
void append_time(Output& out, const TimeView& time);
/// Milliseconds, to the microsecond: "12.345".
void append_duration(Output& out, PhaseTimes::Duration duration);

}  // namespace peercert::scan
