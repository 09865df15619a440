// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <stdexcept>

#include <peercert/scan/outputs.hpp>

#include "scan/outputs/line_sinks.hpp"
#include "scan/outputs/output_format.hpp"
#include "scan/outputs/sqlite_sink.hpp"

namespace peercert::scan {
namespace {

struct Ending {
  std::string_view text;
  OutputFormat format;
};
constexpr Ending kEndings[] = {
    {".jsonl", OutputFormat::jsonl},    {".ndjson", OutputFormat::jsonl},
    {".json", OutputFormat::jsonl},     {".csv", OutputFormat::csv},
    {".db", OutputFormat::sqlite},      {".sqlite", OutputFormat::sqlite},
    {".sqlite3", OutputFormat::sqlite}, {".txt", OutputFormat::text},
};

// The format that a file's name tells, if it does.
std::optional<OutputFormat> known_format_of(const std::string& path) {
  if (is_stream(path)) return OutputFormat::jsonl;
  std::string_view name = path;
  if (name.ends_with(".zst")) name.remove_suffix(std::string_view(".zst").size());
  const auto* const found = std::ranges::find_if(
      kEndings, [name](const Ending& ending) { return name.ends_with(ending.text); });
  return found == std::end(kEndings) ? std::nullopt : std::optional(found->format);
}

OutputFormat format_of(const std::string& path) {
  if (const auto format = known_format_of(path)) return *format;
  std::string known;
  for (const Ending& ending : kEndings) known.append(" ").append(ending.text);
  throw std::invalid_argument(path + ": the file's ending tells the format, and has to be one of" +
                              known);
}

}  // namespace

std::optional<OutputFormat> parse_output_format(std::string_view name) noexcept {
  if (name == "jsonl") return OutputFormat::jsonl;
  if (name == "csv") return OutputFormat::csv;
  if (name == "sqlite") return OutputFormat::sqlite;
  if (name == "text") return OutputFormat::text;
  return std::nullopt;
}

bool is_database(const std::string& path, const OutputOptions& options) {
  return (options.format ? options.format : known_format_of(path)) == OutputFormat::sqlite;
}

std::unique_ptr<Sink> open_sink(const std::string& path, const OutputOptions& options) {
  switch (options.format ? *options.format : format_of(path)) {
    case OutputFormat::jsonl: return make_jsonl_sink(path, options);
    case OutputFormat::csv: return make_csv_sink(path, options);
    case OutputFormat::sqlite: return make_sqlite_sink(path, options);
    case OutputFormat::text: return make_text_sink(path, options);
  }
  return nullptr;
}

}  // namespace peercert::scan
