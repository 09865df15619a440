// SPDX-License-Identifier: Apache-2.0
#include "x509/encoding/base64.hpp"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace peercert::base64 {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kMaxSextet = 0x3f;
constexpr std::uint8_t kBadCharacter = 0xff;
constexpr std::uint8_t kWhiteSpace = 0xfe;
constexpr auto kSextets = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(kBadCharacter);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = kWhiteSpace;
  return table;
}();

#if defined(__x86_64__)

// The alphabet by the two halves of a character's octet. All characters with the same high half
// have the same distance to their sextets, but for '/'.
constexpr std::size_t kNumNibbles = 16;
using NibbleTable = std::array<std::uint8_t, kNumNibbles>;

// A bit for each set of low halves that goes with a high half. No low half goes with the last.
constexpr NibbleTable kSetOfHigh{16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16};

// The bits of the sets in which a low half is not.
constexpr auto kSetsWithoutLow = [] {
  NibbleTable table{};
  for (std::size_t c = 0; c < kSextets.size(); ++c) {
    if (kSextets[c] > kMaxSextet) table[c % kNumNibbles] |= kSetOfHigh[c / kNumNibbles];
  }
  return table;
}();

// What has to be added to a character to become its sextet, by its high half; for '/' one less.
constexpr auto kDistances = [] {
  NibbleTable table{};
  for (std::size_t c = 0; c < kSextets.size(); ++c) {
    const std::size_t index = c / kNumNibbles - (c == '/' ? 1 : 0);
    if (kSextets[c] <= kMaxSextet) table[index] = static_cast<std::uint8_t>(kSextets[c] - c);
  }
  return table;
}();

__attribute__((target("avx2"))) __m256i load_twice(const NibbleTable& table) noexcept {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// Thirty-two characters to their sextets. Gives false if some are not in the alphabet.
__attribute__((target("avx2"))) bool to_sextets(__m256i& block) noexcept {
  const __m256i low_halves = _mm256_and_si256(block, _mm256_set1_epi8(0x0f));
  const __m256i high_halves = _mm256_and_si256(_mm256_srli_epi32(block, 4), _mm256_set1_epi8(0x0f));
  const __m256i set = _mm256_shuffle_epi8(load_twice(kSetOfHigh), high_halves);
  const __m256i sets_without = _mm256_shuffle_epi8(load_twice(kSetsWithoutLow), low_halves);
  if (!_mm256_testz_si256(set, sets_without)) return false;
  const __m256i is_slash = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('/'));  // -1 where it is
  const __m256i index = _mm256_add_epi8(high_halves, is_slash);
  block = _mm256_add_epi8(block, _mm256_shuffle_epi8(load_twice(kDistances), index));
  return true;
}

// Four sextets to three octets, at the front of each half of the register.
__attribute__((target("avx2"))) __m256i pack(__m256i sextets) noexcept {
  const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
  const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  return _mm256_shuffle_epi8(fours, _mm256_broadcastsi128_si256(order));
}

// Decodes blocks of eight groups, and line feeds between them, as long as there are whole ones.
__attribute__((target("avx2"))) std::size_t decode_blocks_by_avx2(std::string_view text,
                                                                  std::size_t at,
                                                                  std::uint8_t*& to) noexcept {
  constexpr std::size_t kBlockLen = 32;
  while (at + kBlockLen <= text.size()) {
    __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    if (!to_sextets(block)) break;
    const __m256i octets = pack(block);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(octets));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 12), _mm256_extracti128_si256(octets, 1));
    to += kBlockLen / 4 * 3;
    at += kBlockLen;
    if (at < text.size() && text[at] == '\n') ++at;
  }
  return at;
}

std::size_t decode_blocks(std::string_view text, std::size_t at, std::uint8_t*& to) noexcept {
  return __builtin_cpu_supports("avx2") ? decode_blocks_by_avx2(text, at, to) : at;
}

#else

std::size_t decode_blocks(std::string_view, std::size_t at, std::uint8_t*&) noexcept { return at; }

#endif

}  // namespace

std::size_t decode_groups_by_table(std::string_view text, std::size_t at,
                                   std::uint8_t*& to) noexcept {
  std::uint8_t* out = to;  // octets may alias anything, `to` itself too
  for (; at + 4 <= text.size(); at += 4) {
    const auto sextet = [&](std::size_t i) -> unsigned {
      return kSextets[static_cast<unsigned char>(text[at + i])];
    };
    const unsigned a = sextet(0);
    const unsigned b = sextet(1);
    const unsigned c = sextet(2);
    const unsigned d = sextet(3);
    if ((a | b | c | d) > kMaxSextet) break;
    const unsigned bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<std::uint8_t>(bits >> 16);
    *out++ = static_cast<std::uint8_t>(bits >> 8);
    *out++ = static_cast<std::uint8_t>(bits);
  }
  to = out;
  return at;
}

std::size_t decode_groups(std::string_view text, std::size_t at, std::uint8_t*& to) noexcept {
  for (;; ++at) {
    at = decode_groups_by_table(text, decode_blocks(text, at, to), to);
    if (at == text.size() || text[at] != '\n') return at;
  }
}

std::size_t decode(std::string_view text, std::vector<std::uint8_t>& out) {
  out.resize(text.size() / 4 * 3 + 3 + kSlack);
  std::uint8_t* to = out.data();
  std::uint32_t bits = 0;
  std::size_t num_pending = 0;  // sextets in `bits`
  std::size_t num_padding = 0;
  for (std::size_t i = 0;; ++i) {
    if (num_pending == 0 && num_padding == 0) i = decode_groups(text, i, to);
    if (i >= text.size()) break;
    const std::uint8_t sextet = kSextets[static_cast<unsigned char>(text[i])];
    if (sextet == kWhiteSpace) continue;
    if (text[i] == '=') {
      if (++num_padding > 2) return i;
      continue;
    }
    if (sextet == kBadCharacter || num_padding > 0) return i;
    bits = bits << 6 | sextet;
    if (++num_pending < 4) continue;
    num_pending = 0;
    for (const int shift : {16, 8, 0}) *to++ = static_cast<std::uint8_t>(bits >> shift);
  }
  if ((num_pending + num_padding) % 4 != 0) return text.size();
  bits <<= 6 * (4 - num_pending);
  for (std::size_t i = 1; i < num_pending; ++i)
    *to++ = static_cast<std::uint8_t>(bits >> (24 - 8 * i));
  out.resize(static_cast<std::size_t>(to - out.data()));
  return std::string_view::npos;
}

char* encode(Bytes octets, char* to) noexcept {
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t num_octets = std::min<std::size_t>(3, octets.size() - i);
    std::uint32_t bits = 0;
    for (const std::uint8_t octet : octets.subspan(i, num_octets)) bits = bits << 8 | octet;
    bits <<= 8 * (3 - num_octets);
    for (const int shift : {18, 12, 6, 0}) *to++ = kAlphabet[bits >> shift & kMaxSextet];
    if (num_octets < 3) std::fill(to - (3 - num_octets), to, '=');
  }
  return to;
}

}  // namespace peercert::base64
