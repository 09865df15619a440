// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstring>

#include <peercert/der/values.hpp>
#include <peercert/x509/object_names.hpp>

#include "x509/x520_names.hpp"

namespace peercert {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view oid;  // content octets
  std::string_view short_name;
  std::string_view long_name;
};

constexpr Row kObjectNames[] = {
#include "x509/object_names_table.inc"
};
static_assert(std::ranges::is_sorted(kObjectNames, {}, &Row::oid));

// 2.5.4.x, which nearly every attribute of a Name is: its row, found without a search.
constexpr std::string_view kX520AttributePrefix = "\x55\x04"sv;
constexpr auto kX520Attributes = [] {
  std::array<const Row*, kNumX520Names> rows{};
  for (const Row& row : kObjectNames) {
    if (row.oid.size() == 3 && row.oid.starts_with(kX520AttributePrefix)) {
      rows[static_cast<unsigned char>(row.oid[2])] = &row;
    }
  }
  return rows;
}();

const Row* find_row(Bytes oid) noexcept {
  if (oid.size() == 3 && oid[0] == 0x55 && oid[1] == 0x04 && oid[2] < kNumX520Names) {
    return kX520Attributes[oid[2]];
  }
  const std::string_view key(reinterpret_cast<const char*>(oid.data()), oid.size());
  const auto row = std::ranges::lower_bound(kObjectNames, key, {}, &Row::oid);
  return row != std::end(kObjectNames) && row->oid == key ? row : nullptr;
}

// A subidentifier of any size as a decimal number. Groups of nine digits, least significant first.
class BigDecimal {
 public:
  // number = number * 128 + septet
  void push(std::uint32_t septet) noexcept {
    std::uint64_t carry = septet;
    for (std::size_t i = 0; i < num_groups_; ++i) {
      carry += std::uint64_t{groups_[i]} << 7;
      groups_[i] = static_cast<std::uint32_t>(carry % kGroup);
      carry /= kGroup;
    }
    if (carry != 0) groups_[num_groups_++] = static_cast<std::uint32_t>(carry);
  }
  void subtract(std::uint32_t amount) noexcept {
    std::size_t i = 0;
    std::uint32_t borrow = amount;
    while (groups_[i] < borrow) {
      groups_[i] += kGroup - borrow;
      borrow = 1;
      ++i;
    }
    groups_[i] -= borrow;
    if (num_groups_ > 0 && groups_[num_groups_ - 1] == 0) --num_groups_;
  }
  std::size_t write(char* out) const noexcept {
    if (num_groups_ == 0) {
      *out = '0';
      return 1;
    }
    char* at = std::to_chars(out, out + kGroupDigits, groups_[num_groups_ - 1]).ptr;
    for (std::size_t i = num_groups_ - 1; i-- > 0;) {
      std::uint32_t group = groups_[i];
      for (std::size_t digit = kGroupDigits; digit-- > 0; group /= 10) {
        at[digit] = static_cast<char>('0' + group % 10);
      }
      at += kGroupDigits;
    }
    return static_cast<std::size_t>(at - out);
  }

 private:
  static constexpr std::uint32_t kGroup = 1'000'000'000;
  static constexpr std::size_t kGroupDigits = 9;
  // kMaxOidLen octets hold 7 bits each; a group holds more than 29.
  std::array<std::uint32_t, kMaxOidLen * 7 / 29 + 1> groups_{};
  std::size_t num_groups_ = 0;
};

// One subidentifier off the front. Nearly all fit 64 bits; the others take the long way.
std::size_t write_subidentifier(Bytes octets, std::uint32_t minus, char* out) noexcept {
  constexpr std::size_t kMaxOctetsIn64Bits = 9;
  if (octets.size() > kMaxOctetsIn64Bits) {
    BigDecimal number;
    for (const std::uint8_t octet : octets) number.push(octet & 0x7f);
    number.subtract(minus);
    return number.write(out);
  }
  std::uint64_t number = 0;
  for (const std::uint8_t octet : octets) number = number << 7 | (octet & 0x7f);
  return static_cast<std::size_t>(std::to_chars(out, out + 20, number - minus).ptr - out);
}

std::size_t subidentifier_len(Bytes oid) noexcept {
  std::size_t len = 1;
  while (len < oid.size() && (oid[len - 1] & 0x80)) ++len;
  return len;
}

constexpr X520Name make_x520_name(std::string_view text) {
  X520Name name{};
  std::ranges::copy(text, name.text);  // does not compile if the field is too short
  name.len = static_cast<std::uint8_t>(text.size());
  return name;
}

}  // namespace

constinit const std::array<X520Name, kNumX520Names> kX520Names = [] {
  std::array<X520Name, kNumX520Names> names{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const Row* row = kX520Attributes[i]) names[i] = make_x520_name(row->long_name);
  }
  return names;
}();

std::optional<ObjectName> find_object_name(Bytes oid) noexcept {
  const Row* row = find_row(oid);
  if (row == nullptr) return std::nullopt;
  return ObjectName{row->short_name, row->long_name};
}

std::size_t write_dotted(Bytes oid, char* out) noexcept {
  // X.690, 8.19.4: the first subidentifier holds the first two arcs, as 40 * first + second.
  const std::size_t first_len = subidentifier_len(oid);
  const unsigned first = first_len == 1 ? std::min(oid[0] / 40U, 2U) : 2U;
  out[0] = static_cast<char>('0' + first);
  out[1] = '.';
  std::size_t len = 2 + write_subidentifier(oid.first(first_len), first * 40, out + 2);
  for (Bytes rest = oid.subspan(first_len); !rest.empty();) {
    const std::size_t next_len = subidentifier_len(rest);
    out[len++] = '.';
    len += write_subidentifier(rest.first(next_len), 0, out + len);
    rest = rest.subspan(next_len);
  }
  return len;
}

ObjectText::ObjectText(Bytes oid) noexcept {
  if (const Row* row = find_row(oid)) {
    name_ = row->long_name;
  } else if (oid.size() <= kMaxOidLen && der::check_oid(oid) == Errc::ok) {
    digits_len_ = write_dotted(oid, digits_.data());
  }
}

}  // namespace peercert
