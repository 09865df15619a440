// SPDX-License-Identifier: Apache-2.0
#include "scan/checkpoint.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "scan/file_output.hpp"

namespace peercert::scan {
namespace {

constexpr std::string_view kSchema = "peercert.checkpoint/1";
constexpr std::string_view kEnd = "end";
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

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  Checkpoint parse() {
    Checkpoint checkpoint;
    std::uint64_t below = 0;
    std::set<std::uint64_t> beyond;
    if (line() != kSchema) refuse();
    for (std::string_view text = line(); text != kEnd; text = line()) {
      const std::string_view kind = part(text);
      if (kind == "command") {
        checkpoint.command.push_back(named(text));
      } else if (kind == "output") {
        checkpoint.outputs.push_back(named(text));
      } else if (kind == "finished-below") {
        below = number(text);
      } else if (kind == "finished") {
        beyond.insert(number(text));
      } else {
        refuse();
      }
    }
    checkpoint.finished = FinishedTargets(below, std::move(beyond));
    return checkpoint;
  }

 private:
  [[noreturn]] void refuse() const {
    throw std::invalid_argument(name_ + ": not the state of a scan, or of another version");
  }

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

  std::uint64_t number(std::string_view text) const { return parse_commit(text, name_); }

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
  return text.append("\n").append(kEnd).append("\n");
}

Checkpoint parse_checkpoint(std::string_view text, const std::string& name) {
  return Parser(text, name).parse();
}

std::optional<Checkpoint> load_checkpoint(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    fail(path);
  }
  std::string text;
  try {
    text.assign(std::istreambuf_iterator<char>(file), {});
  } catch (const std::system_error& error) {  // a folder can be opened, too
    throw std::system_error(error.code(), path);
  }
  return parse_checkpoint(text, path);
}

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  const std::string fresh = path + ".new";
  FileOutput file(fresh);
  file.rewind({});
  file.buffer().append(to_text(checkpoint));
  file.close();  // it is on the disk before it has the name
  if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
  sync_folder_of(path);
}

void remove_checkpoint(const std::string& path) {
  if (std::remove(path.c_str()) != 0 && errno != ENOENT) fail(path);
  sync_folder_of(path);
}

std::string difference(const NamedTexts& saved, const NamedTexts& now) {
  const auto value_of = [](const NamedTexts& texts, const std::string& name) {
    const auto found = std::ranges::find(texts, name, &NamedTexts::value_type::first);
    return found == texts.end() ? std::string("absent") : '"' + found->second + '"';
  };
  for (const NamedTexts* texts : {&saved, &now}) {
    for (const auto& [name, value] : *texts) {
      const std::string before = value_of(saved, name), after = value_of(now, name);
      if (before == after) continue;
      return std::string(name).append(" was ").append(before).append(" and is ").append(after);
    }
  }
  return saved == now ? "" : "the options are in another order";
}

}  // namespace peercert::scan
