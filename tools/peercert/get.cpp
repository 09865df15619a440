// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <system_error>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/x509/certificate.hpp>

#include "cli/terminal.hpp"
#include "commands.hpp"
#include "reports/advice.hpp"
#include "reports/report.hpp"
#include "visit.hpp"

namespace peercert::tool {
namespace {

std::string report(const Visit& visit, const GetOptions& options) {
  switch (options.format) {
    case Format::text: return text_report(visit, options, Style::of_stdout());
    case Format::json: return json_report(visit, options);
    case Format::python: return python_report(visit);
    case Format::pem: return pem_report(visit, options);
    case Format::der: return der_report(visit);
  }
  return {};
}

// getpeercert() refuses a few certificates that TLS accepts, such as those with a name that is not
// UTF-8. Only the formats that hold the dict care.
void check_presentable(Visit& visit, const GetOptions& options) {
  const bool holds_dict =
      options.format == Format::json ||
      (options.format == Format::python && options.verify != ssl::VerifyMode::none);
  if (visit.failure || visit.chain.empty() || !holds_dict) return;
  const auto dict = to_peer_cert(visit.chain.front());
  if (!dict) visit.failure = Failure{Failure::Kind::undecodable, to_string(dict.error()), {}};
}

ExitCode get(const ssl::SSLContext& context, const Target& target, const GetOptions& options) {
  Visit met = visit(context, target, options);
  check_presentable(met, options);
  write_stdout(report(met, options));
  if (!met.failure) return ExitCode::ok;
  complain(target.text, met.failure->message, advice(met));
  return exit_code(met.failure->kind);
}

}  // namespace

ExitCode run_get(const GetOptions& options) try {
  const ssl::SSLContext context = make_context(options);
  ExitCode worst = ExitCode::ok;
  const char* separator = "";
  for (const Target& target : options.targets) {
    write_stdout(separator);
    worst = worse(worst, get(context, target, options));
    if (options.format == Format::text) separator = "\n";
  }
  return worst;
} catch (const OutputError&) {
  throw;
} catch (const std::system_error& error) {
  complain("", error.what());  // a file that an option names
  return ExitCode::usage;
}

}  // namespace peercert::tool
