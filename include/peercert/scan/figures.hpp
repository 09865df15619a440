// SPDX-License-Identifier: Apache-2.0
// How far a scan is.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <peercert/scan/record.hpp>

namespace peercert::scan {

/// How many records there have been in this run.
struct RecordCounts {
  static constexpr std::size_t kNumVerdicts = static_cast<std::size_t>(ssl::Verdict::verified) + 1;
  static constexpr std::size_t kNumErrors = static_cast<std::size_t>(ErrorClass::internal) + 1;

  std::uint64_t targets = 0, records = 0;
  std::array<std::uint64_t, kNumVerdicts> verdicts{};  // of records with a certificate
  std::array<std::uint64_t, kNumErrors> errors{};

  std::uint64_t of(ssl::Verdict verdict) const {
    return verdicts[static_cast<std::size_t>(verdict)];
  }
  std::uint64_t of(ErrorClass error) const { return errors[static_cast<std::size_t>(error)]; }
};

/// What is known of a scan at one moment.
struct ScanFigures {
  RecordCounts records{};
  std::size_t in_flight = 0;    // targets that are being looked at
  std::uint64_t bad_lines = 0;  // of the input, which name no target
  std::uint64_t read = 0;       // bytes of the input; 0 if that is a stream
  std::uint64_t size = 0;       // of the input in bytes; 0 where it is not known
  std::chrono::duration<double> elapsed{};
};

}  // namespace peercert::scan
