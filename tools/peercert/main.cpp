// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <exception>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "commands.hpp"

namespace peercert::tool {
namespace {

ExitCode run(const GetOptions& options) { return run_get(options); }
ExitCode run(const DecodeOptions& options) { return run_decode(options); }
ExitCode run(const VerifyOptions& options) { return run_verify(options); }
#ifdef PEERCERT_HAS_SCAN
ExitCode run(const ScanOptions& options) { return run_scan(options); }
#endif
ExitCode run(const DemoOptions&) { return run_demo(); }

ExitCode run(int argc, const char* const* argv) try {
  reserve_standard_descriptors();
  const auto parsed = parse_options(argc, argv);
  if (const ExitCode* const answered = std::get_if<ExitCode>(&parsed)) return *answered;
  return std::visit([](const auto& options) { return run(options); }, std::get<Command>(parsed));
} catch (const OutputError& error) {
  // A reader that has seen enough, such as head, is no error to tell anybody about.
  if (error.code().value() != EPIPE) complain("", error.what());
  return ExitCode::internal;
} catch (const std::exception& error) {
  complain("", error.what());
  return ExitCode::internal;
}

}  // namespace
}  // namespace peercert::tool

int main(int argc, char** argv) { return static_cast<int>(peercert::tool::run(argc, argv)); }
