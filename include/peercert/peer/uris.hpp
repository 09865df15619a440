// SPDX-License-Identifier: Apache-2.0
// The URIs of the OCSP, caIssuers and crlDistributionPoints keys.
#pragma once

#include <cstdint>
#include <optional>

#include <peercert/x509/extension.hpp>

namespace peercert {

/// The URIs at which an AuthorityInfoAccess offers one access method. Borrows the DER.
class AccessUris {
 public:
  /// Which access method to look for.
  enum class Method : std::uint8_t { ocsp = 1, ca_issuers = 2 };  // the last arc of id-ad

  AccessUris() = default;
  /// No URIs at all.
  explicit AccessUris(Method method) noexcept : method_(method) {}
  /// The URIs of the descriptions that have this method.
  AccessUris(AuthorityInfoAccessView descriptions, Method method) noexcept
      : descriptions_(descriptions.content()), method_(method) {}

  /// Adds a description to those that are read, and what lies between.
  void extend(Bytes description) noexcept;

  /// Calls `use` with the bytes of each URI, in order.
  template <class Use>
  void for_each(Use&& use) const {
    Bytes rest = descriptions_;
    while (const std::optional<Bytes> uri = next(rest)) use(*uri);
  }

 private:
  // The first URI in `rest`, taken off it with everything before it.
  std::optional<Bytes> next(Bytes& rest) const noexcept;

  Bytes descriptions_{};
  Method method_ = Method::ocsp;
};

/// The URIs of every fullName of CRLDistributionPoints. Borrows the DER.
struct CrlUris {
  CrlDistributionPointsView points;  // the points whose URIs these are

  /// Calls `use` with the bytes of each URI, in encoded order.
  template <class Use>
  void for_each(Use&& use) const {
    for (const DistributionPoint point : points) {
      for (const GeneralName name : point.full_name) {
        if (name.type == GeneralNameType::uniform_resource_identifier) use(name.value);
      }
    }
  }
};

}  // namespace peercert
