// SPDX-License-Identifier: Apache-2.0
#include "scan_state.hpp"

#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <unistd.h>

#include <peercert/decode/read_files.hpp>
#include <peercert/ssl/error.hpp>

#include "scan/job/content_digest.hpp"

namespace peercert::tool {
namespace {

std::vector<std::string> read_all(const std::vector<std::string>& files) {
  std::vector<std::string> texts;
  for (const std::string& file : files) texts.push_back(decode::read_file(file));
  return texts;
}

scan::NetworkSet parse_all(const std::vector<std::string>& files,
                           const std::vector<std::string>& texts) {
  scan::NetworkSet set;
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      std::istringstream lines(texts[i]);
      set.add_lines(lines);
    } catch (const ssl::ValueError& error) {
      throw std::invalid_argument(files[i] + ": " + error.what());
    }
  }
  return set;
}

// The input, by its contents where it is a regular file. A pipe is taken for the same.
std::string input_digest(const std::string& file) {
  if (file != "-") return scan::file_digest(file).value_or(file);
  const scan::Descriptor copy(::dup(STDIN_FILENO));
  return scan::file_digest(copy, "standard input").value_or(file);
}

std::string digest_of_file(const std::string& option, const std::filesystem::path& file) {
  const auto digest = scan::file_digest(file);
  if (digest) return *digest;
  throw std::invalid_argument(file.string() +
                              ": no regular file, and with --resume the contents of " + option +
                              " have to be compared: save them in a file");
}

// In whatever order the files are named.
std::string digests_of(const std::vector<std::string>& texts) {
  std::set<std::string> digests;
  for (const std::string& text : texts) digests.insert(scan::content_digest(text));
  std::string all;
  for (const std::string& digest : digests) all.append(all.empty() ? "" : " ").append(digest);
  return all;
}

// What the records depend on. The key and its password are not compared: the key has to fit the
// certificate, and nothing of either is written down.
scan::NamedTexts identity_of(const ScanOptions& options, const NetworkTexts& texts) {
  scan::NamedTexts identity{{"FILE", input_digest(options.file)}};
  const scan::TlsOptions& tls = options.engine.tls;
  const auto add_file = [&identity](const std::string& option, const std::filesystem::path& file) {
    if (!file.empty()) identity.emplace_back(option, digest_of_file(option, file));
  };
  const auto add_texts = [&identity](const std::string& option,
                                     const std::vector<std::string>& files) {
    if (!files.empty()) identity.emplace_back(option, digests_of(files));
  };
  add_file("--cafile", tls.trust.cafile);
  if (!tls.trust.capath.empty()) {
    identity.emplace_back("--capath", scan::directory_digest(tls.trust.capath));
  }
  add_file("--cert", tls.certificate);
  add_texts("--allow", texts.allowed);
  add_texts("--deny", texts.denied);
  identity.insert(identity.end(), options.identity.begin(), options.identity.end());
  return identity;
}

}  // namespace

NetworkTexts read_network_files(const ScanOptions& options) {
  return {read_all(options.allow_files), read_all(options.deny_files)};
}

scan::Networks parse_networks(const ScanOptions& options, const NetworkTexts& texts) {
  scan::Networks networks{parse_all(options.allow_files, texts.allowed),
                          parse_all(options.deny_files, texts.denied)};
  // A set without networks allows all of them, which a list without any cannot mean.
  if (networks.allowed.empty() && !options.allow_files.empty()) {
    throw std::invalid_argument(options.allow_files.front() + ": it allows no network");
  }
  return networks;
}

std::optional<scan::CheckpointFile> load_state(const ScanOptions& options,
                                               const NetworkTexts& texts) {
  if (options.resume.empty()) return std::nullopt;
  scan::NamedTexts identity = identity_of(options, texts);
  scan::CheckpointFile file{options.resume, {}};
  if (auto state = scan::load_checkpoint(options.resume)) {
    const std::string differs = scan::difference(state->command, identity);
    if (!differs.empty()) {
      throw std::invalid_argument(options.resume + ": it is of another scan: " + differs +
                                  "; remove it to begin anew");
    }
    file.state = std::move(*state);
  }
  file.state.command = std::move(identity);
  return file;
}

bool reaches_beyond(const scan::FinishedTargets& finished, std::uint64_t num_targets) {
  return finished.below() > num_targets ||
         (!finished.beyond().empty() && *finished.beyond().rbegin() >= num_targets);
}

}  // namespace peercert::tool
