// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <peercert/base/version.hpp>
#include <peercert/ssl/error.hpp>

#include "cli/cli.hpp"
#include "cli/help_text.hpp"
#include "cli/terminal.hpp"
#include "ssl/net/idna.hpp"

namespace peercert::tool {
namespace {

constexpr unsigned kMaxJobs = 1024;

// The years 0001 to 9999, which is what certificates can say.
constexpr std::int64_t kMinEpoch = -62'135'596'800;
constexpr std::int64_t kMaxEpoch = 253'402'300'799;

constexpr std::array<std::string_view, 5> kCommands{"get", "decode", "verify", "scan", "demo"};

// Descriptions and footers are texts of ours; of CLI11's layout only the options remain.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    std::string help = app->get_description();
    for (const std::string& group : app->get_groups()) {
      const auto is_member = [&group](const CLI::Option* option) {
        return option->get_group() == group && option->nonpositional();
      };
      help += make_group(group, false, app->get_options(is_member));
    }
    return help + app->get_footer();
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
};

constexpr const char* kDetailsAbout = "Show all that a certificate says, every extension decoded";

const Choices<Format> kFormats{{"text", Format::text},
                               {"json", Format::json},
                               {"python", Format::python},
                               {"pem", Format::pem},
                               {"der", Format::der}};

const Choices<Format> kReportFormats{{"text", Format::text}, {"json", Format::json}};

const Choices<decode::InputForm> kInputForms{
    {"auto", decode::InputForm::detected},
    {"pem", decode::InputForm::pem},
    {"der", decode::InputForm::der},
    {"length-prefixed", decode::InputForm::length_prefixed}};

const Choices<ssl::VerifyMode> kVerifyModes{{"required", ssl::VerifyMode::required},
                                            {"optional", ssl::VerifyMode::optional},
                                            {"none", ssl::VerifyMode::none}};

const Choices<ChainKind> kChains{{"sent", ChainKind::sent}, {"verified", ChainKind::verified}};

using verify::NameKind;
using verify::Purpose;
using verify::VerifyProfile;

const Choices<Purpose> kPurposes{{"server", Purpose::server_auth},
                                 {"client", Purpose::client_auth}};

const Choices<VerifyProfile> kProfiles{{"openssl", VerifyProfile::openssl},
                                       {"webpki", VerifyProfile::webpki},
                                       {"cabf", VerifyProfile::cabf}};

// What CLI11 fills, and what needs another look afterwards.
struct Parsed {
  GetOptions get;
  DecodeOptions decode;
  VerifyOptions verify;
#ifdef PEERCERT_HAS_SCAN
  ScanOptions scan;
#endif
  double timeout_seconds = 10;
};

CLI::App* add_get(CLI::App& app, Parsed& parsed) {
  GetOptions& get = parsed.get;
  CLI::App* const sub = app.add_subcommand("get", kGetAbout);
  sub->footer(kGetFooter);
  sub->allow_extras();
  add_choice(*sub, "--format", get.format, kFormats, "What to print (text)")->group("Output");
  add_choice(*sub, "--chain", get.chain, kChains,
             "Chain to show: as sent, or as verification built it")
      ->group("Output");

  sub->add_flag("--details", get.details, kDetailsAbout)->group("Output");

  const std::string verification = "Verification";
  add_choice(*sub, "--verify", get.verify, kVerifyModes,
             "How to verify (required); optional does the same")
      ->group(verification);
  sub->add_option("--cafile", get.cafile, "Trust these certificates (PEM) instead of the system's")
      ->type_name("FILE")
      ->group(verification);
  sub->add_option("--capath", get.capath, "Trust this directory of hashed names instead")
      ->type_name("DIR")
      ->group(verification);
  sub->add_option("--servername", get.servername, "Name to ask for and to verify instead of HOST")
      ->type_name("NAME")
      ->group(verification);
  sub->add_flag_callback(
         "--no-check-hostname", [&get] { get.check_hostname = false; },
         "Verify the chain, but not that it names the host")
      ->group(verification);
  return sub;
}

void add_get_connection(CLI::App& sub, Parsed& parsed) {
  GetOptions& get = parsed.get;
  const std::string connection = "Connection";
  sub.add_option("--timeout", parsed.timeout_seconds,
                 "For name, connection and handshake together (10)")
      ->type_name("SECONDS")
      ->group(connection);
  add_choice(sub, "--min-version", get.min_version, kVersions, "Oldest TLS version (1.2)")
      ->group(connection);
  add_choice(sub, "--max-version", get.max_version, kVersions, "Newest TLS version (1.3)")
      ->group(connection);
  sub.add_option("--alpn", get.alpn, "Protocols to offer, such as h2,http/1.1")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(connection);

  const std::string client = "Client certificate";
  CLI::Option* const cert =
      sub.add_option("--cert", get.cert, "Certificate to present, with its chain (PEM)")
          ->type_name("FILE")
          ->group(client);
  sub.add_option("--key", get.key, "Its private key (PEM), if it is not in the same file")
      ->type_name("FILE")
      ->needs(cert)
      ->group(client);
  sub.add_option("--password-file", get.password_file, "The first line is the key's password")
      ->type_name("FILE")
      ->needs(cert)
      ->group(client);
}

CLI::App* add_decode(CLI::App& app, Parsed& parsed) {
  CLI::App* const sub = app.add_subcommand("decode", kDecodeAbout);
  sub->footer(kDecodeFooter);
  sub->allow_extras();
  DecodeOptions& decode = parsed.decode;
  add_choice(*sub, "--format", decode.format, kFormats, "What to print (text)");
  add_choice(*sub, "--input", decode.input.form, kInputForms,
             "What the files hold (auto: as they look)");
  CLI::Option* const details = sub->add_flag("--details", decode.details, kDetailsAbout);
  sub->add_flag("--no-fingerprint", decode.no_fingerprint,
                "Leave sha256 out of json: it takes longer than decoding")
      ->excludes(details);
  sub->add_option("--jobs", decode.input.jobs,
                  "Threads for large inputs (as many as there are cores)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMaxJobs));
  sub->add_flag("--findings", decode.findings, "Show what the standards have against each");
  sub->add_flag("--strict", decode.strict, "Refuse what is not DER, or not as RFC 5280 wants it");
  return sub;
}

// An address without the brackets that URLs have around it (RFC 3986, 3.2.2), and without its zone
// (RFC 4007, 11), which is of this machine and in no certificate.
std::string bare_address(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return text.find(':') != text.npos ? text.substr(0, text.find('%')) : text;
}

std::string with_a_labels(const std::string& mailbox) {
  const std::size_t host = mailbox.rfind('@') + 1;  // npos + 1 is 0
  return mailbox.substr(0, host) + ssl::to_a_labels(std::string_view(mailbox).substr(host));
}

// As certificates have it. Throws ssl::ValueError.
std::string normalized(NameKind kind, const std::string& given) {
  switch (kind) {
    case NameKind::hostname: return ssl::to_a_labels(given);
    case NameKind::ip: return bare_address(given);
    case NameKind::email: return with_a_labels(given);
  }
  return given;
}

// Of a host there is a verdict if there would be one on a connection: what no certificate may name,
// such as an underscore, is no mistake on the command line.
bool can_be_asked_for(const verify::ReferenceName& name) {
  return name.kind == NameKind::hostname ? ssl::server_hostname_problem(name.text).empty()
                                         : verify::is_well_formed(name);
}

verify::ReferenceName reference_name(NameKind kind, const std::string& given,
                                     const std::string& what) {
  try {
    verify::ReferenceName name{kind, normalized(kind, given)};
    if (can_be_asked_for(name)) return name;
  } catch (const ssl::ValueError&) {  // what to do is the same
  }
  throw CLI::ValidationError("'" + given + "'", "is no " + what);
}

CLI::Option* add_name(CLI::App& app, const std::string& option, NameKind kind,
                      VerifyOptions& verify, const std::string& what) {
  const auto assign = [&verify, kind, what](const std::string& name) {
    if (verify.rules.name) throw CLI::ValidationError(name, "is one name too many");
    verify.rules.name = reference_name(kind, name, what);
  };
  const std::string about = "LEAF has to be for this " + what;
  return app.add_option_function<std::string>(option, assign, about)->type_name("NAME");
}

CLI::App* add_verify(CLI::App& app, Parsed& parsed) {
  VerifyOptions& verify = parsed.verify;
  CLI::App* const sub = app.add_subcommand("verify", kVerifyAbout);
  sub->footer(kVerifyFooter);
  sub->allow_extras();
  sub->add_option("--cafile", verify.cafile, "Trust these certificates")
      ->type_name("FILE")
      ->required();
  sub->add_option("--untrusted", verify.untrusted, "Certificates that may lead to those")
      ->type_name("FILE")
      ->allow_extra_args(false);
  sub->add_option("--crl", verify.crls, "Certificates that their issuers have revoked")
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_name(*sub, "--hostname", NameKind::hostname, verify, "host name");
  add_name(*sub, "--ip", NameKind::ip, verify, "IP address");
  add_name(*sub, "--email", NameKind::email, verify, "mailbox");
  const auto set_time = [&verify](std::int64_t epoch) {
    verify.rules.at = std::chrono::sys_seconds(std::chrono::seconds(epoch));
  };
  sub->add_option_function<std::int64_t>("--at-time", set_time, "Seconds since 1970 (now)")
      ->type_name("EPOCH")
      ->check(CLI::Range(kMinEpoch, kMaxEpoch).description(""));
  add_choice(*sub, "--purpose", verify.rules.purpose, kPurposes, "Whose LEAF has to be (server)");
  sub->add_option("--max-depth", verify.rules.max_depth,
                  "Certificates between LEAF and trusted one (100)")
      ->type_name("N")
      ->check(CLI::Range(0, verify::kLargestMaxDepth).description(""));
  add_choice(*sub, "--profile", verify.rules.profile, kProfiles, "Whose rules decide (webpki)");
  add_choice(*sub, "--format", verify.format, kReportFormats, "What to print (text)");
  return sub;
}

bool is_command(std::string_view word) {
  return std::ranges::find(kCommands, word) != kCommands.end();
}

// The arguments with the command that is meant if none is named.
std::vector<std::string> arguments_of(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  // CLI11 passes over empty ones, which are most often a variable of a script that was not set.
  if (std::ranges::find(arguments, "") != arguments.end()) {
    throw CLI::ValidationError("''", "an argument is empty");
  }
  const std::string& first = arguments.front();
#ifndef PEERCERT_HAS_SCAN
  if (first == "scan") {
    throw CLI::ValidationError(first, "this build has no scanner (PEERCERT_SCAN=OFF)");
  }
#endif
  const bool named =
      is_command(first) || first == "--help" || first == "-h" || first == "--version";
  if (named) return arguments;
  const auto late = std::ranges::find_if(arguments, is_command);
  if (late != arguments.end()) {
    throw CLI::ValidationError(*late, "a command comes first; if it is none, say: peercert get");
  }
  arguments.insert(arguments.begin(), "get");
  return arguments;
}

// Cuts off what follows the first "--": in CLI11 that would leave the subcommand.
Words take_words_behind_dashes(Words& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  Words words(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return words;
}

// The arguments that are no options. CLI11's own positional arguments would take "[::1]" for a
// list, and "{}" for none.
Words words_of(const CLI::App& command, const Words& behind_dashes) {
  Words words = command.remaining();
  for (const std::string& word : words) {
    if (word.size() < 2 || word.front() != '-') continue;
    throw CLI::ValidationError(word, "there is no such option");
  }
  words.insert(words.end(), behind_dashes.begin(), behind_dashes.end());
  return words;
}

// The other formats are Python's, or nothing but certificates.
void refuse_without_place(bool is_wanted, const char* option, Format format) {
  const bool has_place = format == Format::text || format == Format::json;
  if (is_wanted && !has_place) {
    throw CLI::ValidationError(option, "goes with --format text and json");
  }
}

void refuse_fingerprint_option(const DecodeOptions& decode) {
  if (decode.no_fingerprint && decode.format != Format::json)
    throw CLI::ValidationError("--no-fingerprint", "goes with --format json");
}

// What CLI11 cannot check. Throws CLI::ValidationError.
GetOptions finish_get(Parsed& parsed, const Words& targets) {
  GetOptions& get = parsed.get;
  if (targets.empty()) throw CLI::ValidationError("TARGET", "is required");
  for (const std::string& text : targets) {
    try {
      get.targets.push_back(parse_target(text));
    } catch (const ssl::ValueError& error) {
      throw CLI::ValidationError(text, error.what());
    }
  }
  if (!(parsed.timeout_seconds >= 0.001 && parsed.timeout_seconds <= 1e6)) {
    throw CLI::ValidationError("--timeout", "must be from 0.001 to 1000000 seconds");
  }
  get.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(parsed.timeout_seconds * 1e3));
  if (get.min_version && get.max_version && *get.min_version > *get.max_version) {
    throw CLI::ValidationError("--min-version", "is newer than --max-version");
  }
  if (get.chain && (get.format == Format::python || get.format == Format::der)) {
    throw CLI::ValidationError("--chain", "goes with --format text, json and pem");
  }
  refuse_without_place(get.details, "--details", get.format);
  if (get.format == Format::der && get.targets.size() > 1) {
    throw CLI::ValidationError("--format der", "takes one target");
  }
  return get;
}

VerifyOptions finish_verify(Parsed& parsed, const Words& leaves) {
  if (leaves.empty()) throw CLI::ValidationError("LEAF", "is required");
  if (leaves.size() > 1) throw CLI::ValidationError(leaves[1], "is one LEAF too many");
  parsed.verify.leaf = leaves.front();
  return parsed.verify;
}

std::string command_in_use(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return used.empty() ? "peercert" : "peercert " + used.front()->get_name();
}

#ifdef PEERCERT_HAS_SCAN
/// The words as a shell takes them.
std::string command_line(int argc, const char* const* argv) {
  constexpr std::string_view kQuotes = "'\\''";  // ends the quotes, has one of them, begins others
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             std::string_view("-_./:,=@+").find(c) != std::string_view::npos;
    });
    if (!line.empty()) line += ' ';
    if (!is_plain) line += '\'';
    for (const char c : word) c == '\'' ? line += kQuotes : line += c;
    if (!is_plain) line += '\'';
  }
  return line;
}
#endif

void refuse_der_on_terminal(Format format) {
  if (format != Format::der || !stdout_is_terminal()) return;
  throw CLI::ValidationError("--format der",
                             "is not for a terminal: append '> FILE', or '| PROGRAM'");
}

}  // namespace

std::variant<Command, ExitCode> parse_options(int argc, const char* const* argv) {
  Parsed parsed;
  CLI::App app(kAbout, "peercert");
  const auto formatter = std::make_shared<HelpFormatter>();
  formatter->column_width(38);
  app.formatter(formatter);
  app.footer(kFooter);
  app.require_subcommand(1);  // also: what follows the first is not another, but its argument
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("--version", "peercert " + std::string(version()) + "\n",
                       "Show the version");
  CLI::App* const get = add_get(app, parsed);
  add_get_connection(*get, parsed);
  const CLI::App* const decode = add_decode(app, parsed);
  const CLI::App* const verify = add_verify(app, parsed);
#ifdef PEERCERT_HAS_SCAN
  const CLI::App* const scan = add_scan(app, parsed.scan);
#endif
  const CLI::App* const demo = app.add_subcommand("demo", kDemoAbout)->footer("");
  if (argc < 2) {
    write_stdout(app.help());
    return ExitCode::usage;
  }
  try {
    std::vector<std::string> arguments = arguments_of(argc, argv);
    const Words behind_dashes = take_words_behind_dashes(arguments);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
    if (app.got_subcommand(demo)) return DemoOptions{};
    if (app.got_subcommand(decode)) {
      parsed.decode.input.files = words_of(*decode, behind_dashes);
      refuse_der_on_terminal(parsed.decode.format);
      refuse_without_place(parsed.decode.findings, "--findings", parsed.decode.format);
      refuse_without_place(parsed.decode.details, "--details", parsed.decode.format);
      refuse_fingerprint_option(parsed.decode);
      return parsed.decode;
    }
#ifdef PEERCERT_HAS_SCAN
    if (app.got_subcommand(scan)) {
      finish_scan(words_of(*scan, behind_dashes), parsed.scan);
      parsed.scan.command = command_line(argc, argv);
      return parsed.scan;
    }
#endif
    if (app.got_subcommand(verify)) return finish_verify(parsed, words_of(*verify, behind_dashes));
    refuse_der_on_terminal(parsed.get.format);
    return finish_get(parsed, words_of(*get, behind_dashes));
  } catch (const CLI::CallForHelp&) {
    write_stdout(app.help());
    return ExitCode::ok;
  } catch (const CLI::CallForVersion& answer) {
    write_stdout(answer.what());
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    complain("", error.what(), "see: " + command_in_use(app) + " --help");
    return ExitCode::usage;
  }
}

}  // namespace peercert::tool
