// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <peercert/der/ber.hpp>

#include "der/header.hpp"

namespace peercert::der {
namespace {

constexpr std::size_t kEndOfContentsLen = 2;

bool at_end_of_contents(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  return end - at >= 2 && at[0] == 0 && at[1] == 0;
}

// The end-of-contents octets that belong to the content that starts at `at`.
const std::uint8_t* find_end_of_contents(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  std::size_t num_open = 1;
  while (at != end) {
    if (at_end_of_contents(at, end)) {
      if (--num_open == 0) return at;
      at += kEndOfContentsLen;
      continue;
    }
    Header header;
    if (read_header(at, end, header) != Errc::ok) return nullptr;
    if (header.indefinite) {
      ++num_open;
    } else if (header.content_len > static_cast<std::size_t>(end - at)) {
      return nullptr;
    } else {
      at += header.content_len;
    }
  }
  return nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): kMaxSegmentDepth bounds it.
Errc append_segments(Bytes content, std::vector<std::uint8_t>& out, int depth) {
  const std::uint8_t* at = content.data();
  const std::uint8_t* const end = at + content.size();
  while (at != end) {
    if (at_end_of_contents(at, end)) return Errc::unexpected_end;
    BerElement segment;
    if (const Errc error = read_ber_element(at, end, segment); error != Errc::ok) return error;
    if (!(segment.identifier & kConstructed)) {
      out.insert(out.end(), segment.content.begin(), segment.content.end());
      continue;
    }
    if (depth >= kMaxSegmentDepth) return Errc::constructed_string;
    const Errc error = append_segments(segment.content, out, depth + 1);
    if (error != Errc::ok) return error;
  }
  return Errc::ok;
}

}  // namespace

Errc read_ber_element(const std::uint8_t*& at, const std::uint8_t* end, BerElement& out) noexcept {
  const std::uint8_t* cursor = at;
  Header header;
  if (const Errc error = read_header(cursor, end, header); error != Errc::ok) return error;
  const std::uint8_t* content_end = nullptr;
  if (header.indefinite) {
    content_end = find_end_of_contents(cursor, end);
    if (content_end == nullptr) return Errc::truncated;
  } else {
    if (header.content_len > static_cast<std::size_t>(end - cursor)) return Errc::truncated;
    content_end = cursor + header.content_len;
  }
  const std::uint8_t* const after = content_end + (header.indefinite ? kEndOfContentsLen : 0);
  out = {header.identifier, header.identifier_octets, header.indefinite, Bytes(cursor, content_end),
         Bytes(at, after)};
  at = after;
  return Errc::ok;
}

Errc append_segments(Bytes content, std::vector<std::uint8_t>& out) {
  return append_segments(content, out, 0);
}

void insert_header(std::vector<std::uint8_t>& out, std::size_t start, Bytes identifier_octets) {
  const std::size_t content_len = out.size() - start;
  std::array<std::uint8_t, 1 + sizeof(content_len)> length;  // filled from its end
  std::size_t first = length.size();
  if (content_len < 0x80) {
    length[--first] = static_cast<std::uint8_t>(content_len);
  } else {
    for (std::size_t rest = content_len; rest > 0; rest >>= 8) {
      length[--first] = static_cast<std::uint8_t>(rest);
    }
    const std::size_t num_octets = length.size() - first;
    length[--first] = static_cast<std::uint8_t>(0x80 | num_octets);
  }
  const auto at = out.begin() + static_cast<std::ptrdiff_t>(start);
  const auto after = out.insert(at, identifier_octets.begin(), identifier_octets.end());
  out.insert(after + static_cast<std::ptrdiff_t>(identifier_octets.size()),
             length.begin() + static_cast<std::ptrdiff_t>(first), length.end());
}

}  // namespace peercert::der
