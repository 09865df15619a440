// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/json.hpp>
#include <peercert/render/output.hpp>
#include <peercert/render/python_repr.hpp>

#include "support/allocation_counter.hpp"
#include "support/testdata.hpp"

namespace peercert {
namespace {

TEST(OutputTest, Grows) {
  Output out;
  EXPECT_EQ(out.view(), "");
  std::string expected;
  for (std::size_t len = 0; len < 300; ++len) {
    const std::string text(len, static_cast<char>('a' + len % 26));
    out.append(text);
    out.append('.');
    expected += text + '.';
  }
  EXPECT_EQ(out.view(), expected);
  EXPECT_EQ(out.size(), expected.size());
}

TEST(OutputTest, TakesWhatIsLargerThanTwiceItsSize) {
  Output out;
  out.append("a");
  const std::string large(100'000, 'x');
  out.append(large);
  EXPECT_EQ(out.view(), "a" + large);
}

TEST(OutputTest, ReservedRoomIsWrittenByTheCaller) {
  Output out;
  char* const at = out.reserve(10);
  at[0] = 'a';
  at[1] = 'b';
  out.set_end(at + 2);
  EXPECT_EQ(out.view(), "ab");
  EXPECT_EQ(out.reserve(3), at + 2);
}

TEST(OutputTest, KeepsItsMemory) {
  Output out;
  out.append(std::string(10'000, 'x'));
  const char* const data = out.view().data();
  out.clear();
  EXPECT_EQ(out.view(), "");
  const std::size_t before = test::num_allocations;
  for (int i = 0; i < 10'000; ++i) out.append('y');
  EXPECT_EQ(test::num_allocations, before);
  EXPECT_EQ(out.view().data(), data);
}

// From octets to text without operator new, once there is room for the text.
TEST(OutputTest, RenderingAllocatesNothingOnceWarm) {
  const Der der = test::read_certificate("every_key.pem");
  Output out;
  std::size_t text_len = 0;
  const auto render = [&] {
    out.clear();
    const auto parsed = CertificateView::parse(der);
    const auto view = PeerCertView::from(*parsed);
    append_python_repr(out, *view);
    append_json(out, *view);
    text_len = out.size();
  };
  const std::size_t cold = test::num_allocations;
  render();
  EXPECT_GT(test::num_allocations, cold);  // the counter counts
  EXPECT_GT(text_len, 1000U);
  const std::size_t warm = test::num_allocations;
  for (int i = 0; i < 10; ++i) render();
  EXPECT_EQ(test::num_allocations, warm);
}

}  // namespace
}  // namespace peercert
