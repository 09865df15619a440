// SPDX-License-Identifier: Apache-2.0
// Each of the 256 identifier bytes at every element of a few certificates, inside extensions as
// well, around each of several contents: PeerCertDecoder and OpenSSL accept the same, and make the
// same dict of it.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <peercert/der/ber.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/ber.hpp>

#include "crypto/openssl_ptr.hpp"
#include "fuzz/long_zero.hpp"
#include "fuzz/openssl_dict.hpp"
#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::concat;
using test::hex;
using test::Octets;
using test::tlv;

constexpr int kMaxShown = 10;  // differences of one certificate

struct Node {
  der::Tag tag = 0;
  Octets content{};  // of an element without elements inside
  std::vector<Node> children{};
};

struct Element {
  const Node* node = nullptr;
  Octets encoded{};
};

// NOLINTBEGIN(misc-no-recursion): over certificates of our own.
/// False if there is something else than elements.
bool parse_nodes(Bytes octets, std::vector<Node>& out) {
  const std::uint8_t* at = octets.data();
  const std::uint8_t* const end = at + octets.size();
  while (at != end) {
    der::BerElement element;
    if (der::read_ber_element(at, end, element) != Errc::ok) return false;
    Node& node = out.emplace_back();
    node.tag = element.identifier;
    const bool may_hold_elements = (node.tag & der::kConstructed) || node.tag == der::kOctetString;
    if (may_hold_elements && !element.content.empty() &&
        parse_nodes(element.content, node.children)) {
      continue;
    }
    node.children.clear();
    node.content.assign(element.content.begin(), element.content.end());
  }
  return true;
}

Octets content_of(const Node& node, const Node* replaced, const Octets& replacement) {
  Octets out = node.content;
  for (const Node& child : node.children) {
    const Octets element =
        &child == replaced ? replacement : tlv(child.tag, content_of(child, replaced, replacement));
    out.insert(out.end(), element.begin(), element.end());
  }
  return out;
}

void collect(const Node& node, std::vector<Element>& out) {
  for (const Node& child : node.children) {
    out.push_back({&child, tlv(child.tag, content_of(child, nullptr, {}))});
    collect(child, out);
  }
}
// NOLINTEND(misc-no-recursion)

std::vector<Element> collect(const Node& root) {
  std::vector<Element> out;
  collect(root, out);
  return out;
}

std::string digits(const Octets& octets) {
  std::string out;
  for (const std::uint8_t octet : octets) {
    for (const int digit : {octet >> 4, octet & 0xf}) out += "0123456789abcdef"[digit];
  }
  return out;
}

/// Empty if both say the same of the certificate.
std::string difference(PeerCertDecoder& decoder, const Octets& input) {
  if (fuzz::may_hold_misread_length(input)) return {};
  const unsigned char* at = input.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(input.size())));
  const Result<PeerCertView> dict = decoder.decode(input);
  ERR_clear_error();
  if (decoder.has_certificate() != (certificate != nullptr)) {
    return certificate ? "refused: " + to_string(dict.error()) : "OpenSSL refuses it";
  }
  if (!certificate) return {};
  const fuzz::OpenSSLDict expected = fuzz::openssl_dict(certificate.get());
  ERR_clear_error();
  if (dict.error().code != expected.error) {
    return "error " + to_string(dict.error()) + ", not " + std::string(to_string(expected.error));
  }
  const std::string repr = dict ? to_python_repr(*dict) : std::string();
  return !dict || repr == expected.repr ? std::string() : repr + "\n not " + expected.repr;
}

/// Under a tag: the content that was there, none, and the segment of an empty string; the first two
/// of indefinite length as well.
std::vector<Octets> forms(der::Tag tag, const Octets& content) {
  const Octets identifier{tag};
  return {
      tlv(tag, content),
      tlv(tag, Octets()),
      tlv(tag, test::null()),
      concat(identifier, hex("80 00 00")),
      concat(identifier, hex("80"), content, hex("00 00")),
  };
}

/// The elements of a certificate, but for those that `other` has as well.
void expect_no_difference(const Octets& certificate, const Octets& other = {}) {
  Node root;
  Node other_root;
  ASSERT_TRUE(parse_nodes(certificate, root.children));
  ASSERT_TRUE(parse_nodes(other, other_root.children));
  const std::vector<Element> others = collect(other_root);
  PeerCertDecoder decoder;
  int num_different = 0;
  for (const Element& element : collect(root)) {
    if (std::ranges::find(others, element.encoded, &Element::encoded) != others.end()) continue;
    const Octets content = content_of(*element.node, nullptr, {});
    for (int tag = 0; tag <= 0xff; ++tag) {
      for (const Octets& form : forms(static_cast<der::Tag>(tag), content)) {
        const Octets changed = content_of(root, element.node, form);
        const std::string found = difference(decoder, changed);
        if (found.empty() || ++num_different > kMaxShown) continue;
        ADD_FAILURE() << digits(form) << " in place of " << digits(element.encoded) << ": " << found
                      << "\n in " << digits(changed);
      }
    }
  }
  EXPECT_EQ(num_different, 0);
}

void expect_no_difference(const test::CertificateBuilder& certificate) {
  expect_no_difference(certificate.build(), test::CertificateBuilder().build());
}

Octets every_general_name() {
  return concat(test::other_name("1.3.6.1.4.1.311.20.2.3", tlv(der::kUtf8String, "u")),
                test::other_name("1.2", tlv(der::kInteger, hex("01"))), test::rfc822_name("a@b"),
                test::dns_name("d"), tlv(der::context_constructed(3), test::sequence()),
                test::directory_name(test::common_name("n")),
                tlv(der::context_constructed(5), tlv(der::context_constructed(1), tlv(0x0c, "p"))),
                test::uri("u:"), test::ip_address(hex("7f 00 00 01")),
                test::registered_id(hex("2a 03")));
}

TEST(IdentifiersTest, OfASmallCertificate) {
  expect_no_difference(test::CertificateBuilder().build());
}

TEST(IdentifiersTest, OfAlgorithms) {
  test::CertificateBuilder certificate;
  certificate.signature = test::sequence(test::oid("1.3.101.112"), test::null());
  certificate.signature_algorithm =
      test::sequence(test::oid("1.2.3"), tlv(der::kSet, hex("05 00")));
  certificate.public_key = test::key_info(
      test::sequence(test::oid("1.2.840.10045.2.1"), test::oid("1.2.840")), hex("04"));
  expect_no_difference(certificate);
}

TEST(IdentifiersTest, OfNamesAndUniqueIds) {
  test::CertificateBuilder certificate;
  certificate.issuer =
      test::sequence(test::set(test::attribute("2.5.4.3", tlv(der::kPrintableString, "a")),
                               test::attribute("2.5.4.10", tlv(der::kBmpString, hex("00 61")))),
                     test::set(test::attribute("2.5.4.11", tlv(der::kBitString, hex("01 80")))));
  certificate.subject = test::sequence();
  certificate.not_after = tlv(der::kGeneralizedTime, "20270101000000Z");
  certificate.unique_ids = hex("81 02 00 aa 82 02 00 bb");
  expect_no_difference(certificate);
}

TEST(IdentifiersTest, OfGeneralNames) {
  test::CertificateBuilder certificate;
  certificate.extensions = test::subject_alt_name(every_general_name());
  expect_no_difference(certificate);
}

TEST(IdentifiersTest, OfOtherExtensions) {
  const Octets relative_name =
      tlv(der::context_constructed(1), test::attribute("2.5.4.3", tlv(der::kUtf8String, "r")));
  const Octets second_point = test::sequence(
      tlv(der::context_constructed(0), relative_name), tlv(der::context(1), hex("01 06")),
      tlv(der::context_constructed(2), test::directory_name(test::common_name("i"))));
  test::CertificateBuilder certificate;
  certificate.extensions = concat(
      test::sequence(test::oid("2.5.29.15"), tlv(der::kBoolean, hex("ff")),
                     tlv(der::kOctetString, tlv(der::kBitString, hex("07 80")))),
      test::extension(test::kAuthorityInfoAccess,
                      test::sequence(test::access_description(test::kOcsp, test::uri("o:")),
                                     test::access_description(test::kCaIssuers, test::uri("c:")))),
      test::extension(test::kCrlDistributionPoints,
                      test::sequence(test::distribution_point(test::uri("u:")), second_point)));
  expect_no_difference(certificate);
}

}  // namespace
}  // namespace peercert
