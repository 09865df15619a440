// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {
namespace {

TEST(FieldTest, EveryFieldHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int field = 0; field < 256; ++field) {
    const std::string_view name = to_string(static_cast<Field>(field));
    if (name.empty()) continue;
    EXPECT_TRUE(std::ranges::all_of(name, [](unsigned char c) { return std::isalpha(c) != 0; }))
        << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(to_string(Field::none), "");
  EXPECT_EQ(to_string(static_cast<Field>(255)), "");
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Field::pem) + KnownExtensions::kSize);
#define PEERCERT_EXTENSION(type, name) EXPECT_EQ(to_string(type::kField), name);
#include <peercert/x509/extension_table.inc>
}

}  // namespace
}  // namespace peercert
