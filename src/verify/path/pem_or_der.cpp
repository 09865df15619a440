// SPDX-License-Identifier: Apache-2.0
#include "verify/path/pem_or_der.hpp"

#include <utility>

#include "x509/encoding/base64.hpp"
#include "x509/encoding/pem_block.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::verify {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kLongLength = 0x80;
constexpr std::string_view kCrlLabel = "X509 CRL";

bool is_crl_label(std::string_view label) noexcept { return label == kCrlLabel; }
bool is_anchor_label(std::string_view label) noexcept {
  return is_certificate_label(label) || is_crl_label(label);
}

// Gives what each block holds, and its label and place, to `take`, until that has an error.
template <class Take>
std::optional<InputError> read_pem(std::string_view text, bool (*is_wanted)(std::string_view),
                                   Take take) {
  std::size_t at = 0;
  while (const auto found = find_pem_block(text, at, is_wanted)) {
    const PemBlock& block = found->block;
    if (!block.is_closed) return InputError{"a PEM block without its end", block.begin};
    Der octets;
    const std::size_t bad =
        base64::decode(text.substr(block.body, block.body_end - block.body), octets);
    if (bad != std::string_view::npos) {
      return InputError{"a PEM block that is not base64", block.body + bad};
    }
    if (auto error = take(found->label, std::move(octets), block.begin)) return error;
    at = block.end;
  }
  return std::nullopt;
}

// Reads the certificate at the front of `octets`, and leaves what follows it.
std::optional<InputError> take_certificate(Bytes& octets, std::size_t offset,
                                           TrustAnchors& anchors) {
  const std::uint8_t* at = octets.data();
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(octets.size())));
  if (!x509) return InputError{"what should be a certificate is none", offset};
  anchors.certificates.emplace_back(octets.data(), at);
  octets = octets.subspan(anchors.certificates.back().size());
  return std::nullopt;
}

std::optional<InputError> take_trusted(Der octets, std::size_t offset, TrustAnchors& anchors) {
  if (!decode_anchor(octets)) {
    return InputError{"what should be a certificate with its trust settings is none", offset};
  }
  anchors.certificates.push_back(std::move(octets));
  return std::nullopt;
}

// Reads the list at the front of `octets`, and leaves what follows it.
std::optional<InputError> take_crl(Bytes& octets, std::size_t offset,
                                   std::vector<X509CrlPtr>& crls) {
  const std::uint8_t* at = octets.data();
  X509CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(octets.size())));
  if (!crl) return InputError{"what should be a CertificateList is none", offset};
  crls.push_back(std::move(crl));
  octets = octets.subspan(static_cast<std::size_t>(at - octets.data()));
  return std::nullopt;
}

// Gives what is left, and its place, to `take`, until nothing is or that has an error.
template <class Take>
std::optional<InputError> read_der(Bytes der, Take take) {
  for (Bytes rest = der; !rest.empty();) {
    if (auto error = take(rest, der.size() - rest.size())) return error;
  }
  return std::nullopt;
}

}  // namespace

bool is_der(Bytes octets) noexcept {
  return octets.size() >= 2 && octets[0] == kSequence && (octets[1] & kLongLength) != 0;
}

std::optional<InputError> read_trust_anchors(Bytes pem_or_der, TrustAnchors& anchors) {
  if (is_der(pem_or_der)) {
    return read_der(pem_or_der, [&](Bytes& rest, std::size_t offset) {
      return take_certificate(rest, offset, anchors);
    });
  }
  const auto take = [&](std::string_view label, Der octets, std::size_t offset) {
    if (label == kTrustedCertificateLabel) return take_trusted(std::move(octets), offset, anchors);
    Bytes rest = octets;
    return is_crl_label(label) ? take_crl(rest, offset, anchors.crls)
                               : take_certificate(rest, offset, anchors);
  };
  return read_pem(as_text(pem_or_der), is_anchor_label, take);
}

X509Ptr decode_anchor(Bytes der) {
  const std::uint8_t* at = der.data();
  X509Ptr x509(d2i_X509_AUX(nullptr, &at, static_cast<long>(der.size())));
  return x509 && at == der.data() + der.size() ? std::move(x509) : nullptr;
}

std::optional<InputError> read_crls(Bytes pem_or_der, std::vector<X509CrlPtr>& crls) {
  const std::size_t num_before = crls.size();
  auto error =
      is_der(pem_or_der)
          ? read_der(pem_or_der,
                     [&](Bytes& rest, std::size_t offset) { return take_crl(rest, offset, crls); })
          : read_pem(as_text(pem_or_der), is_crl_label,
                     [&](std::string_view, const Der& octets, std::size_t offset) {
                       Bytes rest = octets;
                       return take_crl(rest, offset, crls);
                     });
  if (!error && crls.size() == num_before) error = InputError{"there is no X509 CRL", 0};
  return error;
}

}  // namespace peercert::verify
