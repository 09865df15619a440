// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <peercert/decode/read_files.hpp>

#include "cli/terminal.hpp"
#include "commands.hpp"
#include "reports/verify_report.hpp"
#include "verify/public_suffix.hpp"

namespace peercert::tool {
namespace {

using decode::FileError;
using decode::read_certificates;
using decode::source_name;

Bytes as_octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string read_whole(const std::string& name) try {
  return decode::read_file(name);
} catch (const std::system_error& error) {
  throw FileError(source_name(name), error.code().message(), std::nullopt);
}

verify::Verifier make_verifier(const VerifyOptions& options) {
  verify::Verifier verifier;
  const auto refuse = [](const std::string& name, const std::optional<verify::InputError>& error) {
    if (error) throw FileError(source_name(name), std::string(error->message), error->offset);
  };
  const std::string anchors = read_whole(options.cafile);
  refuse(options.cafile, verifier.add_trust_anchors(as_octets(anchors)));
  for (const std::string& name : options.crls) {
    const std::string crls = read_whole(name);
    refuse(name, verifier.add_crls(as_octets(crls)));
  }
  return verifier;
}

verify::VerifyResult verify_files(const VerifyOptions& options) {
  std::vector<Der> certificates = read_certificates(options.leaf);
  const Der leaf = std::move(certificates.front());
  certificates.erase(certificates.begin());
  for (const std::string& name : options.untrusted) {
    std::ranges::move(read_certificates(name), std::back_inserter(certificates));
  }
  return make_verifier(options).verify(leaf, certificates, options.rules);
}

void complain_of(const FileError& error) {
  std::string what = error.what();
  if (error.offset()) what += fmt::format(" (begins at byte {})", *error.offset());
  complain(error.source(), what);
}

}  // namespace

ExitCode run_verify(const VerifyOptions& given) {
  VerifyOptions options = given;
  // The report tells the time.
  if (!options.rules.at) {
    options.rules.at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  options.rules.is_public_suffix = verify::public_suffix_list();
  const bool is_json = options.format == Format::json;
  try {
    const verify::VerifyResult result = verify_files(options);
    write_stdout(is_json ? verify_json(result, options)
                         : verify_text(result, options, Style::of_stdout()));
    if (result.is_valid()) return ExitCode::ok;
    complain(source_name(options.leaf), result.problems.front().message);
    return ExitCode::not_verified;
  } catch (const FileError& error) {
    if (is_json) write_stdout(verify_json(error, options));
    complain_of(error);
    return ExitCode::undecodable;
  }
}

}  // namespace peercert::tool
