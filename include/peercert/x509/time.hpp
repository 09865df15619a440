// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include <peercert/der/reader.hpp>

namespace peercert {

/// A UTCTime or GeneralizedTime in UTC, after its zone's offset was applied.
struct DateTime {
  int year = 0;    // 0 to 9999
  int month = 1;   // 1 to 12
  int day = 1;     // 1 to 31
  int hour = 0;    // 0 to 23
  int minute = 0;  // 0 to 59
  int second = 0;  // 0 to 59
  Bytes fraction;  // ".5" of a GeneralizedTime, as encoded; else empty

  /// Whole seconds; the fraction is dropped.
  std::chrono::sys_seconds to_sys_seconds() const noexcept;
};

/// Time ::= CHOICE { utcTime, generalTime }, as encoded. RFC 5280, 4.1.2.5. Borrows the DER.
struct TimeView {
  der::Tag tag = 0;  // UTCTime or GeneralizedTime
  Bytes content;     // the characters as encoded, not checked

  /// The date if the content is one: as OpenSSL reads it, so seconds may be missing, a
  /// GeneralizedTime may have a fraction, and a zone (Z, +hhmm or -hhmm) has to be there; RFC 5280
  /// allows only Z and whole seconds. A two-digit year under 50 is in the 2000s.
  std::optional<DateTime> parse() const noexcept;
};

/// Reads a Time; its content is not checked.
TimeView read_time(der::Reader& in) noexcept;

}  // namespace peercert
