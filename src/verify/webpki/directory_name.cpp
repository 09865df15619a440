// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/directory_name.hpp"

#include <algorithm>

#include "x509/name_syntax.hpp"

namespace peercert::verify {
namespace {

// Of one RDN, where each is compared with each. There is rarely more than one.
constexpr std::ptrdiff_t kMaxAttributes = 16;

// The characters of a string in lower case, with one space for each run between others.
class FoldedText {
 public:
  explicit FoldedText(der::StringView text) noexcept : rest_(text) { skip_spaces(); }

  static constexpr char32_t kEnd = 0xffffffff;  // no character, as 0 is one

  char32_t next() noexcept {
    if (rest_.octets.empty()) return kEnd;
    const char32_t c = der::next_code_point(rest_);
    if (c != ' ') return fold(c);
    skip_spaces();
    return rest_.octets.empty() ? kEnd : c;
  }

 private:
  static char32_t fold(char32_t c) noexcept {
    return c < 0x80 ? static_cast<char32_t>(to_lower(static_cast<char>(c))) : c;
  }
  void skip_spaces() noexcept {
    for (der::StringView next = rest_; !next.octets.empty(); rest_ = next) {
      if (der::next_code_point(next) != ' ') return;
    }
  }

  der::StringView rest_;
};

bool equal_text(der::StringView a, der::StringView b) noexcept {
  FoldedText left(a);
  FoldedText right(b);
  for (;;) {
    const char32_t c = left.next();
    if (c != right.next()) return false;
    if (c == FoldedText::kEnd) return true;
  }
}

bool equal(const Attribute& a, const Attribute& b) noexcept {
  if (!std::ranges::equal(a.type, b.type)) return false;
  if (a.value_tag == b.value_tag && std::ranges::equal(a.value, b.value)) return true;
  const bool are_text =
      a.text().encoding != der::Encoding::none && b.text().encoding != der::Encoding::none;
  return are_text && equal_text(a.text(), b.text());
}

bool is_small(const RdnView& rdn) noexcept { return std::ranges::distance(rdn) <= kMaxAttributes; }

bool holds_all_of(const RdnView& rdn, const RdnView& others) noexcept {
  return std::ranges::all_of(others, [&rdn](const Attribute& other) {
    return std::ranges::any_of(
        rdn, [&other](const Attribute& attribute) { return equal(attribute, other); });
  });
}

// SET OF: in any order.
bool equal(const RdnView& a, const RdnView& b) noexcept {
  return is_small(a) && is_small(b) && holds_all_of(a, b) && holds_all_of(b, a);
}

}  // namespace

bool starts_with(NameView name, NameView base) noexcept {
  auto rdn = name.begin();
  for (const RdnView& wanted : base) {
    if (rdn == name.end() || !equal(*rdn, wanted)) return false;
    ++rdn;
  }
  return true;
}

bool is_comparable(NameView name) noexcept { return std::ranges::all_of(name, is_small); }

}  // namespace peercert::verify
