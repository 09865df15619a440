// SPDX-License-Identifier: Apache-2.0
#include "x509/lint/original.hpp"

#include <algorithm>
#include <array>

#include <peercert/der/distinguished.hpp>

#include "x509/lint/field_map.hpp"

namespace peercert {
namespace {

using der::BerElement;

// Rewriting changes lengths and joins segments, but neither adds nor removes an element otherwise.
struct Pair {
  BerElement rewritten;
  BerElement original;

  bool has_same_form() const noexcept {
    return ((rewritten.identifier ^ original.identifier) & der::kConstructed) == 0;
  }
  bool has_same_content() const noexcept {
    return std::ranges::equal(rewritten.content, original.content);
  }
};

// Calls `visit(pair)` for each element and what it became, the outer ones first. Where it gives
// true the inner ones follow, those of an OCTET STRING too.
template <class Visit>
void walk_pairs(Bytes rewritten, Bytes original, Visit visit) {
  struct Level {
    BerCursor rewritten{Bytes{}};
    BerCursor original{Bytes{}};
  };
  std::array<Level, der::kMaxDerDepth> levels;
  levels[0] = {BerCursor(rewritten), BerCursor(original)};
  std::size_t depth = 1;
  while (depth > 0) {
    Level& level = levels[depth - 1];
    const Pair pair{level.rewritten.next(), level.original.next()};
    if (pair.rewritten.encoded.empty() || pair.original.encoded.empty()) {
      --depth;
    } else if (visit(pair) && depth < levels.size()) {
      levels[depth++] = {BerCursor(pair.rewritten.content), BerCursor(pair.original.content)};
    }
  }
}

}  // namespace

std::size_t original_offset(Bytes rewritten, Bytes original, std::size_t offset) noexcept {
  const std::uint8_t* const at = rewritten.data() + offset;
  const std::uint8_t* found = original.data();
  walk_pairs(rewritten, original, [&](const Pair& pair) noexcept {
    const Bytes whole = pair.rewritten.encoded;
    const Bytes content = pair.rewritten.content;
    if (at < whole.data() || at >= whole.data() + whole.size()) return false;
    found = pair.original.encoded.data();
    if (at < content.data()) return false;
    if (!pair.has_same_content()) return pair.has_same_form();
    found = pair.original.content.data() + (at - content.data());
    return false;
  });
  return static_cast<std::size_t>(found - original.data());
}

void find_segmented_strings(Bytes rewritten, Bytes original, Findings& out) noexcept {
  walk_pairs(rewritten, original, [&](const Pair& pair) noexcept {
    const Bytes encoded = pair.original.encoded;
    if (pair.has_same_form()) return !pair.has_same_content();
    if (!der::is_universal(pair.original.identifier)) {
      out.add(FindingCode::constructed_string,
              static_cast<std::size_t>(encoded.data() - original.data()));
    }
    return false;
  });
}

}  // namespace peercert
