// SPDX-License-Identifier: Apache-2.0
// What parse_record() reads to_octets() writes, octet for octet.
#include <algorithm>

#include "fuzz.hpp"
#include "ssl/identity/verification_record.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const auto record = ssl::parse_record(input);
  if (!record) return;
  check(ssl::is_record(input));
  check(record->errors.size() <= ssl::kMaxRecordedErrors);
  const std::vector<std::uint8_t> octets = ssl::to_octets(*record, input.size());
  check(std::ranges::equal(octets, input));
}

}  // namespace peercert::fuzz
