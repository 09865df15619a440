// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer reports of a libcrypto that was built without it.

#if defined(__SANITIZE_THREAD__)
#define PEERCERT_UNDER_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PEERCERT_UNDER_TSAN
#endif
#endif

#ifdef PEERCERT_UNDER_TSAN
// A certificate's decoded extensions are written once, under its lock, and published by an atomic
// store that readers load without the lock. ThreadSanitizer does not see atomics of code that it
// did not compile, and so takes the comparison of key identifiers for a race with their decoding.
// The report comes with eagerly loaded trust anchors as well. Nothing else is suppressed.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:ASN1_STRING_cmp\n"; }
#endif
