// SPDX-License-Identifier: Apache-2.0
#include "scan/starttls/plain_buffer.hpp"

#include <utility>

namespace peercert::scan {
namespace {

constexpr std::size_t kMaxQuotedLen = 200;

}  // namespace

std::string in_quotes(std::string_view said) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : said.substr(0, kMaxQuotedLen)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e) {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15U]};
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += said.size() > kMaxQuotedLen ? "\"..." : "\"";
}

void PlainBuffer::append(std::string_view received) {
  // Only what no piece was taken from is moved, so that many pieces in one go cost one move.
  bytes_.erase(0, std::exchange(begin_, 0));
  bytes_ += received;
}

std::optional<std::string_view> PlainBuffer::take_line() {
  std::optional<std::string_view> line = take_through('\n', Quotes::are_characters);
  if (!line) return std::nullopt;
  line->remove_suffix(line->ends_with("\r\n") ? 2 : 1);
  return line;
}

std::optional<std::string_view> PlainBuffer::take_tag() {
  in_tag_ = in_tag_ || take_through('<', Quotes::are_characters).has_value();
  if (!in_tag_) return std::nullopt;
  std::optional<std::string_view> tag = take_through('>', Quotes::hide_the_end);
  if (!tag) return std::nullopt;
  in_tag_ = false;
  tag->remove_suffix(1);
  return tag;
}

std::optional<std::string_view> PlainBuffer::take(std::size_t len) {
  if (unread().size() < len) return std::nullopt;
  const std::string_view piece = unread().substr(0, len);
  begin_ += len;
  searched_ = 0;
  return piece;
}

/// The bytes up to `end` and with it.
std::optional<std::string_view> PlainBuffer::take_through(char end, Quotes quotes) {
  const std::string_view piece = unread().substr(0, kMaxPlainPieceLen);
  while (searched_ < piece.size()) {
    const char c = piece[searched_++];
    ++num_searched_;
    const bool hidden = quotes == Quotes::hide_the_end && is_hidden(c);
    if (c == end && !hidden) return take(searched_);
  }
  return std::nullopt;
}

/// Whether the character of a tag stands in quotes, or is one.
bool PlainBuffer::is_hidden(char c) noexcept {
  if (open_quote_ != '\0') {
    if (c == open_quote_) open_quote_ = '\0';
    return true;
  }
  if (c == '"' || c == '\'') open_quote_ = c;
  return open_quote_ != '\0';
}

}  // namespace peercert::scan
