// SPDX-License-Identifier: Apache-2.0
// What a thread, and the whole program, have allocated: through operator new and by OpenSSL.
#pragma once

#include <cstddef>

namespace peercert::hostile {

/// Octets in use by the whole program.
std::ptrdiff_t heap_in_use() noexcept;

/// Measures the calling thread from now on.
class HeapPeak {
 public:
  HeapPeak() noexcept;
  /// The most that the thread has had in use at once, more than it had at the beginning.
  std::size_t octets() const noexcept;

 private:
  std::ptrdiff_t at_start_;
};

}  // namespace peercert::hostile
