// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>

#include <peercert/base/result.hpp>

namespace peercert::ssl {

/// A std::optional of a type that lends memory of its own. Through `->` on a temporary
/// std::optional the value looks to compilers like one that stays, so that what T refuses for
/// temporaries would be let through, and dangle; clang does not warn of it. Here `->` is deleted
/// there. `*` and value() need no such care: what they give is a temporary to T as well.
///
/// Turned into a std::optional it has the hole again.
template <class T>
class OptionalOwner : public std::optional<T> {
 public:
  using std::optional<T>::optional;
  using std::optional<T>::operator=;
  /// Takes the value over.
  OptionalOwner(std::optional<T> value) : std::optional<T>(std::move(value)) {}

  /// The value's members; only if there is a value.
  constexpr const T* operator->() const& noexcept PEERCERT_LIFETIMEBOUND { return &**this; }
  constexpr const T* operator->() const&& = delete;
};

}  // namespace peercert::ssl
