// SPDX-License-Identifier: Apache-2.0
#include "x509/usual_forms.hpp"

#include <vector>

#include <gtest/gtest.h>

#include <peercert/der/reader.hpp>
#include <peercert/x509/extension.hpp>

namespace peercert::usual {
namespace {

using Octets = std::vector<std::uint8_t>;

// 31 0b 30 09 06 03 55 04 06 13 02 'D' 'E': countryName, PrintableString
const Octets kRdn{0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 'D', 'E'};
// 30 0e 06 03 55 1d 0f 01 01 ff 04 04 03 02 05 a0: keyUsage, critical
const Octets kExtension{0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01,
                        0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x05, 0xa0};

// What reading the same octets element by element comes to: the first error, and the length.
template <class Read>
std::pair<Errc, std::size_t> read(Bytes octets, Read read_item) {
  der::Progress progress{octets.data()};
  der::Reader in(octets, progress);
  read_item(in);
  return {progress.error.code, octets.size() - in.rest().size()};
}

void read_rdn(der::Reader& in) {
  der::Reader rdn = in.enter(der::kSet);
  while (rdn.more()) read_attribute(rdn);
}

void read_extension(der::Reader& in) {
  der::Reader extension = in.enter(der::kSequence);
  extension.read_oid();
  extension.read_optional(der::kBoolean);
  extension.read(der::kOctetString);
  extension.finish();
}

// Calls `use` with each copy of the octets that differs in one octet, then with each that is cut.
template <class Use>
void for_each_variant(const Octets& octets, Use use) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    for (int value = 0; value < 0x100; ++value) {
      Octets variant = octets;
      variant[i] = static_cast<std::uint8_t>(value);
      use(variant);
    }
    use(Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(i)));
  }
}

TEST(UsualRdn, IsRecognised) {
  EXPECT_EQ(rdn(kRdn).len, kRdn.size());
  Octets followed = kRdn;
  followed.insert(followed.end(), kRdn.begin(), kRdn.end());
  const Rdn found = rdn(followed);
  EXPECT_EQ(found.len, kRdn.size());
  EXPECT_EQ(found.type, 6);
  EXPECT_EQ(found.value_tag, der::kPrintableString);
  EXPECT_EQ(Octets(found.value.begin(), found.value.end()), (Octets{'D', 'E'}));
}

TEST(UsualRdn, LeavesOtherStringsToOthers) {
  Octets octets = kRdn;
  octets[9] = der::kUtf8String;
  EXPECT_EQ(rdn(octets).len, octets.size());
  octets[9] = der::kBmpString;
  EXPECT_EQ(rdn(octets).len, 0U);
}

TEST(UsualRdn, IsWhatReadingElementByElementFinds) {
  std::size_t num_recognised = 0;
  for_each_variant(kRdn, [&](const Octets& variant) {
    const std::size_t len = rdn(variant).len;
    if (len == 0) return;
    ++num_recognised;
    EXPECT_EQ(read(variant, read_rdn), std::pair(Errc::ok, len));
  });
  EXPECT_GT(num_recognised, 500U);  // every value of the last octets, and of the attribute's type
}

TEST(UsualExtension, IsRecognised) {
  const ShortExtension found = short_extension(kExtension);
  EXPECT_EQ(found.len, kExtension.size());
  EXPECT_EQ(Octets(found.oid.begin(), found.oid.end()), (Octets{0x55, 0x1d, 0x0f}));
  EXPECT_EQ(Octets(found.value.begin(), found.value.end()), (Octets{0x03, 0x02, 0x05, 0xa0}));
}

TEST(UsualExtension, IsWhatReadingElementByElementFinds) {
  std::size_t num_recognised = 0;
  for_each_variant(kExtension, [&](const Octets& variant) {
    const std::size_t len = short_extension(variant).len;
    if (len == 0) return;
    ++num_recognised;
    EXPECT_EQ(read(variant, read_extension), std::pair(Errc::ok, len));
  });
  EXPECT_GT(num_recognised,
            500U);  // every value of criticality, of the last octets, and of the type
}

TEST(UsualDnsName, IsShortAndWhole) {
  const Octets name{0x82, 0x03, 'a', '.', 'b'};
  EXPECT_EQ(dns_name(name).len, name.size());
  EXPECT_EQ(dns_name(name).value.size(), 3U);
  EXPECT_EQ(dns_name(Octets{0x82, 0x00}).len, 2U);
  EXPECT_EQ(dns_name(Octets{0x82, 0x04, 'a', '.', 'b'}).len, 0U);
  EXPECT_EQ(dns_name(Octets{0x82, 0x81, 0x01, 'a'}).len, 0U);
  EXPECT_EQ(dns_name(Octets{0x86, 0x01, 'a'}).len, 0U);
  EXPECT_EQ(dns_name(Octets{0x82}).len, 0U);
  EXPECT_EQ(dns_name(Bytes()).len, 0U);
}

// Whether what is recognised at the front of a variant of the octets is the whole of an item that
// `parse` accepts, in which it finds the value at the same place.
template <class Recognise, class ValueOf>
void expect_same_as_parsed(const Octets& item, Recognise recognise, ValueOf value_of) {
  std::size_t num_recognised = 0;
  for_each_variant(item, [&](const Octets& variant) {
    const auto found = recognise(variant);
    if (found.len == 0) return;
    ++num_recognised;
    Octets sequence{der::kSequence, static_cast<std::uint8_t>(found.len)};
    sequence.insert(sequence.end(), variant.begin(),
                    variant.begin() + static_cast<std::ptrdiff_t>(found.len));
    const Bytes value = value_of(sequence);
    EXPECT_EQ(value.size(), found.value.size());
    EXPECT_EQ(value.data() - sequence.data() - 2, found.value.data() - variant.data());
  });
  EXPECT_GT(num_recognised, 500U);  // every value of the octets of the URI
}

// SEQUENCE { 1.3.6.1.5.5.7.48.1, [6] "u:x" }
const Octets kAccess{0x30, 0x0f, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05,
                     0x07, 0x30, 0x01, 0x86, 0x03, 'u',  ':',  'x'};

TEST(UsualAccessUri, IsWhatReadingElementByElementFinds) {
  const AccessUri found = access_uri(kAccess);
  EXPECT_EQ(found.len, kAccess.size());
  EXPECT_EQ(found.method, 1);
  expect_same_as_parsed(kAccess, access_uri, [](const Octets& sequence) {
    const auto parsed = parse_authority_info_access(sequence);
    EXPECT_TRUE(parsed);
    return (*parsed->begin()).access_location.value;
  });
}

// SEQUENCE { [0] { [0] { [6] "u:x" } } }
const Octets kPoint{0x30, 0x09, 0xa0, 0x07, 0xa0, 0x05, 0x86, 0x03, 'u', ':', 'x'};

TEST(UsualDistributionPoint, IsWhatReadingElementByElementFinds) {
  EXPECT_EQ(distribution_point(kPoint).len, kPoint.size());
  expect_same_as_parsed(kPoint, distribution_point, [](const Octets& sequence) {
    const auto parsed = parse_crl_distribution_points(sequence);
    EXPECT_TRUE(parsed);
    return (*(*parsed->begin()).full_name.begin()).value;
  });
}

TEST(UsualItems, AreAllRecognisedAndAscii) {
  const auto items_of = [](const Octets& value) {
    std::size_t num_items = 0;
    const auto content =
        ascii_items(value, dns_name, [&num_items](const ShortString&, Bytes) { ++num_items; });
    return content ? static_cast<int>(num_items) : -1;
  };
  EXPECT_EQ(items_of({0x30, 0x06, 0x82, 0x01, 'a', 0x82, 0x01, 'b'}), 2);
  EXPECT_EQ(items_of({0x30, 0x00}), 0);
  EXPECT_EQ(items_of({0x30, 0x03, 0x82, 0x01, 0xc3}), -1);             // not ASCII
  EXPECT_EQ(items_of({0x30, 0x03, 0x86, 0x01, 'a'}), -1);              // a URI
  EXPECT_EQ(items_of({0x30, 0x03, 0x82, 0x01, 'a', 0x05, 0x00}), -1);  // something behind it
  EXPECT_EQ(items_of({0x30, 0x04, 0x82, 0x01, 'a'}), -1);              // cut
  EXPECT_EQ(items_of({0x31, 0x03, 0x82, 0x01, 'a'}), -1);              // a SET
}

TEST(UsualDigits, AreTen) {
  for (unsigned octet = 0; octet < 0x100; ++octet) {
    for (std::size_t at = 0; at < 8; ++at) {
      Octets text(8, '9');
      text[at] = static_cast<std::uint8_t>(octet);
      EXPECT_EQ(are_digits(text.data()), octet >= '0' && octet <= '9') << octet;
    }
  }
}

}  // namespace
}  // namespace peercert::usual
