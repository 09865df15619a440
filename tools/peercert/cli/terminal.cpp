// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <peercert/der/strings.hpp>

namespace peercert::tool {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

// POSIX's order of precedence; asking the C library would mean to load the locale first.
bool locale_is_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    const std::string_view codeset = value.substr(std::min(value.find('.'), value.size()));
    return codeset.starts_with(".UTF-8") || codeset.starts_with(".utf8") ||
           codeset.starts_with(".utf-8") || codeset.starts_with(".UTF8");
  }
  return false;
}

// Unicode's categories Cc, Cf, Zl and Zp as far as terminals and eyes fall for them.
bool is_misleading(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array<Range, 12> kRanges{{
      {0x0000, 0x001f},
      {0x007f, 0x009f},
      {0x00ad, 0x00ad},
      {0x061c, 0x061c},
      {0x180e, 0x180e},
      {0x200b, 0x200f},
      {0x2028, 0x202e},
      {0x2060, 0x206f},
      {0xfeff, 0xfeff},
      {0xfff9, 0xfffb},
      {0x1d173, 0x1d17a},
      {0xe0000, 0xe007f},
  }};
  return std::ranges::any_of(kRanges, [c](Range r) { return r.first <= c && c <= r.last; });
}

void append_printable(std::string& out, std::string_view utf8) {
  const auto* const octets = reinterpret_cast<const std::uint8_t*>(utf8.data());
  der::StringView rest{der::Encoding::utf8, Bytes(octets, utf8.size())};
  while (!rest.octets.empty()) {
    const Bytes before = rest.octets;
    const char32_t c = der::next_code_point(rest);
    const auto number = static_cast<std::uint32_t>(c);
    if (is_misleading(c) && number < 0x100) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
    } else if (is_misleading(c)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}", number);
    } else {
      out.append(reinterpret_cast<const char*>(before.data()), before.size() - rest.octets.size());
    }
  }
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      throw OutputError(errno, std::generic_category(), "standard output");
    }
  }
}

}  // namespace

Style Style::of_stdout() {
  Style style;
  style.colour_ = stdout_is_terminal() && environment("NO_COLOR").empty() && terminal_can_erase();
  style.unicode_ = locale_is_utf8();
  return style;
}

std::string Style::paint(std::string_view code, std::string_view text) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }
bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }
std::optional<std::size_t> terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}
bool terminal_can_erase() { return environment("TERM") != "dumb"; }

void reserve_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() gives the lowest free descriptor, which is the closed one; the mode is the wrong one
    // for it, so that its use fails with EBADF as before.
    if (::fcntl(fd, F_GETFD) == -1) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void write_stdout(std::string_view text) { write_all(STDOUT_FILENO, text); }

void write_stderr(std::string_view text) {
  try {
    write_all(STDERR_FILENO, text);
  } catch (const OutputError&) {
    // The exit status still tells.
  }
}

void complain(std::string_view subject, std::string_view what, std::string_view advice) {
  std::string text = "peercert: ";
  if (!subject.empty()) text += printable(subject) + ": ";
  text += printable(what) + '\n';
  if (!advice.empty()) text += "  " + printable(advice) + '\n';
  write_stderr(text);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::size_t utf8_len = der::utf8_error(Bytes(octets, text.size()));
    append_printable(out, text.substr(0, utf8_len));
    if (utf8_len == text.size()) break;
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", octets[utf8_len]);
    text.remove_prefix(utf8_len + 1);
  }
  return out;
}

}  // namespace peercert::tool
