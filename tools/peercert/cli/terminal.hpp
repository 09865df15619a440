// SPDX-License-Identifier: Apache-2.0
// Standard output and standard error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace peercert::tool {

/// Standard output cannot be written.
class OutputError : public std::system_error {
 public:
  using std::system_error::system_error;
};

/// How standard output may be drawn on: colour on a terminal unless NO_COLOR is set or TERM is
/// "dumb", signs beyond ASCII where the locale is UTF-8.
class Style {
 public:
  static Style of_stdout();

  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string good(std::string_view text) const { return paint("1;32", text); }
  std::string bad(std::string_view text) const { return paint("1;31", text); }
  std::string warning(std::string_view text) const { return paint("1;33", text); }

  /// What stands in front of a good, a bad and an open verdict.
  std::string_view tick() const { return unicode_ ? "✓" : "OK"; }
  std::string_view cross() const { return unicode_ ? "✗" : "FAILED"; }
  std::string_view question() const { return "?"; }

 private:
  std::string paint(std::string_view code, std::string_view text) const;

  bool colour_ = false;
  bool unicode_ = false;
};

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();
/// The columns of the terminal that is standard output; nullopt if it is none or does not tell.
std::optional<std::size_t> terminal_width();
/// Whether a line that was drawn on a terminal can be taken back.
bool terminal_can_erase();

/// Makes sure that descriptors 0 to 2 are taken, so that no socket gets one of them and is written
/// to as if it were standard output. Writing to one that was closed gives the error that it should.
void reserve_standard_descriptors();

/// Writes all of it. Throws OutputError.
void write_stdout(std::string_view text);
/// The same; if it fails nobody is left to tell.
void write_stderr(std::string_view text);

/// "peercert: SUBJECT: what happened" on standard error, and below it what to do, if there is
/// anything. All of them are made printable() first.
void complain(std::string_view subject, std::string_view what, std::string_view advice = {});

/// The text with everything escaped that could change or mislead a terminal: controls, format
/// characters such as those for writing direction, and octets that are not UTF-8.
std::string printable(std::string_view text);

}  // namespace peercert::tool
