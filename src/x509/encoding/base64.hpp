// SPDX-License-Identifier: Apache-2.0
// Base64, RFC 4648, section 4, as PEM holds it: RFC 7468 allows white space anywhere in it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

namespace peercert::base64 {

/// Decodes into `out`, whose capacity is reused. Gives the index of the first character that is
/// none of base64, text.size() if the last group is not whole, or npos if all is well.
std::size_t decode(std::string_view text, std::vector<std::uint8_t>& out);

/// Writes the text, four characters for three octets and for what is left, on one line. Gives its
/// end.
char* encode(Bytes octets, char* to) noexcept;

/// Reads whole groups of four characters and line feeds between them from text[at] on, and puts
/// their octets at `to`, which moves behind them. Gives the index behind what it read: there, other
/// white space, padding, a bad character or the end has to be dealt with. Up to kSlack octets
/// behind the last one are written too.
inline constexpr std::size_t kSlack = 8;
std::size_t decode_groups(std::string_view text, std::size_t at, std::uint8_t*& to) noexcept;
/// The same without vector instructions, on any machine.
std::size_t decode_groups_by_table(std::string_view text, std::size_t at,
                                   std::uint8_t*& to) noexcept;

}  // namespace peercert::base64
