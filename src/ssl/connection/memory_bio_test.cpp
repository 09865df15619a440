// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/ssl/memory_bio.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

std::string taken(MemoryBIO& bio, std::size_t max = MemoryBIO::kAll) {
  return text_of(bio.read(max));
}

TEST(MemoryBIO, GivesWhatWasWrittenInOrder) {
  MemoryBIO bio;
  EXPECT_EQ(bio.write(bytes_of("foo")), 3U);
  EXPECT_EQ(taken(bio), "foo");
  EXPECT_EQ(taken(bio), "");
  bio.write(bytes_of("foo"));
  bio.write(bytes_of("bar"));
  EXPECT_EQ(taken(bio), "foobar");
  bio.write(bytes_of("baz"));
  EXPECT_EQ(taken(bio, 2), "ba");
  EXPECT_EQ(taken(bio, 0), "");
  EXPECT_EQ(taken(bio, 1), "z");
  EXPECT_EQ(taken(bio, 1), "");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(MemoryBIO, FillsABufferOfTheCallers) {
  MemoryBIO bio;
  bio.write(bytes_of("foobar"));
  std::array<std::uint8_t, 4> buffer{};
  EXPECT_EQ(bio.read_into({}), 0U);
  EXPECT_EQ(bio.read_into(buffer), 4U);
  EXPECT_EQ(text_of(buffer), "foob");
  EXPECT_EQ(bio.read_into(buffer), 2U);
  EXPECT_EQ(bio.read_into(buffer), 0U);
}

TEST(MemoryBIO, EndsOnceItIsDrained) {
  MemoryBIO bio;
  EXPECT_FALSE(bio.eof());
  EXPECT_EQ(taken(bio), "");
  EXPECT_FALSE(bio.eof());
  bio.write(bytes_of("foo"));
  bio.write_eof();
  EXPECT_FALSE(bio.eof());
  EXPECT_EQ(taken(bio, 2), "fo");
  EXPECT_FALSE(bio.eof());
  EXPECT_EQ(taken(bio), "o");
  EXPECT_TRUE(bio.eof());
  EXPECT_EQ(taken(bio), "");
  EXPECT_TRUE(bio.eof());
}

TEST(MemoryBIO, RefusesOctetsBehindItsEnd) {
  MemoryBIO bio;
  bio.write_eof();
  EXPECT_STREQ(caught<SSLError>([&] { bio.write(bytes_of("x")); }).what(),
               "cannot write() after write_eof()");
  EXPECT_TRUE(bio.eof());
}

TEST(MemoryBIO, CountsWhatIsPending) {
  MemoryBIO bio;
  EXPECT_EQ(bio.pending(), 0U);
  bio.write(bytes_of("foo"));
  EXPECT_EQ(bio.pending(), 3U);
  for (std::size_t left = 3; left-- > 0;) {
    taken(bio, 1);
    EXPECT_EQ(bio.pending(), left);
  }
  bio.write({});
  EXPECT_EQ(bio.pending(), 0U);
}

static_assert(!std::is_copy_constructible_v<MemoryBIO>);

TEST(MemoryBIO, MovesWithItsOctets) {
  MemoryBIO bio;
  bio.write(bytes_of("foo"));
  MemoryBIO moved = std::move(bio);
  EXPECT_EQ(taken(moved), "foo");
}

}  // namespace
}  // namespace peercert::ssl
