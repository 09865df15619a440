// SPDX-License-Identifier: Apache-2.0
#include "verify/public_suffix.hpp"

#include <string>

#ifdef PEERCERT_HAS_LIBPSL
#include <libpsl.h>
#endif

namespace peercert::verify {

#ifdef PEERCERT_HAS_LIBPSL

namespace {

// Without the rule that an unknown top-level domain is one: a list says what it knows.
bool is_public_suffix(std::string_view domain) noexcept {
  const psl_ctx_t* const list = psl_builtin();
  if (list == nullptr) return false;
  return psl_is_public_suffix2(list, std::string(domain).c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

}  // namespace

PublicSuffixTest public_suffix_list() noexcept {
  return psl_builtin() == nullptr ? nullptr : is_public_suffix;
}

#else

PublicSuffixTest public_suffix_list() noexcept { return nullptr; }

#endif

}  // namespace peercert::verify
