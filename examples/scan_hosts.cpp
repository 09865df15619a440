// SPDX-License-Identifier: Apache-2.0
// Looks at many TLS servers at once, and prints each with its verdict and when it expires.
#include <algorithm>
#include <iostream>
#include <sstream>
#include <syncstream>

#include <peercert/peercert.hpp>
#include <peercert/scan/scan.hpp>

using namespace peercert;

void print(const scan::Record& record) {
  std::osyncstream out(std::cout);  // records come from several threads
  out << record.target.text << ": " << to_string(record.validation.verdict);
  if (!record.chain.empty()) {
    const auto certificate = CertificateView::parse(record.chain.front());
    if (certificate) out << ", notAfter " << to_time_text(certificate->not_after());
  }
  if (record.failure) out << ", " << to_string(record.failure->error_class);
  out << '\n';
}

int main(int argc, char** argv) try {
  std::stringstream lines;
  for (int i = 1; i < argc; ++i) lines << argv[i] << '\n';
  scan::TargetSource source(lines, {});
  const auto next = [&]() -> std::optional<scan::Target> {
    const auto item = source.next();
    if (const auto* bad = std::get_if<scan::BadLine>(&item)) throw std::runtime_error(bad->reason);
    const auto* target = std::get_if<scan::Target>(&item);
    return target ? std::optional(*target) : std::nullopt;
  };
  scan::Scanner scanner({.concurrency = 100});
  scanner.run(next, [](const auto& records) { std::ranges::for_each(records, print); });
} catch (const std::exception& error) {
  std::cerr << "scan_hosts: " << error.what() << '\n';
  return 2;
}
