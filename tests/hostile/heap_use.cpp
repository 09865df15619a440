// SPDX-License-Identifier: Apache-2.0
#include "hostile/heap_use.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>
#include <openssl/crypto.h>

namespace peercert::hostile {

namespace {

std::atomic<std::ptrdiff_t> program_in_use = 0;
thread_local std::ptrdiff_t thread_in_use = 0;
thread_local std::ptrdiff_t thread_peak = 0;

void* count(void* memory) noexcept {
  const auto len = static_cast<std::ptrdiff_t>(::malloc_usable_size(memory));
  program_in_use += len;
  thread_in_use += len;
  thread_peak = std::max(thread_peak, thread_in_use);
  return memory;
}

void discount(void* memory) noexcept {
  const auto len = static_cast<std::ptrdiff_t>(::malloc_usable_size(memory));
  program_in_use -= len;
  thread_in_use -= len;
}

void* allocate(std::size_t size) noexcept { return count(std::malloc(size)); }

void release(void* memory) noexcept {
  discount(memory);
  std::free(memory);
}

void* reallocate(void* memory, std::size_t size) noexcept {
  discount(memory);
  void* moved = std::realloc(memory, size);
  count(moved != nullptr || size == 0 ? moved : memory);
  return moved;
}

// Before main(), since OpenSSL allows it only as long as it has allocated nothing.
const bool counts_openssl =
    CRYPTO_set_mem_functions(
        [](std::size_t size, const char*, int) { return allocate(size); },
        [](void* memory, std::size_t size, const char*, int) { return reallocate(memory, size); },
        [](void* memory, const char*, int) { release(memory); }) == 1;

}  // namespace

std::ptrdiff_t heap_in_use() noexcept { return counts_openssl ? program_in_use.load() : 0; }

HeapPeak::HeapPeak() noexcept : at_start_(thread_in_use) { thread_peak = thread_in_use; }

std::size_t HeapPeak::octets() const noexcept {
  // Without the counting of OpenSSL's there is nothing that could be below any bound.
  return counts_openssl ? static_cast<std::size_t>(thread_peak - at_start_) : SIZE_MAX;
}

}  // namespace peercert::hostile

// The sanitizers have an operator new of their own, in all its forms: there OpenSSL alone is
// counted.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PEERCERT_UNDER_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PEERCERT_UNDER_SANITIZER
#endif
#endif

#ifndef PEERCERT_UNDER_SANITIZER
// Not inline: the compiler would see through them to malloc() and free() and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* memory = peercert::hostile::allocate(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  peercert::hostile::release(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  peercert::hostile::release(memory);
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete[](void* memory) noexcept { ::operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { ::operator delete(memory); }
#endif
