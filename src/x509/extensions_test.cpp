// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/extensions.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::extension;
using test::hex;
using test::Octets;

// What visit_extension() calls, in words.
struct Names {
  std::string& out;
  void operator()(const MalformedExtension& malformed) const {
    out += to_string(malformed.error) + "; ";
  }
  void operator()(const UnknownExtension& unknown) const {
    out += "unknown of " + std::to_string(unknown.value.size()) + "; ";
  }
  void operator()(const KeyUsage&) const { out += "KeyUsage; "; }
  void operator()(const auto&) const { out += "another; "; }
};

template <class... Types>
void check_table(ExtensionTypes<Types...>) {
  const std::set<Octets> oids{Octets(Types::kOid.begin(), Types::kOid.end())...};
  EXPECT_EQ(oids.size(), sizeof...(Types));
  const std::set<Field> fields{Types::kField...};
  EXPECT_EQ(fields.size(), sizeof...(Types));
  EXPECT_TRUE(((field_of_extension({Types::kOid, false, {}}) == Types::kField) && ...));
}

TEST(ExtensionsTableTest, EachRowHasAnIdentifierAndANameOfItsOwn) {
  check_table(KnownExtensions{});
}

TEST(ExtensionsTableTest, MalformedOnesDoNotHideOthers) {
  const Octets octets =
      test::concat(extension("2.5.29.15", hex("05 00")), extension("2.5.29.15", hex("03 01 00")),
                   extension("1.2.3", hex("01 02 03")), extension("2.5.29.14", hex("04 00")));
  std::string names;
  for (const Extension each : ExtensionsView(octets)) visit_extension(each, Names{names});
  EXPECT_EQ(names, "keyUsage: unexpected type at byte 0; KeyUsage; unknown of 3; another; ");
}

TEST(ExtensionsTableTest, FindsTheOneThatIsThereOnce) {
  const Octets once = extension("2.5.29.15", hex("03 02 07 80"));
  const Octets other = extension("2.5.29.14", hex("04 00"));
  const Octets both = test::concat(other, once);
  const std::optional<Extension> found = find_extension<KeyUsage>(ExtensionsView(both));
  ASSERT_TRUE(found);
  EXPECT_TRUE(KeyUsage::parse(found->value)->digital_signature());
  const Octets twice = test::concat(once, other, once);
  EXPECT_FALSE(find_extension<KeyUsage>(ExtensionsView(twice)));
  EXPECT_FALSE(find_extension<KeyUsage>(ExtensionsView(other)));
}

TEST(ExtensionsTableTest, GivesTheOctetsBehindAValue) {
  const Octets followed = hex("03 01 00 ff ee");
  const Bytes trailing = trailing_octets({KeyUsage::kOid, false, followed});
  EXPECT_TRUE(std::ranges::equal(trailing, hex("ff ee")));
  for (const char* none : {"", "03", "03 01 00", "03 05 00", "30 80 00 00"}) {
    const Octets value = hex(none);
    EXPECT_TRUE(trailing_octets({KeyUsage::kOid, false, value}).empty()) << none;
  }
}

}  // namespace
}  // namespace peercert
