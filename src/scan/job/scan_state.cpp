// SPDX-License-Identifier: Apache-2.0
#include "scan/job/scan_state.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "scan/job/content_digest.hpp"

namespace peercert::scan {
namespace {

std::string name_of(const ScanJobOptions& options, std::string_view member) {
  return options.name_of ? options.name_of(member) : std::string(member);
}

std::string text_of(const std::string& value) { return value; }
template <std::unsigned_integral T>
std::string text_of(T value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? "yes" : "";
  } else {
    return std::to_string(value);
  }
}
std::string text_of(std::chrono::milliseconds value) {
  return std::to_string(value.count()) + " ms";
}
std::string text_of(StartTls value) { return std::string(to_string(value)); }
std::string text_of(const Shard& value) {
  return std::to_string(value.number) + "/" + std::to_string(value.count);
}
std::string text_of(ScanMode value) {
  switch (value) {
    case ScanMode::verify: return "verify";
    case ScanMode::no_verify: return "no verification";
    case ScanMode::present_only: return "present only";
  }
  return {};
}
std::string text_of(AddressFamily value) {
  switch (value) {
    case AddressFamily::any: return "";
    case AddressFamily::ipv4: return "IPv4";
    case AddressFamily::ipv6: return "IPv6";
  }
  return {};
}
std::string text_of(const std::optional<ssl::TLSVersion>& value) {
  if (!value) return "";
  switch (*value) {
    case ssl::TLSVersion::minimum_supported: return "the oldest";
    case ssl::TLSVersion::maximum_supported: return "the newest";
    case ssl::TLSVersion::tls1: return "1.0";
    case ssl::TLSVersion::tls1_1: return "1.1";
    case ssl::TLSVersion::tls1_2: return "1.2";
    case ssl::TLSVersion::tls1_3: return "1.3";
  }
  return {};
}
template <class T>
std::string text_of(const std::vector<T>& values) {
  std::string all;
  for (const T& value : values) all.append(all.empty() ? "" : " ").append(text_of(value));
  return all;
}

// Collects names and values. A structure is taken apart into all of its members, so that a new one
// does not compile until somebody has decided whether records depend on it.
class Identity {
 public:
  explicit Identity(const ScanJobOptions& options) : options_(options) {}

  // Files first: of two differences it is the one that nobody sees on the command line.
  NamedTexts make() {
    add("input", input_digest());
    add_trust(options_.engine.tls.trust);
    add_file("engine.tls.certificate", options_.engine.tls.certificate);
    add("networks.allowed", options_.networks.allowed_digest());
    add("networks.denied", options_.networks.denied_digest());
    add_targets(options_.targets);
    add_engine(options_.engine);
    for (std::size_t i = 0; i < options_.outputs.size(); ++i) {
      add("outputs[" + std::to_string(i) + "]", options_.outputs[i].form);
    }
    return std::move(texts_);
  }

 private:
  void add(const std::string& name, std::string text) {
    if (!text.empty()) texts_.emplace_back(name, std::move(text));
  }

  void add_file(const std::string& name, const std::filesystem::path& file) {
    if (file.empty()) return;
    const auto digest = file_digest(file);
    if (digest) return add(name, *digest);
    throw std::invalid_argument(file.string() + ": no regular file, and with " +
                                name_of(options_, "resume") + " the contents of " +
                                name_of(options_, name) +
                                " have to be compared: save them in a file");
  }

  // The input, by its contents where it is a regular file. A pipe is taken for the same.
  std::string input_digest() const {
    if (options_.stream != nullptr) return "a stream";
    if (options_.input != "-") return file_digest(options_.input).value_or(options_.input);
    const Descriptor copy(::dup(STDIN_FILENO));
    return file_digest(copy, "standard input").value_or(options_.input);
  }

  void add_trust(const ssl::VerifyLocations& trust) {
    const auto& [cafile, capath, cadata] = trust;
    add_file("engine.tls.trust.cafile", cafile);
    if (!capath.empty()) add("engine.tls.trust.capath", directory_digest(capath));
    if (!cadata.empty()) add("engine.tls.trust.cadata", content_digest(cadata));
  }

  void add_targets(const TargetOptions& targets) {
    const auto& [ports, column, field, start_tls, shard, use_host_as_server_name] = targets;
    add("targets.ports", text_of(ports));
    add("targets.column", column);
    add("targets.field", field);
    add("targets.start_tls", text_of(start_tls));
    add("targets.shard", text_of(shard));
    add("targets.use_host_as_server_name", use_host_as_server_name ? "" : "no");
  }

  void add_engine(const ScanOptions& engine) {
    const auto& [mode, tls, resolver, limits, concurrency, reserved_descriptors, threads, rate,
                 per_address, per_network, retries, backoff, max_addresses, all_addresses,
                 mail_hosts] = engine;
    add("engine.mode", text_of(mode));
    add_tls(tls);
    const auto& [servers, family] = resolver;
    add("engine.resolver.servers", text_of(servers));
    add("engine.resolver.family", text_of(family));
    const auto& [dns, connect, start_tls, handshake, total] = limits;
    add("engine.limits.dns", text_of(dns));
    add("engine.limits.connect", text_of(connect));
    add("engine.limits.start_tls", text_of(start_tls));
    add("engine.limits.handshake", text_of(handshake));
    add("engine.limits.total", text_of(total));
    add("engine.retries", text_of(retries));
    add("engine.backoff", text_of(backoff));
    add("engine.max_addresses", text_of(max_addresses));
    add("engine.all_addresses", text_of(all_addresses));
    add("engine.mail_hosts", text_of(mail_hosts));
  }

  void add_tls(const TlsOptions& tls) {
    const auto& [trust, minimum_version, maximum_version, alpn, certificate, key, password,
                 ocsp_staple] = tls;
    add("engine.tls.minimum_version", text_of(minimum_version));
    add("engine.tls.maximum_version", text_of(maximum_version));
    add("engine.tls.alpn", text_of(alpn));
    add("engine.tls.ocsp_staple", text_of(ocsp_staple));
  }

  const ScanJobOptions& options_;
  NamedTexts texts_{};
};

NamedTexts renamed(const ScanJobOptions& options, NamedTexts texts) {
  for (auto& [name, value] : texts) name = name_of(options, name);
  return texts;
}

}  // namespace

NamedTexts identity_of(const ScanJobOptions& options) { return Identity(options).make(); }

std::optional<CheckpointFile> load_state(const ScanJobOptions& options) {
  if (options.resume.empty()) return std::nullopt;
  NamedTexts identity = identity_of(options);
  CheckpointFile file{options.resume, {}};
  if (auto state = load_checkpoint(options.resume)) {
    const std::string differs =
        difference(renamed(options, state->command), renamed(options, identity));
    if (!differs.empty()) {
      throw StateError(options.resume + ": it is of another scan: " + differs +
                       "; remove it to begin anew");
    }
    file.state = std::move(*state);
  }
  file.state.command = std::move(identity);
  return file;
}

bool reaches_beyond(const FinishedTargets& finished, std::uint64_t num_targets) {
  return finished.below() > num_targets ||
         (!finished.beyond().empty() && *finished.beyond().rbegin() >= num_targets);
}

}  // namespace peercert::scan
