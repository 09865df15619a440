// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <istream>
#include <optional>
#include <utility>

#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

#include "scan/targets/csv_reader.hpp"
#include "scan/targets/json_field.hpp"
#include "scan/targets/line_reader.hpp"
#include "scan/targets/target_line.hpp"

namespace peercert::scan {
namespace {

using ssl::ValueError;

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

template <class Number>
std::optional<Number> parse_number(std::string_view digits) noexcept {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

constexpr const char* kShardRule = "a shard is I/N, with I from 1 to N";

void check(const Shard& shard) {
  if (shard.number == 0 || shard.number > shard.count) throw ValueError(kShardRule);
}

void check(const TargetOptions& options) {
  if (!options.column.empty() && !options.field.empty()) {
    throw ValueError("the input is either CSV with a column or JSON with a field");
  }
  if (std::ranges::count(options.ports, 0) != 0) throw ValueError("a port is at least 1");
  if (parse_number<std::size_t>(options.column) == std::size_t{0}) {
    throw ValueError("columns are counted from 1");
  }
  check(options.shard);
}

// The texts of the input that name targets.
class TextReader {
 public:
  TextReader(std::istream& input, const TargetOptions& options)
      : field_(options.field), lines_(input), records_(lines_) {
    if (options.column.empty()) return;
    column_ = parse_number<std::size_t>(options.column).value_or(kInHeader);
    column_name_ = options.column;
  }

  // In front of the first next(). Throws ValueError if the header has no such column.
  void read_header() {
    if (column_ != kInHeader || !records_.next(fields_)) return;
    const auto found = std::ranges::find(fields_, column_name_, trim);
    if (found == fields_.end()) throw ValueError("no column has this name: " + column_name_);
    column_ = static_cast<std::size_t>(found - fields_.begin()) + 1;
  }

  // The next one, without blanks around it; nullopt at the end. Throws ValueError for a line that
  // does not have one.
  std::optional<std::string_view> next() { return column_ ? next_record() : next_line(); }

  // The number of the line that next() has read last.
  std::uint64_t line() const noexcept { return column_ ? records_.line() : lines_.number(); }

 private:
  static constexpr std::size_t kInHeader = 0;  // columns are counted from 1

  std::optional<std::string_view> next_line() {
    for (;;) {
      const LineReader::Status status = lines_.next(text_);
      if (status == LineReader::Status::end) return std::nullopt;
      if (status == LineReader::Status::too_long) throw ValueError("the line is too long");
      const std::string_view line = trim(text_);
      if (line.empty() || line.starts_with('#')) continue;
      if (field_.empty()) return line;
      text_ = json_field(line, field_);
      return not_empty(trim(text_));
    }
  }

  std::optional<std::string_view> next_record() {
    while (records_.next(fields_)) {
      const bool is_blank = fields_.size() == 1 && trim(fields_.front()).empty();
      if (is_blank) continue;
      if (fields_.size() < *column_) throw ValueError("the record does not have the column");
      return not_empty(trim(fields_[*column_ - 1]));
    }
    return std::nullopt;
  }

  static std::string_view not_empty(std::string_view text) {
    if (text.empty()) throw ValueError("the field is empty");
    return text;
  }

  std::string field_;
  std::string column_name_{};
  std::optional<std::size_t> column_{};  // only of CSV
  LineReader lines_;
  CsvReader records_;
  std::string text_{};
  std::vector<std::string> fields_{};
};

}  // namespace

class TargetSource::State {
 public:
  State(std::istream& input, TargetOptions options)
      : options_(std::move(options)), texts_(input, options_) {}

  void read_header() {
    if (!std::exchange(has_read_header_, true)) texts_.read_header();
  }

  Item next() {
    read_header();
    for (;;) {
      if (num_taken_ == num_targets_) {
        std::optional<Item> item = read_line();
        if (item) return *std::move(item);
      }
      Target target = take();
      const Shard& shard = options_.shard;
      if (shard_of(target, shard.count) == shard.number) return target;
    }
  }

 private:
  // Reads what take() gives; or says what is there instead.
  std::optional<Item> read_line() try {
    const std::optional<std::string_view> text = texts_.next();
    if (!text) return EndOfTargets{};
    line_ = parse_target_line(*text);
    text_ = *text;
    ports_ = options_.ports;
    if (line_.port) ports_ = {*line_.port};
    if (ports_.empty()) ports_ = {default_port(line_.start_tls.value_or(options_.start_tls))};
    num_taken_ = 0;
    num_targets_ = ports_.size() << (line_.network ? line_.network->num_host_bits() : 0U);
    return std::nullopt;
  } catch (const ValueError& error) {
    return BadLine{texts_.line(), error.what()};
  }

  // The ports of an address come together.
  Target take() {
    const std::uint64_t n = num_taken_++;
    Target target;
    target.index = next_index_++;
    target.line = texts_.line();
    target.text = text_;
    target.host = line_.network
                      ? ip_address_text(nth_address(*line_.network, n / ports_.size()).bytes())
                      : line_.host;
    target.port = ports_[n % ports_.size()];
    target.server_name = server_name_of(target.host);
    target.start_tls = line_.start_tls.value_or(options_.start_tls);
    if (target.start_tls == StartTls::automatic) {
      target.start_tls = start_tls_of_port(target.port);
    }
    return target;
  }

  std::optional<std::string> server_name_of(const std::string& host) const {
    if (line_.server_name) return line_.server_name;
    if (!options_.use_host_as_server_name) return "";
    const std::size_t zone = host.find('%');  // no certificate has it: RFC 4007, 11
    if (zone != host.npos) return host.substr(0, zone);
    return std::nullopt;
  }

  TargetOptions options_;
  TextReader texts_;
  bool has_read_header_ = false;
  TargetLine line_{};
  std::string text_{};
  std::vector<std::uint16_t> ports_{};
  std::uint64_t num_targets_ = 0;  // of the line
  std::uint64_t num_taken_ = 0;
  std::uint64_t next_index_ = 0;
};

TargetSource::TargetSource(std::istream& input, TargetOptions options) {
  check(options);
  state_ = std::make_unique<State>(input, std::move(options));
}

TargetSource::~TargetSource() = default;

void TargetSource::read_header() { state_->read_header(); }

TargetSource::Item TargetSource::next() { return state_->next(); }

Shard parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) throw ValueError(kShardRule);
  const auto number = parse_number<std::uint32_t>(text.substr(0, slash));
  const auto count = parse_number<std::uint32_t>(text.substr(slash + 1));
  const Shard shard{number.value_or(0), count.value_or(0)};
  check(shard);
  return shard;
}

std::uint32_t shard_of(const Target& target, std::uint32_t count) noexcept {
  if (count == 1) return 1;
  constexpr std::uint64_t kOffset = 0xcbf29ce484222325, kPrime = 0x100000001b3;
  std::uint64_t hash = kOffset;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  };
  add(target.host);
  add(":");
  add(std::to_string(target.port));
  return static_cast<std::uint32_t>(hash >> 32 ^ hash) % count + 1;
}

}  // namespace peercert::scan
