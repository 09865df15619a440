// SPDX-License-Identifier: Apache-2.0
// Splitter: the pieces lie in order inside the input, every byte is done with, and an input that
// arrives in portions has the pieces that it has as a whole.
#include <algorithm>
#include <vector>

#include "fuzz.hpp"
#include "splitter.hpp"

namespace peercert::fuzz {
namespace {

using tool::InputForm;
using tool::Piece;
using tool::Splitter;
using tool::Trouble;

constexpr InputForm kForms[] = {InputForm::detected, InputForm::pem, InputForm::der,
                                InputForm::length_prefixed};

// The pieces, counted from the start of the input, as a caller gets them that has `portion_len`
// bytes more each time.
std::vector<Piece> split(Splitter& splitter, Bytes input, std::size_t portion_len) {
  std::vector<Piece> found;
  std::size_t begin = 0;
  std::size_t end = std::min(portion_len, input.size());
  for (;;) {
    const std::vector<std::uint8_t> octets(input.begin() + static_cast<std::ptrdiff_t>(begin),
                                           input.begin() + static_cast<std::ptrdiff_t>(end));
    const bool is_last = end == input.size();
    std::vector<Piece> pieces;
    const std::size_t len = splitter.split(octets, is_last, pieces);
    check(len <= octets.size() && pieces.size() <= tool::kMaxPieces);
    for (Piece piece : pieces) {
      check(piece.begin < octets.size());
      check(piece.trouble != Trouble::none || piece.len <= octets.size() - piece.begin);
      piece.begin += static_cast<std::uint32_t>(begin);
      found.push_back(piece);
    }
    begin += len;
    if (is_last && begin == end) return found;
    check(!is_last || len > 0);
    end = std::min(end + portion_len, input.size());
  }
}

void check_order(const std::vector<Piece>& pieces) {
  std::size_t end = 0;
  for (const Piece& piece : pieces) {
    check(piece.begin >= end);
    end = piece.begin + (piece.trouble == Trouble::none ? piece.len : 1);
  }
}

bool is_same(const Piece& a, const Piece& b) {
  return a.begin == b.begin && a.trouble == b.trouble &&
         (a.trouble != Trouble::none || a.len == b.len);
}

}  // namespace

// Two bytes choose the form and the length of the portions, the rest is the input.
void run(Bytes input) {
  if (input.size() < 3) return;
  const std::size_t portion_len = std::size_t{1} + input[1];
  Splitter whole(kForms[input[0] % std::size(kForms)]);
  input = input.subspan(2);
  const std::vector<Piece> pieces = split(whole, input, input.size());
  check_order(pieces);
  // The form is told by the first portion, which is never so short in use.
  Splitter in_portions(whole.form());
  check(std::ranges::equal(pieces, split(in_portions, input, portion_len), is_same));
}

}  // namespace peercert::fuzz
