// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

#include <peercert/base/result.hpp>

namespace peercert {

/// A text that grows and keeps its memory when cleared, so that rendering many certificates
/// allocates nothing once it is large enough.
class Output {
 public:
  /// What reserve() gives on top of what was asked for: text may be copied in whole blocks.
  static constexpr std::size_t kSlack = 32;

  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// What was written. Borrows this, until the next write.
  std::string_view view() const& noexcept PEERCERT_LIFETIMEBOUND { return {data_.get(), end_}; }
  std::string_view view() && = delete;
  /// How many bytes were written.
  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - data_.get()); }
  /// Forgets what was written, and keeps the memory.
  void clear() noexcept { end_ = data_.get(); }

  /// Room for `len` more characters and kSlack; the caller writes up to that many there, then calls
  /// set_end().
  char* reserve(std::size_t len) & PEERCERT_LIFETIMEBOUND {
    if (static_cast<std::size_t>(limit_ - end_) < len + kSlack) [[unlikely]]
      grow(len + kSlack);
    return end_;
  }
  char* reserve(std::size_t len) && = delete;
  /// Says where what was written to reserve() ends.
  void set_end(char* end) noexcept { end_ = end; }

  /// Appends a text. Throws std::bad_alloc.
  void append(std::string_view text) {
    set_end(std::copy_n(text.data(), text.size(), reserve(text.size())));
  }
  /// Appends a character. Throws std::bad_alloc.
  void append(char c) {
    char* const at = reserve(1);
    *at = c;
    set_end(at + 1);
  }

 private:
  void grow(std::size_t len);

  std::unique_ptr<char[]> data_;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace peercert
