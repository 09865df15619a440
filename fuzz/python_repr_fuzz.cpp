// SPDX-License-Identifier: Apache-2.0
// to_python_repr() of a text: read as Python reads a literal, it is the text.
#include <charconv>
#include <string>

#include <peercert/der/strings.hpp>
#include <peercert/render/python_repr.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

std::size_t num_hex_digits(char letter) {
  switch (letter) {
    case 'x': return 2;
    case 'u': return 4;
    case 'U': return 8;
    default: return 0;
  }
}

char control_of(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;  // a quote or a backslash stands for itself
  }
}

// Takes what follows a backslash off the front of `rest`.
std::string read_escape(std::string_view& rest) {
  check(!rest.empty());
  const char letter = rest[0];
  const std::size_t len = num_hex_digits(letter);
  check(len > 0 || std::string_view("\\'\"nrt").find(letter) != std::string_view::npos);
  check(rest.size() > len);
  if (len == 0) {
    rest.remove_prefix(1);
    return {control_of(letter)};
  }
  std::uint32_t code_point = 0;
  const char* const end = rest.data() + 1 + len;
  check(std::from_chars(rest.data() + 1, end, code_point, 16).ptr == end);
  rest.remove_prefix(1 + len);
  char utf8[4];
  return {utf8, der::encode_utf8(code_point, utf8)};
}

std::string read_literal(std::string_view repr) {
  check(repr.size() >= 2 && (repr.front() == '\'' || repr.front() == '"'));
  const char quote = repr.front();
  check(repr.back() == quote);
  std::string_view rest = repr.substr(1, repr.size() - 2);
  std::string text;
  while (!rest.empty()) {
    const char c = rest[0];
    rest.remove_prefix(1);
    check(c != quote && c != '\n');
    c == '\\' ? text += read_escape(rest) : text += c;
  }
  return text;
}

}  // namespace

void run(Bytes input) {
  const std::string_view text = as_text(input.first(der::utf8_error(input)));
  const std::string repr = to_python_repr(text);
  check_shown(repr);
  check(read_literal(repr) == text);
}

}  // namespace peercert::fuzz
