// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include <peercert/der/strings.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {

void check(bool holds, const char* file, int line) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: this property does not hold\n", file, line);
  std::abort();
}

void check_shown(std::string_view text) {
  check(der::utf8_error(as_bytes(text)) == text.size());
  der::StringView rest{der::Encoding::utf8, as_bytes(text)};
  while (!rest.octets.empty()) {
    const char32_t c = der::next_code_point(rest);
    const bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    check(!is_control || c == '\n');
  }
}

}  // namespace peercert::fuzz

// libFuzzer's name for it.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  peercert::fuzz::run({data, size});
  return 0;
}
