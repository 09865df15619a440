// SPDX-License-Identifier: Apache-2.0
// The plain text in front of TLS as it arrives, cut into lines, tags and packets. No I/O.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace peercert::scan {

/// Bytes of one line, of one tag or of one packet. RFC 9051, 4 wants clients to take lines of this
/// length; the other protocols stay far below it.
inline constexpr std::size_t kMaxPlainPieceLen = 8192;

/// What a peer said, fit to be shown: in double quotes, cut after 200 bytes, all that is not
/// printable ASCII as \xHH, `"` and `\` after a backslash.
std::string in_quotes(std::string_view said);

/// Bytes that were received and not read yet. A piece that is not there in full is a nullopt: the
/// caller appends more and asks for the same again, unless is_full(). Each byte is searched once
/// and moved once, however the bytes arrive. A piece is valid until the next append().
class PlainBuffer {
 public:
  void append(std::string_view received);

  std::string_view unread() const noexcept { return std::string_view(bytes_).substr(begin_); }
  /// Whether the piece that is begun has no end within kMaxPlainPieceLen.
  bool is_full() const noexcept { return unread().size() >= kMaxPlainPieceLen; }
  /// How many bytes were looked at to find the ends of pieces: never more than were appended.
  std::size_t num_searched() const noexcept { return num_searched_; }

  /// The next line without its end, which is CRLF, or LF alone.
  std::optional<std::string_view> take_line();
  /// The next tag of XML without its angle brackets; text in front of it is passed over. A '>' in
  /// quotes does not end it.
  std::optional<std::string_view> take_tag();
  /// Just so many bytes; at most kMaxPlainPieceLen, or they are never there.
  std::optional<std::string_view> take(std::size_t len);

 private:
  enum class Quotes : bool { are_characters, hide_the_end };
  std::optional<std::string_view> take_through(char end, Quotes quotes);
  bool is_hidden(char c) noexcept;

  std::string bytes_{};
  std::size_t begin_ = 0;         // what stands in front of it was read
  std::size_t searched_ = 0;      // of unread(): has no end
  std::size_t num_searched_ = 0;  // in all
  char open_quote_ = '\0';        // in the tag that is searched
  bool in_tag_ = false;           // its '<' was read
};

}  // namespace peercert::scan
