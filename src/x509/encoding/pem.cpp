// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/x509/field.hpp>

#include "x509/encoding/base64.hpp"
#include "x509/encoding/pem_block.hpp"

namespace peercert {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kColumns = 64;
constexpr std::size_t kLineLen = kColumns / 4 * 3;  // octets

Error pem_error(Errc code, std::size_t at) noexcept {
  return {code, Field::pem, static_cast<std::uint32_t>(at)};
}

}  // namespace

std::string to_pem(Bytes der) {
  const std::size_t num_columns = (der.size() + 2) / 3 * 4;
  const std::size_t num_lines = (num_columns + kColumns - 1) / kColumns;
  std::string out(kPemHeader.size() + 1 + num_columns + num_lines + kPemFooter.size() + 1, '\n');
  char* to = std::copy(kPemHeader.begin(), kPemHeader.end(), out.data()) + 1;
  for (std::size_t i = 0; i < der.size(); i += kLineLen) {
    to = base64::encode(der.subspan(i, std::min(kLineLen, der.size() - i)), to) + 1;
  }
  std::copy(kPemFooter.begin(), kPemFooter.end(), to);
  return out;
}

bool is_certificate_label(std::string_view label) noexcept {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == kTrustedCertificateLabel;
}

std::optional<PemBlock> find_pem_block(std::string_view text, std::size_t at) noexcept {
  const std::optional<LabelledBlock> found = find_pem_block(text, at, is_certificate_label);
  return found ? std::optional(found->block) : std::nullopt;
}

std::optional<LabelledBlock> find_pem_block(std::string_view text, std::size_t at,
                                            bool (*is_wanted)(std::string_view label)) noexcept {
  PemBlock block;
  for (std::size_t label_at = at;; at = label_at) {
    block.begin = text.find(kBegin, at);
    if (block.begin == std::string_view::npos) return std::nullopt;
    label_at = block.begin + kBegin.size();
    const std::size_t label_end = std::min(text.find(kDashes, label_at), text.size());
    const std::string_view label = text.substr(label_at, label_end - label_at);
    if (!is_wanted(label)) continue;
    block.body = std::min(label_end + kDashes.size(), text.size());
    block.body_end = std::min(text.find(kDashes, block.body), text.size());
    block.is_closed = text.substr(block.body_end).starts_with(kEnd);
    block.end = block.is_closed ? block.body_end + kEnd.size() : block.body;
    return LabelledBlock{block, label};
  }
}

Result<bool> PemReader::next(Der& der) {
  der.clear();
  const std::optional<PemBlock> block = find_pem_block(text_, at_);
  at_ = block ? block->end : text_.size();
  if (!block) return false;
  if (!block->is_closed) return pem_error(Errc::pem_truncated, block->begin);
  const std::string_view body = text_.substr(block->body, block->body_end - block->body);
  const std::size_t bad = base64::decode(body, der);
  if (bad != std::string_view::npos) return pem_error(Errc::pem_bad_base64, block->body + bad);
  return true;
}

}  // namespace peercert
