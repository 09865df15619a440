// SPDX-License-Identifier: Apache-2.0
// Text that a format does not escape, which names, dates and URIs nearly always are: printable
// ASCII without backslash and without the quote around it. Looked at and copied in blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <peercert/base/result.hpp>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace peercert::render {

inline bool is_plain(std::uint8_t c, char quote) noexcept {
  return c >= 0x20 && c < 0x7f && c != static_cast<std::uint8_t>(quote) && c != '\\';
}

#if defined(__SSE2__)
/// Sixteen octets in a register.
class Block {
 public:
  static constexpr std::size_t kSize = 16;

  static Block load(const std::uint8_t* from) noexcept {
    return Block(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  void store(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), octets_); }

  /// Where plain octets are, all bits are clear.
  Block special(char quote) const noexcept {
    const auto equals = [this](char c) { return _mm_cmpeq_epi8(octets_, _mm_set1_epi8(c)); };
    // As signed numbers, one more than the octet: under 0x21 are those below the space, those over
    // 0x7f, and 0x7f, which has become the lowest number.
    const __m128i controls =
        _mm_cmplt_epi8(_mm_add_epi8(octets_, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
    return Block(_mm_or_si128(controls, _mm_or_si128(equals(quote), equals('\\'))));
  }
  friend Block operator|(Block a, Block b) noexcept {
    return Block(_mm_or_si128(a.octets_, b.octets_));
  }
  bool any() const noexcept { return _mm_movemask_epi8(octets_) != 0; }

 private:
  explicit Block(__m128i octets) noexcept : octets_(octets) {}
  __m128i octets_;
};
#else
/// Two words of eight octets.
class Block {
 public:
  static constexpr std::size_t kSize = 16;

  static Block load(const std::uint8_t* from) noexcept {
    Block block{};
    std::memcpy(&block.low_, from, sizeof(block.low_));
    std::memcpy(&block.high_, from + sizeof(block.low_), sizeof(block.high_));
    return block;
  }
  void store(char* to) const noexcept {
    std::memcpy(to, &low_, sizeof(low_));
    std::memcpy(to + sizeof(low_), &high_, sizeof(high_));
  }

  Block special(char quote) const noexcept {
    Block block{};
    block.low_ = special(low_, static_cast<std::uint8_t>(quote));
    block.high_ = special(high_, static_cast<std::uint8_t>(quote));
    return block;
  }
  friend Block operator|(Block a, Block b) noexcept {
    a.low_ |= b.low_;
    a.high_ |= b.high_;
    return a;
  }
  bool any() const noexcept { return (low_ | high_) != 0; }

 private:
  static std::uint64_t special(std::uint64_t octets, std::uint8_t quote) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    // Each sets the high bit of octets that match, and perhaps of octets above one that does:
    // enough to know that a word holds none. Octets over 0x7f are looked for apart.
    const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word; };
    const auto equals = [&](std::uint8_t c) { return zeros(octets ^ (kOnes * c)); };
    const std::uint64_t controls = octets - kOnes * 0x20;
    return (octets | controls | equals(quote) | equals('\\') | equals(0x7f)) & kHighBits;
  }
  std::uint64_t low_;
  std::uint64_t high_;
};
#endif

/// copy_if_plain() for Size to twice that many octets: those at both ends, which may overlap.
template <std::size_t Size>
bool copy_ends_if_plain(Bytes text, char* to, char quote) noexcept {
  std::array<std::uint8_t, Block::kSize> ends;
  ends.fill(' ');
  const std::size_t last = text.size() - Size;
  std::memcpy(ends.data(), text.data(), Size);
  std::memcpy(ends.data() + Size, text.data() + last, Size);
  std::memcpy(to, ends.data(), Size);
  std::memcpy(to + last, ends.data() + Size, Size);
  return !Block::load(ends.data()).special(quote).any();
}

/// copy_if_plain() for text shorter than a block.
inline bool copy_short_if_plain(Bytes text, char* to, char quote) noexcept {
  if (text.size() >= 8) return copy_ends_if_plain<8>(text, to, quote);
  if (text.size() >= 4) return copy_ends_if_plain<4>(text, to, quote);
  if (text.size() >= 2) return copy_ends_if_plain<2>(text, to, quote);
  if (text.empty()) return true;
  *to = static_cast<char>(text[0]);
  return is_plain(text[0], quote);
}

/// Copies the text and says whether all of it is plain; what `to` holds if not means nothing.
/// `to` has room for text.size() octets.
inline bool copy_if_plain(Bytes text, char* to, char quote) noexcept {
  if (text.size() < Block::kSize) return copy_short_if_plain(text, to, quote);
  const std::size_t last = text.size() - Block::kSize;  // may overlap the block before it
  const Block last_block = Block::load(text.data() + last);
  Block special = last_block.special(quote);
  for (std::size_t i = 0; i < last; i += Block::kSize) {
    const Block block = Block::load(text.data() + i);
    block.store(to + i);
    special = special | block.special(quote);
  }
  last_block.store(to + last);
  return !special.any();
}

/// The number of plain octets at the front.
inline std::size_t plain_run_len(Bytes text, char quote) noexcept {
  std::size_t i = 0;
  while (i + Block::kSize <= text.size() && !Block::load(text.data() + i).special(quote).any())
    i += Block::kSize;
  while (i < text.size() && is_plain(text[i], quote)) ++i;
  return i;
}

}  // namespace peercert::render
