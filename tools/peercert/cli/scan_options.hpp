// SPDX-License-Identifier: Apache-2.0
// The command line of `peercert scan`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/scan/options.hpp>
#include <peercert/scan/outputs.hpp>
#include <peercert/scan/target_source.hpp>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

namespace peercert::tool {

struct ScanOptions {
  std::string file = "-";  // of targets; "-" is standard input
  scan::TargetOptions targets;
  scan::ScanOptions engine;
  std::filesystem::path password_file;               // of the key to present
  std::vector<std::string> allow_files, deny_files;  // of networks

  std::vector<std::string> outputs;  // "-" is standard output; empty: that alone
  std::string fields;                // of certificates, with commas between them
  std::string certificates;          // where each distinct one goes; empty: nowhere
  std::string resume;                // the state of the scan; empty: none is kept
  std::string metrics;               // ADDRESS:PORT where figures are served; empty: nowhere
  bool quiet = false;                // no progress and no summary
  std::string command;               // all of the command line, for a shell
  /// Of standard output. Not set: for people on a terminal, for programs elsewhere.
  std::optional<scan::OutputFormat> format;
};

/// The option that sets a member of scan::ScanJobOptions: "--alpn" for "engine.tls.alpn". What has
/// none is what it is.
std::string name_of_option(std::string_view member);

/// Adds the subcommand, which fills `options` while the command line is parsed. They have to
/// outlive it.
CLI::App* add_scan(CLI::App& app, ScanOptions& options);

/// Looks at what CLI11 cannot check. Throws CLI::ValidationError.
void finish_scan(const std::vector<std::string>& files, ScanOptions& options);

}  // namespace peercert::tool
