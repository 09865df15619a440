// SPDX-License-Identifier: Apache-2.0
// What is read from a file of trust anchors or of CRLs can be read once more, alone and in PEM. A
// file of DER is read to its last byte, and a file of PEM twice in a row holds everything twice.
#include <algorithm>
#include <string>

#include <openssl/err.h>

#include <peercert/x509/pem.hpp>

#include "fuzz.hpp"
#include "verify/path/pem_or_der.hpp"

namespace peercert::fuzz {
namespace {

constexpr std::string_view kUsualLabel = "CERTIFICATE";

std::string to_pem(Bytes der, std::string_view label) {
  std::string text = peercert::to_pem(der);
  text.replace(text.rfind(kUsualLabel), kUsualLabel.size(), label);
  return text.replace(text.find(kUsualLabel), kUsualLabel.size(), label);
}

std::vector<Der> to_der(const std::vector<verify::X509CrlPtr>& crls) {
  std::vector<Der> all;
  for (const verify::X509CrlPtr& crl : crls) {
    std::uint8_t* octets = nullptr;
    const int len = i2d_X509_CRL(crl.get(), &octets);
    check(len > 0);
    all.emplace_back(octets, octets + len);
    OPENSSL_free(octets);
  }
  return all;
}

struct Anchors {
  std::vector<Der> certificates;
  std::vector<Der> crls;
  bool is_whole = false;  // no error ended it
};

Anchors read_anchors(Bytes input) {
  verify::TrustAnchors anchors;
  const auto error = verify::read_trust_anchors(input, anchors);
  if (error) check(!error->message.empty() && error->offset <= input.size());
  return {std::move(anchors.certificates), to_der(anchors.crls), !error};
}

struct Crls {
  std::vector<Der> crls;
  bool is_whole = false;
};

Crls read_crls(Bytes input) {
  std::vector<verify::X509CrlPtr> crls;
  const auto error = verify::read_crls(input, crls);
  if (error) check(!error->message.empty() && error->offset <= input.size());
  check(error || !crls.empty());
  return {to_der(crls), !error};
}

template <class T>
bool is_twice(const std::vector<T>& all, const std::vector<T>& once) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  return std::equal(all.begin(), middle, once.begin(), once.end()) &&
         std::equal(middle, all.end(), once.begin(), once.end());
}

void check_der(Bytes input, const Anchors& read) {
  Der joined;
  for (const Der& each : read.certificates) joined.insert(joined.end(), each.begin(), each.end());
  check(read.crls.empty() && joined.size() <= input.size());
  check(std::ranges::equal(joined, input.first(joined.size())));
  check((joined.size() == input.size()) == read.is_whole);
}

// The certificates of PEM may have trust settings after them.
void check_one(const Der& certificate) {
  check(verify::decode_anchor(certificate) != nullptr);
  const std::string text = to_pem(certificate, "TRUSTED CERTIFICATE");
  const Anchors again = read_anchors(as_bytes(text));
  check(again.is_whole && again.crls.empty());
  check(again.certificates == std::vector<Der>{certificate});
}

void check_one_crl(const Der& crl) {
  const std::string text = to_pem(crl, "X509 CRL");
  const Crls again = read_crls(as_bytes(text));
  check(again.is_whole && again.crls == std::vector<Der>{crl});
  const Anchors among_anchors = read_anchors(as_bytes(text));
  check(among_anchors.is_whole && among_anchors.certificates.empty());
  check(among_anchors.crls == again.crls);
}

}  // namespace

void run(Bytes input) {
  const bool is_der = verify::is_der(input);
  const std::string once(as_text(input));
  const std::string twice = once + '\n' + once;

  const Anchors anchors = read_anchors(input);
  for (const Der& certificate : anchors.certificates) check_one(certificate);
  for (const Der& crl : anchors.crls) check_one_crl(crl);
  if (is_der) check_der(input, anchors);
  if (!is_der && anchors.is_whole) {
    const Anchors both = read_anchors(as_bytes(twice));
    check(is_twice(both.certificates, anchors.certificates) && is_twice(both.crls, anchors.crls));
  }

  const Crls crls = read_crls(input);
  for (const Der& crl : crls.crls) check_one_crl(crl);
  if (!is_der && crls.is_whole) check(is_twice(read_crls(as_bytes(twice)).crls, crls.crls));
  ERR_clear_error();
}

}  // namespace peercert::fuzz
