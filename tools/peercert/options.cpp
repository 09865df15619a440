// SPDX-License-Identifier: Apache-2.0
// The only file that includes CLI11, which is slow to compile.
#include "options.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include <peercert/version.hpp>

#include "terminal.hpp"

namespace peercert::tool {
namespace {

constexpr std::array<std::string_view, 3> kCommands{"get", "decode", "demo"};

constexpr const char* kAbout = R"(peercert: who is on the other end of this TLS connection?

The answer of Python's SSLSocket.getpeercert(), and the verdict with it.)";

constexpr const char* kExamples = R"(Examples:
  peercert example.org                     connect, verify, show whom you met
  peercert --format json a.example:8443    the same as one line of JSON
  peercert decode chain.pem                certificates in a file
  peercert demo                            a conversation with itself, nothing needed

'peercert get' is what happens if no command is given.
'peercert COMMAND --help' tells more about each.)";

constexpr const char* kGetExamples =
    R"(TARGET is HOST, HOST:PORT, [IPV6]:PORT, a bare IPv6 address or https://HOST/...; the port
is 443 if none is given. Several targets are visited one after the other.

Examples:
  peercert example.org                            verify with the system's authorities
  peercert --cafile ca.pem 127.0.0.1:8443         verify with an authority of your own
  peercert --servername www.example 192.0.2.7     ask an address for a name
  peercert --cert me.pem --key me.key example.org show a certificate of your own
  peercert --verify none self-signed.example      look at it, whatever it is
  peercert --format python example.org            repr(sock.getpeercert())
  peercert --format pem --chain sent example.org  save all that the server sent

Formats:
  text     the verdict, then the certificate, to be looked at
  json     one line for each target, the verdict in it (docs/formats.md)
  python   repr(sock.getpeercert()): the dict, {} with --verify none, or None
  pem      the server's certificate, or the --chain asked for
  der      getpeercert(True), for a file or a pipe

python, pem and der give nothing for a certificate that failed verification; text and json
always show it.

Exit status:
  0  every target gave a certificate, verified as asked
  1  a certificate was not verified
  2  the command line is wrong, or a file that it names
  3  no connection: name, network, timeout
  4  TLS failed for another reason
  5  the certificate cannot be presented
  6  the output could not be written
Of several targets the first that occurred in the order 1, 5, 4, 3.)";

constexpr const char* kDecodeExamples =
    R"(FILE holds certificates as PEM, with any text between them, or as DER, one behind the other.
'-', or no FILE at all, is standard input. Nothing is verified.

Examples:
  peercert decode server.pem                   read it
  peercert decode --format python server.pem   the dict that getpeercert() would give
  peercert decode --format json *.pem          one line of JSON for each certificate
  peercert decode --format der < a.pem > a.der convert

A certificate that cannot be decoded is reported, and the rest goes on; python then has the
line '# SOURCE: ERROR: message' in its place, json a record with "error".

Exit status:
  0  every certificate was decoded
  2  the command line is wrong
  5  a file could not be read, held no certificate, or one that cannot be decoded
  6  the output could not be written)";

constexpr const char* kDemoExamples =
    R"(Makes a private authority, a server certificate and a client certificate in memory, holds a
mutual TLS conversation with itself on 127.0.0.1, and shows the six answers of
getpeercert() on the way. Needs no network and leaves nothing behind.

Example:
  peercert demo)";

// CLI11's layout with a usage line of our own.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    std::string usage = "Usage: " + (name.empty() ? app->get_name() : name);
    if (!app->get_subcommands({}).empty()) return usage + " [COMMAND] [OPTIONS] ARGUMENTS\n";
    usage += " [OPTIONS]";
    for (const CLI::Option* const positional : app->get_options()) {
      if (positional->get_positional()) usage += " " + make_option_opts(positional);
    }
    return usage + "\n";
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    return option->get_type_name();
  }
};

template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;

const Choices<Format> kFormats{{"text", Format::text},
                               {"json", Format::json},
                               {"python", Format::python},
                               {"pem", Format::pem},
                               {"der", Format::der}};

const Choices<ssl::VerifyMode> kVerifyModes{{"required", ssl::VerifyMode::required},
                                            {"optional", ssl::VerifyMode::optional},
                                            {"none", ssl::VerifyMode::none}};

const Choices<ssl::TLSVersion> kVersions{{"1.0", ssl::TLSVersion::tls1},
                                         {"1.1", ssl::TLSVersion::tls1_1},
                                         {"1.2", ssl::TLSVersion::tls1_2},
                                         {"1.3", ssl::TLSVersion::tls1_3}};

const Choices<ChainKind> kChains{{"sent", ChainKind::sent}, {"verified", ChainKind::verified}};

// An option whose value is one of a few words.
template <class Value, class Target>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Target& target,
                        const Choices<Value>& choices, const std::string& description) {
  std::string words;
  for (const auto& choice : choices) words += (words.empty() ? "" : "|") + choice.first;
  const auto assign = [&target, &choices, name, words](const std::string& word) {
    const auto found = std::ranges::find(choices, word, &std::pair<std::string, Value>::first);
    if (found == choices.end()) throw CLI::ValidationError(name, "'" + word + "' is not " + words);
    target = found->second;
  };
  return app.add_option_function<std::string>(name, assign, description)->type_name(words);
}

// What CLI11 fills, and what needs another look afterwards.
struct Parsed {
  GetOptions get;
  DecodeOptions decode;
  std::vector<std::string> targets;
  double timeout_seconds = 10;
};

CLI::App* add_get(CLI::App& app, Parsed& parsed) {
  GetOptions& get = parsed.get;
  CLI::App* const sub = app.add_subcommand("get", "Connect, verify, and show the certificate");
  sub->footer(kGetExamples);
  sub->add_option("targets", parsed.targets, "Whom to connect to")
      ->type_name("TARGET...")
      ->required();
  add_choice(*sub, "--format", get.format, kFormats, "What to print (text)")->group("Output");
  add_choice(*sub, "--chain", get.chain, kChains,
             "Which chain to show: as the server sent it, or as verification built it")
      ->group("Output");

  const std::string verification = "Verification";
  add_choice(*sub, "--verify", get.verify, kVerifyModes,
             "required (the default) and optional verify; none does not")
      ->group(verification);
  sub->add_option("--cafile", get.cafile, "Trust these certificates (PEM), not the system's")
      ->type_name("FILE")
      ->group(verification);
  sub->add_option("--capath", get.capath, "Trust a directory of hashed names, not the system's")
      ->type_name("DIR")
      ->group(verification);
  sub->add_option("--servername", get.servername,
                  "The name to ask for and to verify, instead of the target's host")
      ->type_name("NAME")
      ->group(verification);
  sub->add_flag("!--no-check-hostname", get.check_hostname,
                "Verify the chain, but not that the certificate names the host")
      ->group(verification);
  return sub;
}

void add_get_connection(CLI::App& sub, Parsed& parsed) {
  GetOptions& get = parsed.get;
  const std::string connection = "Connection";
  sub.add_option("--timeout", parsed.timeout_seconds,
                 "For name, connection and handshake of one target together (10)")
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
  sub.add_option("--password-file", get.password_file, "The key's password: the file's first line")
      ->type_name("FILE")
      ->needs(cert)
      ->group(client);
}

CLI::App* add_decode(CLI::App& app, Parsed& parsed) {
  CLI::App* const sub = app.add_subcommand("decode", "Show the certificates in files");
  sub->footer(kDecodeExamples);
  sub->add_option("files", parsed.decode.files, "PEM or DER; '-' or none: standard input")
      ->type_name("[FILE...]");
  add_choice(*sub, "--format", parsed.decode.format, kFormats, "What to print (text)");
  return sub;
}

bool is_command(std::string_view word) {
  return std::ranges::find(kCommands, word) != kCommands.end();
}

// The arguments with the command that is meant if none is named.
std::vector<std::string> arguments_of(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string& first = arguments.front();
  const bool named =
      is_command(first) || first == "--help" || first == "-h" || first == "--version";
  if (named) return arguments;
  const auto late = std::ranges::find_if(arguments, is_command);
  if (late != arguments.end()) {
    throw CLI::ValidationError(*late, "a command comes first: peercert " + *late + " ...");
  }
  arguments.insert(arguments.begin(), "get");
  return arguments;
}

// What CLI11 cannot check. Throws CLI::ValidationError, TargetError.
GetOptions finish_get(Parsed& parsed) {
  GetOptions& get = parsed.get;
  for (const std::string& text : parsed.targets) {
    try {
      get.targets.push_back(parse_target(text));
    } catch (const TargetError& error) {
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
  if (get.format == Format::der && get.targets.size() > 1) {
    throw CLI::ValidationError("--format der", "takes one target");
  }
  return get;
}

std::string command_in_use(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return used.empty() ? "peercert" : "peercert " + used.front()->get_name();
}

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
  formatter->column_width(34);
  app.formatter(formatter);
  app.footer(kExamples);
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("--version", "peercert " + std::string(version()) + "\n",
                       "Show the version");
  add_get_connection(*add_get(app, parsed), parsed);
  const CLI::App* const decode = add_decode(app, parsed);
  const CLI::App* const demo =
      app.add_subcommand("demo", "See it all at work")->footer(kDemoExamples);
  if (argc < 2) {
    write_stdout(app.help());
    return ExitCode::usage;
  }
  try {
    std::vector<std::string> arguments = arguments_of(argc, argv);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
    if (app.got_subcommand(demo)) return DemoOptions{};
    refuse_der_on_terminal(app.got_subcommand(decode) ? parsed.decode.format : parsed.get.format);
    if (app.got_subcommand(decode)) return parsed.decode;
    return finish_get(parsed);
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
