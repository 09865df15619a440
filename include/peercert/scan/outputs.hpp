// SPDX-License-Identifier: Apache-2.0
// The kinds of sinks that there are. docs/scan.md, "Outputs".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <peercert/scan/fields.hpp>
#include <peercert/scan/sink.hpp>

namespace peercert::scan {

enum class OutputFormat : std::uint8_t {
  jsonl,  // peercert.scan/1 of docs/formats.md, an object a line
};
struct OutputOptions {
  /// Without one the file's ending tells: .jsonl, .ndjson, .json; "-" is JSON lines.
  std::optional<OutputFormat> format{};
  Fields fields{};
};

/// The sink for a file, which is made if it is not there; "-" is standard output. What the file
/// holds stays until the sink's rewind(), which has to be its first call. A ".zst" behind the
/// ending compresses lines and rows. Throws std::invalid_argument if nothing tells the format, or
/// if the format cannot be written there, and std::system_error as Sink::write().
std::unique_ptr<Sink> open_sink(const std::string& path, const OutputOptions& options = {});

}  // namespace peercert::scan
