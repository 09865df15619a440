// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include <peercert/render/output.hpp>

namespace peercert {

void Output::grow(std::size_t len) {
  constexpr std::size_t kMinCapacity = 4096;
  const std::size_t size = this->size();
  const auto old_capacity = static_cast<std::size_t>(limit_ - data_.get());
  const std::size_t capacity = std::max({kMinCapacity, old_capacity * 2, size + len});
  auto data = std::make_unique_for_overwrite<char[]>(capacity);
  if (size > 0) std::memcpy(data.get(), data_.get(), size);
  data_ = std::move(data);
  end_ = data_.get() + size;
  limit_ = data_.get() + capacity;
}

}  // namespace peercert
