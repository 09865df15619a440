// SPDX-License-Identifier: Apache-2.0
// The command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <peercert/decode/decode_files.hpp>
#include <peercert/ssl/constants.hpp>
#include <peercert/verify/verifier.hpp>

#include "cli/exit_code.hpp"
#ifdef PEERCERT_HAS_SCAN
#include "cli/scan_options.hpp"
#endif
#include "cli/target.hpp"

namespace peercert::tool {

enum class Format : std::uint8_t { text, json, python, pem, der };
enum class ChainKind : std::uint8_t { sent, verified };

struct GetOptions {
  std::vector<Target> targets;
  Format format = Format::text;
  std::chrono::milliseconds timeout{10'000};  // for name, connection and handshake together
  std::optional<ChainKind> chain;
  bool details = false;  // show all that the certificate says

  ssl::VerifyMode verify = ssl::VerifyMode::required;
  std::filesystem::path cafile;
  std::filesystem::path capath;
  std::string servername;  // empty: the target's host
  bool check_hostname = true;

  std::filesystem::path cert;
  std::filesystem::path key;
  std::filesystem::path password_file;

  std::optional<ssl::TLSVersion> min_version;
  std::optional<ssl::TLSVersion> max_version;
  std::vector<std::string> alpn;
};

struct DecodeOptions {
  decode::FileOptions input;  // without files: standard input
  Format format = Format::text;
  bool details = false;         // show all that each certificate says
  bool no_fingerprint = false;  // leave the SHA-256 of each out of JSON
  bool findings = false;        // show what is wrong with what was decoded
  bool strict = false;          // do not decode what has a finding of Severity::error
};

struct VerifyOptions {
  std::string leaf;                    // a file; "-" is standard input
  std::string cafile;                  // of trust anchors
  std::vector<std::string> untrusted;  // files of other certificates
  std::vector<std::string> crls;
  Format format = Format::text;
  verify::VerifyOptions rules;
};

struct DemoOptions {};

using Command = std::variant<GetOptions, DecodeOptions, VerifyOptions,
#ifdef PEERCERT_HAS_SCAN
                             ScanOptions,
#endif
                             DemoOptions>;

/// What the command line asks for; or the exit status, if it was a question (--help, --version) or
/// a mistake and has been answered.
std::variant<Command, ExitCode> parse_options(int argc, const char* const* argv);

}  // namespace peercert::tool
