// SPDX-License-Identifier: Apache-2.0
// What the tests of extensions share.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include <peercert/render/output.hpp>
#include <peercert/x509/extensions.hpp>

#include "render/field_json.hpp"
#include "support/der_writer.hpp"

namespace peercert::test {

/// An extension's value as JSON, or the error: "keyUsage: malformed BIT STRING at byte 0".
template <class T>
std::string decoded(const Octets& value) {
  const Result<T> parsed = T::parse(value);
  if (!parsed) return to_string(parsed.error());
  Output out;
  render::JsonFields json(out);
  parsed->visit(json);
  return std::string(out.view());
}

template <class T>
std::string decoded(std::string_view digits) {
  return decoded<T>(hex(digits));
}

/// What holds for every extension, shown on a well-formed value: it is refused if cut anywhere, or
/// if it has another type; octets behind it change nothing and can be seen.
template <class T>
void check_frame(const Octets& value) {
  const std::string whole = decoded<T>(value);
  const std::string name(to_string(T::kField));
  for (std::size_t len = 0; len < value.size(); ++len) {
    const auto end = value.begin() + static_cast<std::ptrdiff_t>(len);
    EXPECT_FALSE(T::parse(Octets(value.begin(), end))) << name << ' ' << len;
  }
  Octets other_type = value;
  other_type[0] = der::context_constructed(5);
  EXPECT_EQ(decoded<T>(other_type), name + ": unexpected type at byte 0");

  const Octets followed = concat(value, hex("00 ff"));
  EXPECT_EQ(decoded<T>(followed), whole);
  EXPECT_EQ(trailing_octets({T::kOid, false, followed}).size(), 2U);
  EXPECT_EQ(trailing_octets({T::kOid, false, value}).size(), 0U);
}

}  // namespace peercert::test
