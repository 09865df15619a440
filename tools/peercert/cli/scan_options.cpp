// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_options.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include <sys/stat.h>

#include <peercert/ssl/error.hpp>

#include "cli/cli.hpp"
#include "cli/help_text.hpp"

namespace peercert::tool {
namespace {

using scan::AddressFamily;
using scan::OutputFormat;
using scan::ScanMode;
using std::chrono::milliseconds;

constexpr std::size_t kMaxConcurrency = 1'000'000;
constexpr std::size_t kMaxAddresses = 256;
constexpr unsigned kMaxThreads = 1024;
constexpr unsigned kMaxRetries = 100;
constexpr double kMaxSeconds = 1e6;

const Choices<ScanMode> kModes{{"required", ScanMode::verify}, {"none", ScanMode::no_verify}};
const Choices<std::optional<OutputFormat>> kStreamFormats{
    {"text", OutputFormat::text}, {"json", OutputFormat::jsonl}, {"csv", OutputFormat::csv}};

struct OptionName {
  std::string_view member, option;
};
/// The members of scan::ScanJobOptions that a message may name: those on which records depend.
constexpr OptionName kOptionNames[] = {
    {"input", "FILE"},
    {"resume", "--resume"},
    {"networks.allowed", "--allow"},
    {"networks.denied", "--deny"},
    {"outputs", "--fields"},
    {"targets.ports", "--port"},
    {"targets.column", "--column"},
    {"targets.field", "--field"},
    {"targets.start_tls", "--starttls"},
    {"targets.shard", "--shard"},
    {"targets.use_host_as_server_name", "--no-servername"},
    {"engine.mode", "--verify or --present-only"},
    {"engine.tls.trust.cafile", "--cafile"},
    {"engine.tls.trust.capath", "--capath"},
    {"engine.tls.certificate", "--cert"},
    {"engine.tls.minimum_version", "--min-version"},
    {"engine.tls.maximum_version", "--max-version"},
    {"engine.tls.alpn", "--alpn"},
    {"engine.tls.ocsp_staple", "--ocsp"},
    {"engine.resolver.servers", "--resolver"},
    {"engine.resolver.family", "--ipv4 or --ipv6"},
    {"engine.limits.dns", "--dns-timeout"},
    {"engine.limits.connect", "--connect-timeout"},
    {"engine.limits.start_tls", "--starttls-timeout"},
    {"engine.limits.handshake", "--handshake-timeout"},
    {"engine.limits.total", "--timeout"},
    {"engine.retries", "--retries"},
    {"engine.backoff", "--backoff"},
    {"engine.max_addresses", "--max-addresses"},
    {"engine.all_addresses", "--all-ips"},
    {"engine.mail_hosts", "--mx"},
};

/// An option whose value is a time in seconds.
void add_seconds(CLI::App& app, const std::string& name, milliseconds& into,
                 const std::string& about, const std::string& group) {
  const auto assign = [&into, name](double seconds) {
    if (!(seconds >= 0.001 && seconds <= kMaxSeconds)) {
      throw CLI::ValidationError(name, "must be from 0.001 to 1000000 seconds");
    }
    into = milliseconds(std::llround(seconds * 1e3));
  };
  app.add_option_function<double>(name, assign, about)->type_name("SECONDS")->group(group);
}

void add_targets(CLI::App& sub, ScanOptions& options) {
  const std::string group = "Targets";
  scan::TargetOptions& targets = options.targets;
  sub.add_option("--port", targets.ports, "For targets without one; again for each other (443)")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65535).description(""))
      ->allow_extra_args(false)
      ->group(group);
  sub.add_option("--column", targets.column, "FILE is CSV: the column's name, or its number")
      ->type_name("NAME")
      ->group(group);
  sub.add_option("--field", targets.field, "FILE is JSON lines: the member with the target")
      ->type_name("NAME")
      ->group(group);
  const auto set_protocol = [&targets](const std::string& name) {
    const auto protocol = scan::parse_start_tls(name);
    if (!protocol) throw CLI::ValidationError("--starttls", "'" + name + "' is no protocol of it");
    targets.start_tls = *protocol;
  };
  sub.add_option_function<std::string>("--starttls", set_protocol,
                                       "Begin in plain text: smtp, imap, ...; auto: by the port")
      ->type_name("PROTOCOL")
      ->group(group);
  sub.add_flag("--mx", options.engine.mail_hosts, "Look at the mail servers of the targets")
      ->group(group);
  sub.add_flag("--all-ips", options.engine.all_addresses, "Look at each address of a target")
      ->group(group);
  sub.add_option("--max-addresses", options.engine.max_addresses,
                 "Of a name so many addresses are tried, or looked at (16)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxAddresses).description(""))
      ->group(group);
  sub.add_flag_callback(
         "--no-servername", [&targets] { targets.use_host_as_server_name = false; },
         "Ask for no name, and compare none")
      ->group(group);
  const auto set_shard = [&targets](const std::string& text) {
    try {
      targets.shard = scan::parse_shard(text);
    } catch (const ssl::ValueError& error) {
      throw CLI::ValidationError("--shard", error.what());
    }
  };
  sub.add_option_function<std::string>("--shard", set_shard, "Only the Ith of N parts")
      ->type_name("I/N")
      ->group(group);
  sub.add_option("--allow", options.allow_files, "Only addresses of these networks")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(group);
  sub.add_option("--deny", options.deny_files, "No addresses of these networks")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(group);
}

void add_pace(CLI::App& sub, ScanOptions& options) {
  const std::string group = "Pace";
  scan::ScanOptions& engine = options.engine;
  sub.add_option("--concurrency", engine.concurrency, "Connections at once (1000)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxConcurrency).description(""))
      ->group(group);
  sub.add_option("--rate", engine.rate, "Targets begun in a second, at most")
      ->type_name("N")
      ->check(CLI::Range(0.001, 1e9).description(""))
      ->group(group);
  sub.add_option("--per-address", engine.per_address, "Connections at once to an address")
      ->type_name("N")
      ->group(group);
  sub.add_option("--per-network", engine.per_network, "Connections at once to a /24 or /48")
      ->type_name("N")
      ->group(group);
  sub.add_option("--threads", engine.threads, "Event loops (as many as there are cores)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMaxThreads).description(""))
      ->group(group);
  sub.add_option("--retries", engine.retries, "Try again what may pass, such as timeouts (0)")
      ->type_name("N")
      ->check(CLI::Range(0U, kMaxRetries).description(""))
      ->group(group);
  add_seconds(sub, "--backoff", engine.backoff, "Before the first retry; doubles (1)", group);
  add_seconds(sub, "--dns-timeout", engine.limits.dns, "For the name (5)", group);
  add_seconds(sub, "--connect-timeout", engine.limits.connect, "For TCP (5)", group);
  add_seconds(sub, "--starttls-timeout", engine.limits.start_tls, "For the plain text (10)", group);
  add_seconds(sub, "--handshake-timeout", engine.limits.handshake, "For TLS (10)", group);
  add_seconds(sub, "--timeout", engine.limits.total, "For all of it, retries too (30)", group);
}

void add_network(CLI::App& sub, ScanOptions& options) {
  const std::string group = "Names";
  scan::ResolverOptions& resolver = options.engine.resolver;
  sub.add_option("--resolver", resolver.servers, "Ask these name servers, not the system's")
      ->type_name("ADDRESS,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  CLI::Option* const ipv4 = sub.add_flag_callback(
      "--ipv4", [&resolver] { resolver.family = AddressFamily::ipv4; }, "Only IPv4 addresses");
  CLI::Option* const ipv6 = sub.add_flag_callback(
      "--ipv6", [&resolver] { resolver.family = AddressFamily::ipv6; }, "Only IPv6 addresses");
  ipv4->group(group)->excludes(ipv6);
  ipv6->group(group);
}

void add_tls(CLI::App& sub, ScanOptions& options) {
  const std::string group = "TLS";
  scan::ScanOptions& engine = options.engine;
  CLI::Option* const verify = add_choice(sub, "--verify", engine.mode, kModes,
                                         "Whether the verdict is found out (required)");
  CLI::Option* const present_only = sub.add_flag_callback(
      "--present-only", [&engine] { engine.mode = ScanMode::present_only; },
      "Stop at the certificate: proves nothing, and is cheaper");
  verify->group(group);
  present_only->group(group)->excludes(verify);
  sub.add_option("--cafile", engine.tls.trust.cafile,
                 "Trust these certificates (PEM) instead of the system's")
      ->type_name("FILE")
      ->group(group);
  sub.add_option("--capath", engine.tls.trust.capath,
                 "Trust this directory of hashed names instead")
      ->type_name("DIR")
      ->group(group);
  add_choice(sub, "--min-version", engine.tls.minimum_version, kVersions,
             "Oldest TLS version (1.0)")
      ->group(group);
  add_choice(sub, "--max-version", engine.tls.maximum_version, kVersions,
             "Newest TLS version (1.3)")
      ->group(group);
  sub.add_option("--alpn", engine.tls.alpn, "Protocols to offer, such as h2,http/1.1")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  sub.add_flag("--ocsp", engine.tls.ocsp_staple, "Ask for an OCSP response, and verify it")
      ->group(group)
      ->excludes(present_only);
  CLI::Option* const cert =
      sub.add_option("--cert", engine.tls.certificate, "Certificate to present (PEM)")
          ->type_name("FILE")
          ->group(group);
  sub.add_option("--key", engine.tls.key, "Its private key (PEM), if not in the same file")
      ->type_name("FILE")
      ->needs(cert)
      ->group(group);
  sub.add_option("--password-file", options.password_file, "The first line is the key's password")
      ->type_name("FILE")
      ->needs(cert)
      ->group(group);
}

void add_output(CLI::App& sub, ScanOptions& options) {
  const std::string group = "Output";
  sub.add_option("--output", options.outputs,
                 "Where records go, by its ending; again for another (-)")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(group);
  add_choice(sub, "--format", options.format, kStreamFormats,
             "What goes to standard output (text on a terminal, else json)")
      ->group(group);
  sub.add_option("--fields", options.fields, "More of each certificate; 'help' lists them")
      ->type_name("NAME,...")
      ->group(group);
  sub.add_option("--certificates", options.certificates, "Keep each distinct certificate here")
      ->type_name("FILE")
      ->group(group);
  sub.add_option("--resume", options.resume,
                 "Keep the state here, and go on with it if it is there")
      ->type_name("STATE")
      ->group(group);
  sub.add_option("--metrics", options.metrics, "Serve figures for Prometheus meanwhile")
      ->type_name("ADDRESS:PORT")
      ->group(group);
  sub.add_flag("--quiet", options.quiet, "No progress and no summary")->group(group);
}

/// A scan goes on in files that can be cut back. Of a FIFO it would wait for a reader, too.
void refuse_to_resume(const std::string& name) {
  if (scan::is_stream(name)) {
    throw CLI::ValidationError("--resume", "cannot go on with standard output: name an --output");
  }
  struct stat status {};
  if (::stat(name.c_str(), &status) != 0) return;  // it is not there yet
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return;
  throw CLI::ValidationError(
      "--resume", "cannot go on with " + name + ", which is no regular file: name another");
}

}  // namespace

CLI::App* add_scan(CLI::App& app, ScanOptions& options) {
  CLI::App* const sub = app.add_subcommand("scan", kScanAbout);
  sub->footer(kScanFooter);
  sub->allow_extras();
  add_targets(*sub, options);
  add_pace(*sub, options);
  add_network(*sub, options);
  add_tls(*sub, options);
  add_output(*sub, options);
  return sub;
}

void finish_scan(const Words& files, ScanOptions& options) {
  if (files.size() > 1) throw CLI::ValidationError(files[1], "is one FILE too many");
  if (!files.empty()) options.file = files.front();
  const scan::TlsOptions& tls = options.engine.tls;
  if (tls.minimum_version && tls.maximum_version && *tls.minimum_version > *tls.maximum_version) {
    throw CLI::ValidationError("--min-version", "is newer than --max-version");
  }
  if (!options.targets.column.empty() && !options.targets.field.empty()) {
    throw CLI::ValidationError("--column", "excludes --field");
  }
  if (options.outputs.empty()) options.outputs.emplace_back("-");
  const bool to_stdout = std::ranges::any_of(options.outputs, scan::is_stream);
  if (!options.resume.empty()) {
    std::ranges::for_each(options.outputs, refuse_to_resume);
    if (!options.certificates.empty()) refuse_to_resume(options.certificates);
  }
  if (options.format && !to_stdout) {
    throw CLI::ValidationError("--format", "is for standard output: files go by their endings");
  }
}

std::string name_of_option(std::string_view member) {
  const std::string_view list = member.substr(0, member.find('['));  // of "outputs[0]"
  const auto* const found = std::ranges::find(kOptionNames, list, &OptionName::member);
  return std::string(found == std::end(kOptionNames) ? member : found->option);
}

}  // namespace peercert::tool
