// SPDX-License-Identifier: Apache-2.0
// scan_records FIELDS FILE...: writes one record of each kind to every FILE, by its ending.
#include "support/scan_records.hpp"

#include <cstdio>
#include <exception>

#include <peercert/scan/outputs.hpp>

using namespace peercert;

int main(int argc, char** argv) try {
  const scan::OutputOptions options{.format = {}, .fields = scan::Fields(argv[1])};
  for (int i = 2; i < argc; ++i) {
    const auto sink = scan::open_sink(argv[i], options);
    sink->rewind({});
    for (const scan::Record& record : test::all_kinds_of_records()) sink->write(record);
    sink->close();
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
