// SPDX-License-Identifier: Apache-2.0
// Counts what a thread gets from operator new, and has it fail. Replaces it for the whole program,
// so that one source file of a program includes this. ThreadSanitizer lets nobody replace its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace peercert::test {

inline thread_local std::size_t num_allocations = 0;
inline thread_local std::size_t max_allocations = SIZE_MAX;  // the next one throws

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PEERCERT_UNDER_TSAN
#endif
#endif
#ifdef PEERCERT_UNDER_TSAN
inline constexpr bool kCountsAllocations = false;
#else
inline constexpr bool kCountsAllocations = true;
#endif

}  // namespace peercert::test

#ifndef PEERCERT_UNDER_TSAN
// Not inline: the compiler would see through them to malloc() and free() and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  using namespace peercert::test;
  if (num_allocations >= max_allocations) throw std::bad_alloc();
  ++num_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  using namespace peercert::test;
  if (num_allocations >= max_allocations) return nullptr;
  ++num_allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete[](void* memory) noexcept { ::operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { ::operator delete(memory); }
#endif
