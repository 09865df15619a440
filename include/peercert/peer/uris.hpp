// SPDX-License-Identifier: Apache-2.0
// The URIs of the OCSP, caIssuers and crlDistributionPoints keys.
#pragma once

#include <algorithm>

#include <peercert/x509/extension.hpp>

namespace peercert {

/// The URIs at which an AuthorityInfoAccess offers one access method. Borrows the DER.
struct AccessUris {
  AuthorityInfoAccessView descriptions;
  Bytes access_method;

  /// Calls `use` with the octets of each URI, in order.
  template <class Use>
  void for_each(Use&& use) const {
    for (const AccessDescription description : descriptions) {
      if (description.access_location.type != GeneralNameType::uniform_resource_identifier)
        continue;
      if (!std::ranges::equal(description.access_method, access_method)) continue;
      use(description.access_location.value);
    }
  }
};

/// The URIs of every fullName of CRLDistributionPoints. Borrows the DER.
struct CrlUris {
  CrlDistributionPointsView points;

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
