// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

namespace peercert {

/// A text that grows and keeps its memory when cleared, so that rendering many certificates
/// allocates nothing once it is large enough.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  std::string_view view() const noexcept { return {data_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  void clear() noexcept { size_ = 0; }

  /// Room for `len` more characters; the caller writes up to that many there, then calls set_end().
  char* reserve(std::size_t len) {
    if (capacity_ - size_ < len) grow(len);
    return data_.get() + size_;
  }
  /// Says where what was written to reserve() ends.
  void set_end(const char* end) noexcept { size_ = static_cast<std::size_t>(end - data_.get()); }

  void append(std::string_view text) {
    char* const at = reserve(text.size());
    set_end(std::copy_n(text.data(), text.size(), at));
  }
  void append(char c) {
    *reserve(1) = c;
    ++size_;
  }

 private:
  void grow(std::size_t len);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace peercert
