// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include <peercert/render/output.hpp>

namespace peercert {

void Output::grow(std::size_t len) {
  constexpr std::size_t kMinCapacity = 4096;
  const std::size_t capacity = std::max({kMinCapacity, capacity_ * 2, size_ + len});
  auto data = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
  data_ = std::move(data);
  capacity_ = capacity;
}

}  // namespace peercert
