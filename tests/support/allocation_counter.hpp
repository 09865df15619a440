// SPDX-License-Identifier: Apache-2.0
// Counts what goes through operator new. Replaces it for the whole program, so that one source file
// of a program includes this.
#pragma once

#include <cstdlib>
#include <new>

namespace peercert::test {

inline std::size_t num_allocations = 0;

}  // namespace peercert::test

// Not inline: the compiler would see through them to malloc() and free() and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++peercert::test::num_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete[](void* memory) noexcept { ::operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { ::operator delete(memory); }
