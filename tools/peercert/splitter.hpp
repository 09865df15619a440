// SPDX-License-Identifier: Apache-2.0
// Where certificates begin and end in a file, found without decoding them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

namespace peercert::tool {

/// How certificates stand in a file; docs/formats.md describes the forms.
enum class InputForm : std::uint8_t { detected, pem, der, length_prefixed };

/// What is longer is no certificate, but it is not looked for the next one in vain.
inline constexpr std::size_t kMaxPieceLen = std::size_t{16} << 20;
/// What one call of split() gives at most, so that an input of errors alone stays a small batch.
inline constexpr std::size_t kMaxPieces = 4096;

/// Why there is no certificate where one should begin.
enum class Trouble : std::uint8_t {
  none,
  foreign,   // octets that begin no certificate
  misfit,    // a length that neither what is inside nor what follows agrees with
  too_long,  // over kMaxPieceLen
  cut,       // the input ends before the certificate does
  endless,   // an indefinite length of which the end is not found
  unclosed,  // a BEGIN line without its END line
};

/// The sentence for it. Static storage.
std::string_view to_string(Trouble trouble) noexcept;

/// A certificate, or trouble: where it begins, and unless there is trouble, its length.
struct Piece {
  std::uint32_t begin = 0;
  std::uint32_t len = 0;
  Trouble trouble = Trouble::none;
};

/// Cuts an input that arrives in portions into certificates. Where one is broken the search goes on
/// for octets that begin one; only behind Trouble::endless there is nothing to go by. Work is
/// linear in the input, whatever it holds.
class Splitter {
 public:
  explicit Splitter(InputForm form) noexcept : form_(form) {}

  /// The form, known once split() has been called.
  InputForm form() const noexcept { return form_; }

  /// Appends the pieces that `octets` begin with, and gives how many octets are done with. The next
  /// call's start with the others. Stops early after kMaxPieces. `is_last`: nothing follows.
  std::size_t split(Bytes octets, bool is_last, std::vector<Piece>& pieces);

 private:
  struct Extent {
    std::size_t len = 0;  // with the prefix; may be more than there is
    Trouble trouble = Trouble::none;
  };

  std::size_t split_pem(std::string_view text, bool is_last, std::vector<Piece>& pieces) const;
  std::size_t split_der(Bytes octets, bool is_last, std::vector<Piece>& pieces);
  Extent measure(Bytes rest) const noexcept;
  static Extent measure_ber(Bytes rest) noexcept;
  Trouble trouble_of(Bytes rest, Extent extent) const noexcept;
  bool starts_here(Bytes rest) const noexcept;
  std::size_t skip_to_start(Bytes rest) const noexcept;
  std::size_t prefix_len() const noexcept;

  InputForm form_;
  bool lost_ = false;       // looking for a certificate's first octets
  bool abandoned_ = false;  // what follows cannot be told apart
};

}  // namespace peercert::tool
