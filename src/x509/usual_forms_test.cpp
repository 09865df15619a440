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
  EXPECT_EQ(rdn_len(kRdn), kRdn.size());
  Octets followed = kRdn;
  followed.insert(followed.end(), kRdn.begin(), kRdn.end());
  EXPECT_EQ(rdn_len(followed), kRdn.size());
  const Attribute attribute = attribute_of_rdn(kRdn.data());
  EXPECT_EQ(Octets(attribute.type.begin(), attribute.type.end()), (Octets{0x55, 0x04, 0x06}));
  EXPECT_EQ(attribute.value_tag, der::kPrintableString);
  EXPECT_EQ(Octets(attribute.value.begin(), attribute.value.end()), (Octets{'D', 'E'}));
}

TEST(UsualRdn, LeavesCharactersThatNeedALookToOthers) {
  Octets rdn = kRdn;
  rdn[9] = der::kUtf8String;
  EXPECT_EQ(rdn_len(rdn), rdn.size());
  rdn.back() = 0xff;
  EXPECT_EQ(rdn_len(rdn), 0U);
  rdn[9] = der::kBmpString;
  EXPECT_EQ(rdn_len(rdn), 0U);
}

TEST(UsualRdn, IsWhatReadingElementByElementFinds) {
  std::size_t num_recognised = 0;
  for_each_variant(kRdn, [&](const Octets& variant) {
    const std::size_t len = rdn_len(variant);
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
  EXPECT_EQ(dns_name_len(name), name.size());
  EXPECT_EQ(dns_name_len(Octets{0x82, 0x00}), 2U);
  EXPECT_EQ(dns_name_len(Octets{0x82, 0x04, 'a', '.', 'b'}), 0U);
  EXPECT_EQ(dns_name_len(Octets{0x82, 0x81, 0x01, 'a'}), 0U);
  EXPECT_EQ(dns_name_len(Octets{0x86, 0x01, 'a'}), 0U);
  EXPECT_EQ(dns_name_len(Octets{0x82}), 0U);
  EXPECT_EQ(dns_name_len(Bytes()), 0U);
}

}  // namespace
}  // namespace peercert::usual
