// SPDX-License-Identifier: Apache-2.0
// Text that no format escapes, which names, dates and URIs nearly always are: printable ASCII
// without backslash, ' and ". Looked at and copied in blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <peercert/result.hpp>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace peercert::render {

inline bool is_plain(std::uint8_t c) noexcept {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\'' && c != '\\';
}

/// Eight octets in a word.
struct Word {
  static constexpr std::size_t kSize = 8;
  std::uint64_t octets;

  static Word load(const std::uint8_t* from) noexcept {
    Word word;
    std::memcpy(&word.octets, from, kSize);
    return word;
  }
  void store(char* to) const noexcept { std::memcpy(to, &octets, kSize); }

  bool is_plain() const noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    // Each sets the high bit of octets that match, and perhaps of octets above one that does:
    // enough to know that a word holds none. Octets over 0x7f are looked for apart.
    const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word; };
    const auto equals = [&](std::uint8_t c) { return zeros(octets ^ (kOnes * c)); };
    const std::uint64_t controls = octets - kOnes * 0x20;
    const std::uint64_t special =
        octets | controls | equals('"') | equals('\'') | equals('\\') | equals(0x7f);
    return (special & kHighBits) == 0;
  }
};

#if defined(__SSE2__)
/// Sixteen octets in a register.
struct Block {
  static constexpr std::size_t kSize = 16;
  __m128i octets;

  static Block load(const std::uint8_t* from) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
  }
  void store(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), octets); }

  bool is_plain() const noexcept {
    const auto equals = [this](char c) { return _mm_cmpeq_epi8(octets, _mm_set1_epi8(c)); };
    // Signed comparison: octets over 0x7f are below the space too.
    const __m128i below_space = _mm_cmplt_epi8(octets, _mm_set1_epi8(0x20));
    const __m128i quotes = _mm_or_si128(equals('"'), equals('\''));
    const __m128i others = _mm_or_si128(equals('\\'), equals(0x7f));
    return _mm_movemask_epi8(_mm_or_si128(below_space, _mm_or_si128(quotes, others))) == 0;
  }
};
#else
using Block = Word;
#endif

/// Copies text of at least B::kSize octets in blocks of that size, the last of which may overlap
/// the one before it, and says whether all of it is plain; what `to` holds if not means nothing.
template <class B>
bool copy_blocks_if_plain(Bytes text, char* to) noexcept {
  const std::size_t last = text.size() - B::kSize;
  for (std::size_t i = 0; i < last; i += B::kSize) {
    const B block = B::load(text.data() + i);
    if (!block.is_plain()) return false;
    block.store(to + i);
  }
  const B block = B::load(text.data() + last);
  block.store(to + last);
  return block.is_plain();
}

/// The same for text of any size. `to` has room for text.size() octets.
inline bool copy_if_plain(Bytes text, char* to) noexcept {
  if (text.size() >= Block::kSize) return copy_blocks_if_plain<Block>(text, to);
  if (text.size() >= Word::kSize) return copy_blocks_if_plain<Word>(text, to);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_plain(text[i])) return false;
    to[i] = static_cast<char>(text[i]);
  }
  return true;
}

/// The number of plain octets at the front.
inline std::size_t plain_run_len(Bytes text) noexcept {
  std::size_t i = 0;
  while (i + Block::kSize <= text.size() && Block::load(text.data() + i).is_plain())
    i += Block::kSize;
  while (i < text.size() && is_plain(text[i])) ++i;
  return i;
}

}  // namespace peercert::render
