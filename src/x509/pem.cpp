// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <peercert/x509/pem.hpp>

namespace peercert {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kFirstLine = "-----BEGIN CERTIFICATE-----\n";
constexpr std::string_view kLastLine = "-----END CERTIFICATE-----\n";
constexpr std::size_t kColumns = 64;
constexpr std::size_t kLineLen = kColumns / 4 * 3;  // octets

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

bool is_certificate_label(std::string_view label) noexcept {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

// Decodes as many whole groups of four characters as there are, from `at` on. Gives the index
// behind them. A line is sixteen groups: what stands between them, the other function takes.
std::size_t decode_groups(std::string_view text, std::size_t at, std::uint8_t*& to) noexcept {
  for (; at + 4 <= text.size(); at += 4) {
    std::uint32_t bits = 0;
    std::uint8_t seen = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint8_t sextet = kSextets[static_cast<unsigned char>(text[at + i])];
      seen |= sextet;
      bits = bits << 6 | sextet;
    }
    if (seen > kMaxSextet) break;
    to[0] = static_cast<std::uint8_t>(bits >> 16);
    to[1] = static_cast<std::uint8_t>(bits >> 8);
    to[2] = static_cast<std::uint8_t>(bits);
    to += 3;
  }
  return at;
}

// Decodes base64 with white space anywhere. Gives the index of the first bad character, or npos.
std::size_t decode_base64(std::string_view text, Der& out) {
  constexpr std::size_t kDecoded = std::string_view::npos;
  out.resize(text.size() / 4 * 3 + 3);
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
  return kDecoded;
}

// Writes the base64 of the octets, and gives the end of it.
char* encode_line(Bytes octets, char* to) noexcept {
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

Error pem_error(Errc code, std::size_t at) noexcept {
  return {code, Field::pem, static_cast<std::uint32_t>(at)};
}

}  // namespace

std::string to_pem(Bytes der) {
  const std::size_t num_columns = (der.size() + 2) / 3 * 4;
  const std::size_t num_lines = (num_columns + kColumns - 1) / kColumns;
  std::string out(kFirstLine.size() + num_columns + num_lines + kLastLine.size(), '\n');
  char* to = std::copy(kFirstLine.begin(), kFirstLine.end(), out.data());
  for (std::size_t i = 0; i < der.size(); i += kLineLen) {
    to = encode_line(der.subspan(i, std::min(kLineLen, der.size() - i)), to) + 1;
  }
  std::copy(kLastLine.begin(), kLastLine.end(), to);
  return out;
}

std::optional<PemBlock> find_pem_block(std::string_view text, std::size_t at) noexcept {
  PemBlock block;
  for (std::size_t label_at = at;; at = label_at) {
    block.begin = text.find(kBegin, at);
    if (block.begin == std::string_view::npos) return std::nullopt;
    label_at = block.begin + kBegin.size();
    const std::size_t label_end = std::min(text.find(kDashes, label_at), text.size());
    if (!is_certificate_label(text.substr(label_at, label_end - label_at))) continue;
    block.body = std::min(label_end + kDashes.size(), text.size());
    block.body_end = std::min(text.find(kDashes, block.body), text.size());
    block.is_closed = text.substr(block.body_end).starts_with(kEnd);
    block.end = block.is_closed ? block.body_end + kEnd.size() : block.body;
    return block;
  }
}

Result<bool> PemReader::next(Der& der) {
  der.clear();
  const std::optional<PemBlock> block = find_pem_block(text_, at_);
  at_ = block ? block->end : text_.size();
  if (!block) return false;
  if (!block->is_closed) return pem_error(Errc::pem_truncated, block->begin);
  const std::string_view body = text_.substr(block->body, block->body_end - block->body);
  const std::size_t bad = decode_base64(body, der);
  if (bad != std::string_view::npos) return pem_error(Errc::pem_bad_base64, block->body + bad);
  return true;
}

}  // namespace peercert
