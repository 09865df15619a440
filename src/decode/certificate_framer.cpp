// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/decode/certificate_framer.hpp>
#include <peercert/der/ber.hpp>
#include <peercert/der/element.hpp>
#include <peercert/x509/pem.hpp>

#include "x509/name_syntax.hpp"

namespace peercert::decode {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint8_t kVersion = 0xa0;  // [0] EXPLICIT
constexpr std::uint8_t kInteger = 0x02;

constexpr std::size_t kPrefixLen = 4;
// Of a SEQUENCE as certificates in use begin with; longer ones are read, but not looked for.
constexpr std::size_t kMaxHeaderLen = 6;
// A prefix, two headers, and the identifier of version or serialNumber.
constexpr std::size_t kStartLen = kPrefixLen + 2 * kMaxHeaderLen + 1;
constexpr std::size_t kPemEndLen = std::string_view("-----END ").size();
// Longer than any BEGIN line of a certificate.
constexpr std::size_t kPemBeginLen = 64;

// SEQUENCE with its tag number in the high form, which BER allows.
bool begins_high_sequence(Bytes bytes) noexcept {
  return bytes.size() >= 2 && bytes[0] == 0x3f && bytes[1] == 0x10;
}

// The header of a SEQUENCE with a definite length.
struct SequenceHeader {
  std::size_t header_len = 0;  // 0: there is none
  std::size_t content_len = 0;
  std::size_t len() const noexcept { return header_len + content_len; }
};

// X.690, 8.1.3. Bytes after the input count as zero, so that a length is not over the true one.
SequenceHeader read_sequence_header(Bytes bytes) noexcept {
  if (bytes.size() < 2 || bytes[0] != kSequence || bytes[1] == kIndefinite) return {};
  if (bytes[1] < 0x80) return {2, bytes[1]};
  const std::size_t num_len_bytes = bytes[1] & 0x7f;
  std::size_t content_len = 0;
  for (const std::uint8_t byte : bytes.subspan(2, std::min(num_len_bytes, bytes.size() - 2))) {
    content_len = std::min(content_len << 8 | byte, kMaxFrameLen + 1);
  }
  return {2 + num_len_bytes, content_len};
}

// The length of the certificate that seems to begin here, 0 if none does. Hardly anything else, in
// a certificate or not, begins with these bytes.
//
//   Certificate     ::= SEQUENCE { tbsCertificate TBSCertificate, ... }
//   TBSCertificate  ::= SEQUENCE { version [0] EXPLICIT Version DEFAULT v1,
//                                  serialNumber INTEGER, ... }
std::size_t likely_len(Bytes bytes) noexcept {
  const SequenceHeader outer = read_sequence_header(bytes);
  if (outer.header_len <= 2 || outer.header_len > kMaxHeaderLen || outer.len() > kMaxFrameLen) {
    return 0;
  }
  const Bytes content = bytes.subspan(std::min(outer.header_len, bytes.size()));
  if (content.size() < 2 || content[0] != kSequence || content[1] < 0x80) return 0;
  const SequenceHeader tbs = read_sequence_header(content);  // none if it is indefinite
  const std::size_t header_len = std::max<std::size_t>(tbs.header_len, 2);
  if (tbs.len() > outer.content_len || content.size() <= header_len) return 0;
  const std::uint8_t identifier = content[header_len];
  return identifier == kVersion || identifier == kInteger ? outer.len() : 0;
}

//   Certificate  ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
bool holds_three_elements(Bytes certificate) noexcept {
  const SequenceHeader header = read_sequence_header(certificate);
  if (header.header_len == 0 || header.len() != certificate.size()) return false;
  const std::uint8_t* at = certificate.data() + header.header_len;
  const std::uint8_t* const end = certificate.data() + certificate.size();
  der::Element element;
  for (int i = 0; i < 3; ++i) {
    if (der::read_element(at, end, element) != Errc::ok) return false;
  }
  return at == end;
}

std::size_t read_prefix(Bytes bytes) noexcept {
  std::size_t len = 0;
  for (std::size_t i = kPrefixLen; i-- > 0;) len = len << 8 | bytes[i];
  return len;
}

bool starts_length_prefixed(Bytes bytes) noexcept {
  if (bytes.size() <= kPrefixLen) return false;
  const std::size_t len = likely_len(bytes.subspan(kPrefixLen));
  return len != 0 && len == read_prefix(bytes);
}

Frame make_frame(std::size_t begin, std::size_t len, FrameError error) noexcept {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(len), error};
}

// The form of an input that begins with these bytes. DER and length-prefixed DER cannot be taken
// for each other: the prefix, read as DER, would be the header of no certificate.
InputForm detect_form(Bytes beginning) noexcept {
  if (starts_length_prefixed(beginning)) return InputForm::length_prefixed;
  if (begins_high_sequence(beginning)) return InputForm::der;
  if (beginning.size() < 2 || beginning[0] != kSequence) return InputForm::pem;
  // A certificate of any size in use has a long length, which no text begins with. A short one is
  // taken for DER as well where there is no PEM block, for the better error.
  const bool is_der = (beginning[1] & 0x80) != 0 || !find_pem_block(as_text(beginning), 0);
  return is_der ? InputForm::der : InputForm::pem;
}

}  // namespace

std::string_view to_string(FrameError error) noexcept {
  switch (error) {
    case FrameError::none: return "no error";
    case FrameError::not_a_certificate: return "not a certificate";
    case FrameError::wrong_length: return "the length matches neither the content nor what follows";
    case FrameError::too_long: return "longer than 16 MiB";
    case FrameError::truncated: return "truncated: the input ends inside the certificate";
    case FrameError::no_end: return "indefinite length without end-of-contents";
    case FrameError::no_end_line: return to_string(Errc::pem_truncated);
  }
  return {};
}

std::size_t CertificateFramer::append_frames(Bytes bytes, bool is_last,
                                             std::vector<Frame>& frames) {
  if (abandoned_) return bytes.size();
  if (form_ == InputForm::detected) form_ = detect_form(bytes);
  return form_ == InputForm::pem ? frame_pem(as_text(bytes), is_last, frames)
                                 : frame_der(bytes, is_last, frames);
}

std::size_t CertificateFramer::frame_pem(std::string_view text, bool is_last,
                                         std::vector<Frame>& frames) const {
  std::size_t at = 0;
  while (frames.size() < kMaxFrames) {
    const auto block = find_pem_block(text, at);
    if (!block && is_last) return text.size();
    if (!block) return std::max(at, text.size() - std::min(text.size(), kPemBeginLen));
    const std::size_t len = (block->is_closed ? block->end : text.size()) - block->begin;
    // Dashes that the end of the bytes cuts off may become an END line.
    const bool is_open =
        !block->is_closed && !is_last && text.size() - block->body_end < kPemEndLen;
    if (is_open && len <= kMaxFrameLen) return block->begin;
    FrameError error = block->is_closed ? FrameError::none : FrameError::no_end_line;
    if (len > kMaxFrameLen && (block->is_closed || is_open)) error = FrameError::too_long;
    frames.push_back(make_frame(block->begin, len, error));
    at = block->end;
  }
  return at;
}

std::size_t CertificateFramer::frame_der(Bytes bytes, bool is_last, std::vector<Frame>& frames) {
  std::size_t at = 0;
  while (at < bytes.size() && frames.size() < kMaxFrames && !abandoned_) {
    const Bytes rest = bytes.subspan(at);
    if (lost_) {
      at += skip_to_start(rest);
      lost_ = at == bytes.size();
      if (lost_ && !is_last) at -= std::min(rest.size(), kStartLen - 1);  // maybe a cut start
      if (lost_) return at;
      continue;
    }
    const Extent extent = measure(rest);
    // The start of the next one has to be in sight, to tell whether the length can be true.
    const bool in_sight = rest.size() >= std::min(extent.len, kMaxFrameLen) + kStartLen;
    if (!in_sight && !is_last) return at;
    const FrameError error = error_of(rest, extent);
    if (error == FrameError::none) {
      frames.push_back(make_frame(at + prefix_len(), extent.len - prefix_len(), error));
      at += extent.len;
    } else {
      frames.push_back(make_frame(at, 0, error));
      ++at;
    }
    lost_ = error != FrameError::none;
    abandoned_ = error == FrameError::no_end;
  }
  return abandoned_ ? bytes.size() : at;
}

CertificateFramer::Extent CertificateFramer::measure(Bytes rest) const noexcept {
  if (form_ == InputForm::length_prefixed) {
    if (rest.size() <= kPrefixLen) return {kPrefixLen + 1, FrameError::none};
    const std::size_t len = read_prefix(rest);
    if (len == 0) return {0, FrameError::not_a_certificate};
    if (len > kMaxFrameLen) return {0, FrameError::too_long};
    return {kPrefixLen + len, FrameError::none};
  }
  if (begins_high_sequence(rest)) return measure_ber(rest);
  if (rest[0] != kSequence) return {0, FrameError::not_a_certificate};
  if (rest.size() < 2) return {2, FrameError::none};
  const SequenceHeader header = read_sequence_header(rest);
  if (header.len() > kMaxFrameLen) return {0, FrameError::too_long};
  if (header.header_len != 0) return {header.len(), FrameError::none};
  return measure_ber(rest);
}

CertificateFramer::Extent CertificateFramer::measure_ber(Bytes rest) noexcept {
  der::BerElement element;
  const std::uint8_t* at = rest.data();
  const Errc code = der::read_ber_element(at, at + rest.size(), element);
  if (code != Errc::ok) return {rest.size(), FrameError::no_end};
  return {element.encoded.size(), FrameError::none};
}

// What a length says is believed if a certificate begins where it ends, or nothing does, or the
// parts inside say the same.
FrameError CertificateFramer::error_of(Bytes rest, Extent extent) const noexcept {
  if (extent.error != FrameError::none) return extent.error;
  if (extent.len > rest.size()) return FrameError::truncated;
  const Bytes following = rest.subspan(extent.len);
  if (following.empty() || starts_here(following)) return FrameError::none;
  const Bytes certificate = rest.first(extent.len).subspan(prefix_len());
  const bool is_ber = certificate.size() > 1 &&
                      (certificate[1] == kIndefinite || begins_high_sequence(certificate));
  return is_ber || holds_three_elements(certificate) ? FrameError::none : FrameError::wrong_length;
}

bool CertificateFramer::starts_here(Bytes rest) const noexcept {
  return form_ == InputForm::length_prefixed ? starts_length_prefixed(rest) : likely_len(rest) != 0;
}

// How many bytes stand before the next start; all of them if there is none.
std::size_t CertificateFramer::skip_to_start(Bytes rest) const noexcept {
  const std::uint8_t* const end = rest.data() + rest.size();
  const std::uint8_t* found = rest.data() + std::min(prefix_len(), rest.size());
  for (;; ++found) {
    found = std::find(found, end, kSequence);
    if (found == end) return rest.size();
    const auto at = static_cast<std::size_t>(found - rest.data()) - prefix_len();
    if (starts_here(rest.subspan(at))) return at;
  }
}

std::size_t CertificateFramer::prefix_len() const noexcept {
  return form_ == InputForm::length_prefixed ? kPrefixLen : 0;
}

}  // namespace peercert::decode
