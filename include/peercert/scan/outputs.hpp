// SPDX-License-Identifier: Apache-2.0
// The kinds of sinks that there are. docs/scan.md, "Outputs".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/scan/fields.hpp>
#include <peercert/scan/sink.hpp>

namespace peercert::scan {

enum class OutputFormat : std::uint8_t {
  jsonl,   // peercert.scan/1 of docs/formats.md, an object a line
  csv,     // RFC 4180, a row for each record
  sqlite,  // a database with the tables runs, observations and certificates
  text,    // a table for people
};
/// The format of such a name: "jsonl", "csv", "sqlite", "text"; nullopt if there is none.
std::optional<OutputFormat> parse_output_format(std::string_view name) noexcept;

struct OutputOptions {
  /// Without one the file's ending tells: .jsonl, .ndjson, .json; .csv; .db, .sqlite, .sqlite3;
  /// .txt. "-", /dev/stdout and /dev/fd/N are then JSON lines.
  std::optional<OutputFormat> format{};
  Fields fields{};
  std::size_t width = 100;  // columns of the table for people
  std::string command{};    // what a database says of the run; empty: nothing
};

/// Whether the path names what this process has open already: "-", /dev/stdout, /dev/fd/N. It has
/// no ending of its own, and what was written there is not taken back.
bool is_stream(const std::string& path);

/// The sink for a file, which is made if it is not there; "-" is standard output. What the file
/// holds stays until the sink's rewind(), which has to be its first call. A ".zst" after the ending
/// compresses lines and rows. A symbolic link is followed if it belongs to this user or to root.
/// Throws std::invalid_argument if it does not, if nothing tells the format, if the format cannot
/// be written there, or if another sink writes there, in this process or another; and
/// std::system_error as Sink::write().
std::unique_ptr<Sink> open_sink(const std::string& path, const OutputOptions& options = {});

/// A sink that stores each distinct certificate of the records once, with its SHA-256: as JSON
/// lines (peercert.certificate/1), or as PEM if the file's name ends with ".pem". Keeps 16 octets
/// of each digest in memory, 34 megabytes for a million. Throws as open_sink().
std::unique_ptr<Sink> open_certificate_store(const std::string& path);

}  // namespace peercert::scan
