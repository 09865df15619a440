// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include <peercert/der/reader.hpp>
#include <peercert/x509/field.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::hex;
using test::Octets;

// A reader and what it stands on.
struct Fixture {
  explicit Fixture(std::string_view input)
      : octets(hex(input)), progress{octets.data()}, in(octets, progress) {}

  void expect_error(Errc code, std::uint32_t offset) const {
    EXPECT_EQ(to_string(progress.error), to_string(Error{code, Field::none, offset}));
  }

  Octets octets;
  Progress progress;
  Reader in;
};

TEST(ReaderTest, ReadsElementsInOrder) {
  Fixture f("02 01 05 04 02 aa bb");
  EXPECT_TRUE(f.in.more());
  EXPECT_TRUE(std::ranges::equal(f.in.read_integer(), hex("05")));
  EXPECT_TRUE(std::ranges::equal(f.in.read(kOctetString).content(), hex("aa bb")));
  EXPECT_FALSE(f.in.more());
  f.in.finish();
  EXPECT_FALSE(f.in.failed());
}

TEST(ReaderTest, KeepsTheFirstErrorAndReadsNothingAfterIt) {
  Fixture f("02 01 05 02 02 00 05 04 01 aa");
  f.in.field(Field::serial_number);
  f.in.read_integer();
  EXPECT_TRUE(f.in.read_integer().empty());  // a redundant leading octet
  f.in.field(Field::issuer);
  EXPECT_FALSE(f.in.more());
  EXPECT_FALSE(f.in.read(kOctetString).exists());
  EXPECT_FALSE(f.in.read_any().exists());
  EXPECT_FALSE(f.in.read_optional(kOctetString).exists());
  EXPECT_FALSE(f.in.next_is(kOctetString));
  EXPECT_TRUE(f.in.read_oid().empty());
  EXPECT_TRUE(f.in.read_bit_string().empty());
  EXPECT_FALSE(f.in.enter(kOctetString).more());
  f.in.finish();
  EXPECT_EQ(to_string(f.progress.error), "serialNumber: malformed INTEGER at byte 3");
}

TEST(ReaderTest, ReadersOfOneInputShareTheError) {
  Fixture f("30 03 02 01 05 30 02 05 00");
  Reader first = f.in.enter(kSequence);
  Reader second = f.in.enter(kSequence);
  EXPECT_TRUE(second.read_integer().empty());
  EXPECT_TRUE(first.failed());
  EXPECT_FALSE(first.more());
  f.expect_error(Errc::unexpected_tag, 7);  // counted from the origin, not from the SEQUENCE
}

TEST(ReaderTest, TellsMissingFromTruncated) {
  Fixture missing("30 00");
  missing.in.enter(kSequence).read_integer();
  missing.expect_error(Errc::missing_field, 2);

  Fixture truncated("30 03 02 05 01");
  truncated.in.enter(kSequence).read_integer();
  truncated.expect_error(Errc::truncated, 2);
}

TEST(ReaderTest, FinishRefusesWhatFollows) {
  Fixture f("02 01 05 05 00");
  f.in.read_integer();
  f.in.finish();
  f.expect_error(Errc::trailing_data, 3);
}

TEST(ReaderTest, OptionalFieldsMayBeAbsent) {
  Fixture f("01 01 ff 04 00");
  EXPECT_FALSE(f.in.read_optional(kInteger).exists());
  EXPECT_TRUE(f.in.read_optional(kBoolean).exists());
  EXPECT_FALSE(f.in.read_optional(kBoolean).exists());
  EXPECT_TRUE(f.in.read_optional(kOctetString).exists());
  EXPECT_FALSE(f.in.read_optional(kOctetString).exists());  // nothing is left
  EXPECT_FALSE(f.in.failed());
}

TEST(ReaderTest, AnOptionalFieldInAnotherFormIsThereAndWrong) {
  Fixture constructed("21 03 01 01 ff");
  EXPECT_FALSE(constructed.in.read_optional(kBoolean).exists());
  constructed.expect_error(Errc::unexpected_tag, 0);

  Fixture segmented("24 02 04 00");
  EXPECT_FALSE(segmented.in.read_optional(kOctetString).exists());
  segmented.expect_error(Errc::constructed_string, 0);

  Fixture high_form("1f 01 01 ff");
  EXPECT_TRUE(high_form.in.read_optional(kBoolean).exists());
  EXPECT_FALSE(high_form.in.failed());

  Fixture indefinite("bf 01 80 04 00 00 00");
  EXPECT_FALSE(indefinite.in.read_optional(context(1)).exists());
  indefinite.expect_error(Errc::indefinite_length, 0);
}

TEST(ReaderTest, ACutHighTagIsNoOptionalField) {
  Fixture f("1f 01");
  EXPECT_FALSE(f.in.next_is(kBoolean));
  f.in.read(kBoolean);
  f.expect_error(Errc::truncated, 0);
}

TEST(ReaderTest, SequencesOfDoNotNeedTheConstructedBit) {
  Fixture f("10 02 05 00 30 02 05 00 10 02 05 00");
  EXPECT_TRUE(f.in.enter_of(kSequence).more());
  EXPECT_TRUE(f.in.read_of(kSequence).exists());
  EXPECT_FALSE(f.in.read(kSequence).exists());
  f.expect_error(Errc::unexpected_tag, 8);

  Fixture other("31 00");
  EXPECT_FALSE(other.in.read_of(kSequence).exists());
  other.expect_error(Errc::unexpected_tag, 0);
}

TEST(ReaderTest, ChecksWhatTheTypesDemand) {
  Fixture oid("06 02 55 84");
  EXPECT_TRUE(oid.in.read_oid().empty());
  oid.expect_error(Errc::bad_oid, 0);

  Fixture bits("03 02 08 00");
  EXPECT_TRUE(bits.in.read_bit_string().empty());
  bits.expect_error(Errc::bad_bit_string, 0);

  Fixture any("05 00 01 02 00 00");
  EXPECT_TRUE(any.in.read_any().exists());
  EXPECT_FALSE(any.in.read_any().exists());
  any.expect_error(Errc::bad_boolean, 2);
}

TEST(ReaderTest, AnEmptyInputMissesEveryField) {
  Progress progress;
  Reader in({}, progress);
  EXPECT_FALSE(in.more());
  EXPECT_FALSE(in.next_is(0));
  in.finish();
  EXPECT_FALSE(in.failed());
  EXPECT_FALSE(in.read(kInteger).exists());
  EXPECT_EQ(progress.error.code, Errc::missing_field);
}

}  // namespace
}  // namespace peercert::der
