// SPDX-License-Identifier: Apache-2.0
// Counts what goes through operator new. Replaces it for the whole program, so that one source file
// of a program includes this.
#pragma once

#include <cstdlib>
#include <new>

namespace peercert::test {

inline std::size_t num_allocations = 0;

}  // namespace peercert::test

void* operator new(std::size_t size) {
  ++peercert::test::num_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
