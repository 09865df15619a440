// SPDX-License-Identifier: Apache-2.0
// PemReader comes to an end, and reads what to_pem() writes.
#include <peercert/x509/pem.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

void check_round_trip(const Der& der) {
  const std::string text = to_pem(der);
  PemReader reader(text);
  Der read;
  const Result<bool> found = reader.next(read);
  check(found && *found && read == der);
  const Result<bool> another = reader.next(read);
  check(another && !*another);
}

}  // namespace

void run(Bytes input) {
  check_round_trip(Der(input.begin(), input.end()));
  PemReader reader(as_text(input));
  Der der;
  for (std::size_t num_blocks = 0;; ++num_blocks) {
    check(num_blocks <= input.size());
    const Result<bool> found = reader.next(der);
    if (found && !*found) return;
    check(found.error().offset <= input.size());
    if (found) check_round_trip(der);
  }
}

}  // namespace peercert::fuzz
