// SPDX-License-Identifier: Apache-2.0
// What a scan does with its records, without a scan:
//
//     scan_records samples FIELDS FILE...      one record of each kind into every FILE
//     scan_records run COUNT STATE FILE...     COUNT targets, resumed if STATE is there
//     scan_records unzstd FILE                 FILE decompressed, to standard output
//
// The ending of a FILE tells what it is; "store:FILE" is a file of certificates.
#include "support/scan_records.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include <zstd.h>

#include <peercert/scan/outputs.hpp>

#include "scan/job/writer.hpp"

using namespace peercert;

namespace {

constexpr std::size_t kInFlight = 64;
constexpr unsigned kTargetsPerCertificate = 3;

std::vector<scan::NamedSink> open_sinks(const std::vector<std::string>& files,
                                        const scan::OutputOptions& options) {
  constexpr std::string_view kStore = "store:";
  std::vector<scan::NamedSink> sinks;
  for (const std::string& file : files) {
    sinks.push_back({file, file.starts_with(kStore)
                               ? scan::open_certificate_store(file.substr(kStore.size()))
                               : scan::open_sink(file, options)});
  }
  return sinks;
}

void write_samples(const std::vector<std::string>& arguments) {
  const scan::OutputOptions options{.format = {}, .fields = scan::Fields(arguments[0])};
  scan::RecordWriter writer(open_sinks({arguments.begin() + 1, arguments.end()}, options));
  writer.start();
  for (const scan::Record& record : test::all_kinds_of_records()) {
    writer.take(record.target.index);
    writer.push({record});
  }
  writer.close(true);
}

// Certificates that are made without a key, three targets to each.
scan::Record made_up_record(std::uint64_t index) {
  const auto number = static_cast<std::uint16_t>(index / kTargetsPerCertificate);
  test::CertificateBuilder parts;
  parts.serial_number = test::tlv(
      der::kInteger,
      test::Octets{1, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
  scan::Record record = test::scan_record(index);
  record.chain = {parts.build()};
  return record;
}

void run(const std::vector<std::string>& arguments) {
  const std::uint64_t count = std::stoull(arguments[0]);
  scan::CheckpointFile file{arguments[1], {}};
  if (auto state = scan::load_checkpoint(file.path)) file.state = std::move(*state);
  const scan::FinishedTargets before = file.state.finished;
  scan::RecordWriter writer(open_sinks({arguments.begin() + 2, arguments.end()}, {}),
                            std::move(file), {.commit_interval = std::chrono::milliseconds(7)});
  writer.start();

  // Targets are taken in order, and finished in any.
  std::mt19937 random{std::random_device{}()};
  std::vector<std::uint64_t> in_flight;
  for (std::uint64_t next = 0; next < count || !in_flight.empty();) {
    for (; next < count && in_flight.size() < kInFlight; ++next) {
      if (before.contains(next)) continue;
      writer.take(next);
      in_flight.push_back(next);
    }
    std::shuffle(in_flight.begin(), in_flight.end(), random);
    const std::size_t left = in_flight.size() / 2;
    for (; in_flight.size() > left; in_flight.pop_back()) {
      writer.push({made_up_record(in_flight.back())});
    }
    if (writer.has_failed()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(8));
  }
  writer.close(true);
}

void decompress(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(file), {}};
  std::string text(octets.size() * 100 + 1'000'000, '\0');
  const std::size_t len = ZSTD_decompress(text.data(), text.size(), octets.data(), octets.size());
  if (ZSTD_isError(len) != 0) throw std::runtime_error(ZSTD_getErrorName(len));
  std::fwrite(text.data(), 1, len, stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string command = argc > 1 ? argv[1] : "";
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  if (command == "samples" && arguments.size() > 1) return write_samples(arguments), 0;
  if (command == "run" && arguments.size() > 2) return run(arguments), 0;
  if (command == "unzstd" && arguments.size() == 1) return decompress(arguments[0]), 0;
  throw std::invalid_argument("usage: scan_records samples|run|unzstd ...");
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
