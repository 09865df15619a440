// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/idna.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <idn2.h>

#include <peercert/ssl/error.hpp>

#include "x509/name_syntax.hpp"

namespace peercert::ssl {

namespace {

struct FreeName {
  void operator()(char* name) const noexcept { idn2_free(name); }
};

bool needs_no_conversion(std::string_view host) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  return std::ranges::all_of(host, is_ascii) || host.find('\0') != host.npos;
}

bool is_ldh_or_dot(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

[[noreturn]] void throw_no_name(const char* why) {
  throw ValueError(std::string("server_hostname is no internationalized name: ") + why);
}

}  // namespace

std::string to_a_labels(std::string_view host) {
  if (needs_no_conversion(host)) return std::string(host);
  constexpr int kFlags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
  const std::string text(host);
  const auto* const input = reinterpret_cast<const unsigned char*>(text.c_str());
  unsigned char* output = nullptr;
  const int result = idn2_lookup_u8(input, &output, kFlags);
  const std::unique_ptr<char, FreeName> name(reinterpret_cast<char*>(output));
  if (result == IDN2_MALLOC) throw std::bad_alloc();
  if (result != IDN2_OK) throw_no_name(idn2_strerror(result));
  std::string converted = name.get();
  // A character such as U+2100, which is mapped to "a/c", must not bring a slash into the name.
  const bool is_name = std::ranges::all_of(converted, is_ldh_or_dot);
  if (!is_name) throw_no_name("a label may have letters, digits and hyphens");
  return converted;
}

std::string_view server_hostname_problem(std::string_view name) noexcept {
  if (name.empty() || name.front() == '.') {
    return "server_hostname cannot be an empty string or start with a leading dot.";
  }
  if (name.find('\0') != name.npos) return "server_hostname has an embedded null character";
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::ranges::all_of(name, is_ascii)) {
    return "server_hostname is not ASCII: give an internationalized name as A-labels (xn--...)";
  }
  if (name.back() == '.') name.remove_suffix(1);  // a fully qualified name
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (end == begin) return "server_hostname has an empty label";
    if (end - begin > kMaxLabelLen) return "server_hostname has a label over 63 characters";
    begin = end + 1;
  }
  return {};
}

}  // namespace peercert::ssl
