// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include <peercert/ssl/conversions.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/pem.hpp>

#include "x509/encoding/base64.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::ssl {

namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

/// Takes the parts of a time from its front; after the first that is not there, nothing.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  void white_space() {
    const std::size_t len = std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size());
    ok_ = ok_ && len > 0;
    rest_.remove_prefix(len);
  }

  void word(std::string_view lower_case) {
    const std::string_view front = rest_.substr(0, lower_case.size());
    ok_ = ok_ && std::ranges::equal(front, lower_case, {}, to_lower);
    rest_.remove_prefix(front.size());
  }

  /// 1 to 12.
  unsigned month() {
    const auto is_next = [this](std::string_view month) {
      return std::ranges::equal(rest_.substr(0, month.size()), month, {}, to_lower);
    };
    const auto found = std::ranges::find_if(kMonths, is_next);
    ok_ = ok_ && found != kMonths.end();
    if (!ok_) return 1;
    rest_.remove_prefix(found->size());
    return static_cast<unsigned>(found - kMonths.begin()) + 1;
  }

  /// A number in these bounds, of as many digits at least, and as many as there are up to the most.
  int number(int least, int most, std::size_t min_digits, std::size_t max_digits) {
    int value = 0;
    std::size_t num_digits = 0;
    while (num_digits < std::min(max_digits, rest_.size()) && rest_[num_digits] >= '0' &&
           rest_[num_digits] <= '9') {
      value = value * 10 + (rest_[num_digits++] - '0');
    }
    ok_ = ok_ && num_digits >= min_digits && value >= least && value <= most;
    rest_.remove_prefix(num_digits);
    return value;
  }

  /// Whether all was there, and nothing else.
  bool is_complete() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::chrono::sys_seconds> parse_cert_time(std::string_view cert_time) {
  using namespace std::chrono;
  TimeText text(cert_time);
  const unsigned month_number = text.month();
  text.white_space();
  const int day_number = text.number(1, 31, 1, 2);
  text.white_space();
  const hours hour(text.number(0, 23, 1, 2));
  text.word(":");
  const minutes minute(text.number(0, 59, 1, 2));
  text.word(":");
  const seconds second(text.number(0, 61, 1, 2));
  text.white_space();
  const int year_number = text.number(1, 9999, 4, 4);
  text.white_space();
  text.word("gmt");
  const year_month_day date{year(year_number), month(month_number),
                            day(static_cast<unsigned>(day_number))};
  if (!text.is_complete() || !date.ok()) return std::nullopt;
  return sys_days(date) + hour + minute + second;
}

}  // namespace

std::chrono::sys_seconds cert_time_to_seconds(std::string_view cert_time) {
  const std::optional<std::chrono::sys_seconds> time = parse_cert_time(cert_time);
  if (time) return *time;
  throw ValueError("time data '" + std::string(cert_time) +
                   "' does not match format '%b %d %H:%M:%S %Y GMT'");
}

std::string der_cert_to_pem_cert(Bytes der) { return to_pem(der); }

Der pem_cert_to_der_cert(std::string_view pem) {
  if (!pem.starts_with(kPemHeader)) {
    throw ValueError("Invalid PEM encoding; must start with " + std::string(kPemHeader));
  }
  const std::size_t end = pem.find_last_not_of(kWhiteSpace) + 1;
  std::string_view body = pem.substr(kPemHeader.size(), end - kPemHeader.size());
  if (!body.ends_with(kPemFooter)) {
    throw ValueError("Invalid PEM encoding; must end with " + std::string(kPemFooter));
  }
  body.remove_suffix(kPemFooter.size());
  Der der;
  const std::size_t bad = base64::decode(body, der);
  if (bad == std::string_view::npos) return der;
  const Error error{Errc::pem_bad_base64, Field::pem,
                    static_cast<std::uint32_t>(kPemHeader.size() + bad)};
  throw ValueError("Invalid PEM encoding; " + to_string(error));
}

}  // namespace peercert::ssl
