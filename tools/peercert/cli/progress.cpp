// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "cli/terminal.hpp"

namespace peercert::tool {
namespace {

constexpr std::chrono::milliseconds kInterval{500};
constexpr std::string_view kErase = "\r\x1b[K";

}  // namespace

std::string duration_text(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  if (seconds < 2 * kMinute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{:.0f} min", seconds / kMinute);
  return fmt::format("{:.1f} h", seconds / kHour);
}

Progress::Progress(std::uint64_t total)
    : is_shown_(stderr_is_terminal() && !stdout_is_terminal() && terminal_can_erase()),
      total_(total) {}

void Progress::advance(std::uint64_t num_certificates, std::uint64_t num_octets) {
  if (!is_shown_) return;
  num_certificates_ += num_certificates;
  num_octets_ += num_octets;
  const auto now = Clock::now();
  if (now - last_ < kInterval) return;
  last_ = now;
  draw(now);
}

void Progress::draw(Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  std::string line(kErase);
  fmt::format_to(std::back_inserter(line), "peercert: {} certificates, {:.0f}/s", num_certificates_,
                 static_cast<double>(num_certificates_) / seconds);
  if (total_ > 0 && num_octets_ > 0) {
    // A file may have grown since it was measured.
    const double share =
        std::min(1.0, static_cast<double>(num_octets_) / static_cast<double>(total_));
    fmt::format_to(std::back_inserter(line), ", {:.0f} %, {} left", 100 * share,
                   duration_text(seconds * (1 - share) / share));
  }
  write_stderr(line);
  is_drawn_ = true;
}

void Progress::clear() {
  if (is_drawn_) write_stderr(kErase);
  is_drawn_ = false;
}

}  // namespace peercert::tool
