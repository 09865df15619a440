// SPDX-License-Identifier: Apache-2.0
#include "render/escape.hpp"

#include <algorithm>
#include <iterator>

#include <peercert/der/strings.hpp>

namespace peercert::render {
namespace {

struct Run {
  char32_t first;
  char32_t last;
};
constexpr Run kPrintable[] = {
#include "render/printable_table.inc"
};

char* put_letter(char* at, char letter) noexcept {
  at[0] = '\\';
  at[1] = letter;
  return at + 2;
}

char* put_hex(char* at, char32_t c, int num_digits) noexcept {
  for (int shift = (num_digits - 1) * 4; shift >= 0; shift -= 4) {
    *at++ = "0123456789abcdef"[c >> shift & 0xf];
  }
  return at;
}

}  // namespace

bool is_printable(char32_t c) noexcept {
  if (c < 0x7f) return c >= 0x20;
  const Run* run = std::ranges::lower_bound(kPrintable, c, {}, &Run::last);
  return run != std::end(kPrintable) && run->first <= c;
}

char* put_hex_escape(char* at, unsigned octet) noexcept {
  return put_hex(put_letter(at, 'x'), octet, 2);
}

char* put_escaped(char* at, char32_t c, char quote) noexcept {
  switch (c) {
    case '\t': return put_letter(at, 't');
    case '\n': return put_letter(at, 'n');
    case '\r': return put_letter(at, 'r');
    case '\\': return put_letter(at, '\\');
    default: break;
  }
  if (c == static_cast<unsigned char>(quote) && quote != kNoQuote) return put_letter(at, quote);
  if (is_printable(c)) return at + der::encode_utf8(c, at);
  if (c < 0x100) return put_hex(put_letter(at, 'x'), c, 2);
  if (c < 0x10000) return put_hex(put_letter(at, 'u'), c, 4);
  return put_hex(put_letter(at, 'U'), c, 8);
}

}  // namespace peercert::render
