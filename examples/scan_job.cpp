// SPDX-License-Identifier: Apache-2.0
// Scans the targets in a file. After an end at any moment the same command goes on where it was.
#include <csignal>
#include <iostream>

#include <peercert/scan/scan.hpp>

using namespace peercert;

scan::ScanJob* running = nullptr;

int main(int argc, char** argv) try {
  if (argc != 4) throw std::invalid_argument("usage: scan_job TARGETS OUTPUT STATE");
  scan::ScanJobOptions options{.input = argv[1]};
  options.outputs = {scan::file_output(argv[2])};
  options.resume = argv[3];
  options.on_bad_line = [](const scan::BadLine& bad) {
    std::cerr << "scan_job: line " << bad.line << ": " << bad.reason << '\n';
  };
  scan::ScanJob job(std::move(options));

  running = &job;
  std::signal(SIGINT, [](int) { running->stop(); });
  const scan::ScanResult result = job.run();
  std::signal(SIGINT, SIG_DFL);

  std::cout << result.figures.records.records << " records"
            << (result.is_complete ? "" : ", and targets are left") << '\n';
  return result.is_complete ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "scan_job: " << error.what() << '\n';
  return 2;
}
