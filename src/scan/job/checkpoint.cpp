// SPDX-License-Identifier: Apache-2.0
#include "scan/job/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <peercert/crypto/fingerprint.hpp>

#include "render/json_object.hpp"
#include "scan/job/content_digest.hpp"
#include "scan/outputs/file_output.hpp"
#include "scan/outputs/own_file.hpp"

namespace peercert::scan {
namespace {

constexpr std::string_view kSchema = "peercert.checkpoint/2";
constexpr char kSeparator = '\t';
constexpr char kEscape = '%';

[[noreturn]] void fail(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

// What would end a line or a part of one is written as "%0a".
std::string escape(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string escaped;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= ' ' && c != kEscape) {
      escaped += c;
    } else {
      escaped.append({kEscape, kDigits[octet >> 4], kDigits[octet & 0xf]});
    }
  }
  return escaped;
}

// Reads what to_text() can write, and more; parse_checkpoint() then compares.
class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  Checkpoint parse() {
    Checkpoint checkpoint;
    std::uint64_t below = 0;
    std::set<std::uint64_t> beyond;
    if (line() != kSchema) refuse();
    while (!rest_.empty()) {
      std::string_view text = line();
      const std::string_view kind = part(text);
      if (kind == "command") {
        checkpoint.command.push_back(named(text));
      } else if (kind == "output") {
        checkpoint.outputs.push_back(named(text));
      } else if (kind == "finished-below") {
        below = number(text);
      } else if (kind == "finished") {
        beyond.insert(number(text));
      }
    }
    checkpoint.finished = FinishedTargets(below, std::move(beyond));
    return checkpoint;
  }

  [[noreturn]] void refuse() const {
    throw std::invalid_argument(name_ +
                                ": not the state of a scan, or of another version; "
                                "remove it to begin anew");
  }

 private:
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) refuse();
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }

  static std::string_view part(std::string_view& line) {
    const std::size_t end = std::min(line.find(kSeparator), line.size());
    const std::string_view text = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return text;
  }

  std::pair<std::string, std::string> named(std::string_view text) const {
    std::string name = unescape(part(text));
    return {std::move(name), unescape(text)};
  }

  std::uint64_t number(std::string_view text) const {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) refuse();
    return number;
  }

  std::string unescape(std::string_view text) const {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != kEscape) {
        plain += text[i];
      } else {
        plain += octet(text.substr(i + 1, 2));
        i += 2;
      }
    }
    return plain;
  }

  char octet(std::string_view digits) const {
    unsigned char value = 0;
    const char* const end = digits.data() + digits.size();
    constexpr int kHexadecimal = 16;
    const auto [stop, error] = std::from_chars(digits.data(), end, value, kHexadecimal);
    if (digits.size() != 2 || error != std::errc() || stop != end) refuse();
    return static_cast<char>(value);
  }

  std::string_view rest_;
  const std::string& name_;
};

// Without outputs nothing was written, so that nothing can be finished.
bool can_be(const Checkpoint& checkpoint) {
  const FinishedTargets& finished = checkpoint.finished;
  const bool has_begun = finished.below() > 0 || !finished.beyond().empty();
  return (!has_begun || !checkpoint.outputs.empty()) &&
         (finished.beyond().empty() || *finished.beyond().begin() >= finished.below()) &&
         std::ranges::none_of(checkpoint.outputs, &std::string::empty,
                              &NamedTexts::value_type::second);
}

}  // namespace

std::string to_text(const Checkpoint& checkpoint) {
  std::string text(kSchema);
  const auto add = [&text](std::string_view kind, const std::pair<std::string, std::string>& pair) {
    text.append("\n").append(kind) += kSeparator;
    text.append(escape(pair.first)) += kSeparator;
    text.append(escape(pair.second));
  };
  for (const auto& pair : checkpoint.command) add("command", pair);
  text.append("\nfinished-below\t").append(std::to_string(checkpoint.finished.below()));
  for (const std::uint64_t index : checkpoint.finished.beyond()) {
    text.append("\nfinished\t").append(std::to_string(index));
  }
  for (const auto& pair : checkpoint.outputs) add("output", pair);
  text += '\n';
  const crypto::Sha256Digest digest =
      crypto::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  Output hex;
  render::append_hex(hex, digest);
  return text.append("sha256").append(1, kSeparator).append(hex.view()).append("\n");
}

// Of each checkpoint there is one text: whatever else has the same meaning, or none, was not
// written by a scan. That holds the digest, the order, the end and the form of each number.
Checkpoint parse_checkpoint(std::string_view text, const std::string& name) {
  Parser parser(text, name);
  Checkpoint checkpoint = parser.parse();
  if (!can_be(checkpoint) || to_text(checkpoint) != text) parser.refuse();
  return checkpoint;
}

std::optional<Checkpoint> load_checkpoint(const std::string& path) try {
  const Descriptor file = open_regular(path, O_RDONLY);
  std::string text;
  std::array<char, 1 << 16> portion{};
  for (;;) {
    const ssize_t len = ::read(file.get(), portion.data(), portion.size());
    if (len == 0) return parse_checkpoint(text, path);
    if (len < 0) fail(path);
    text.append(portion.data(), static_cast<std::size_t>(len));
    if (text.size() > kMaxCheckpointLen)
      throw std::invalid_argument(path + ": too long for a state");
  }
} catch (const std::system_error& error) {
  if (error.code() == std::errc::no_such_file_or_directory) return std::nullopt;
  throw;
}

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  const std::string fresh = path + ".new";
  FileOutput file(make_new_file(fresh), fresh);
  file.rewind({});
  file.buffer().append(to_text(checkpoint));
  file.close();  // it is on the disk before it has the name
  if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
  sync_folder_of(path);
}

void remove_checkpoint(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path);
  sync_folder_of(path);
}

std::string difference(const NamedTexts& saved, const NamedTexts& now) {
  const auto is_digest = [](const std::string& value) {
    return value.starts_with('"' + std::string(kContentDigest));
  };
  const auto value_of = [](const NamedTexts& texts, const std::string& name) {
    const auto found = std::ranges::find(texts, name, &NamedTexts::value_type::first);
    return found == texts.end() ? std::string("absent") : '"' + found->second + '"';
  };
  for (const NamedTexts* texts : {&saved, &now}) {
    for (const auto& [name, value] : *texts) {
      const std::string before = value_of(saved, name), after = value_of(now, name);
      if (before == after) continue;
      if (is_digest(before) && is_digest(after)) return name + " has other contents";
      return std::string(name).append(" was ").append(before).append(" and is ").append(after);
    }
  }
  return saved == now ? "" : "the options are in another order";
}

}  // namespace peercert::scan
