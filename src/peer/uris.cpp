// SPDX-License-Identifier: Apache-2.0
#include <peercert/peer/uris.hpp>

#include "x509/oids.hpp"
#include "x509/usual_forms.hpp"

namespace peercert {

void AccessUris::extend(Bytes description) noexcept {
  const std::uint8_t* const begin =
      descriptions_.empty() ? description.data() : descriptions_.data();
  descriptions_ = {begin, description.data() + description.size()};
}

std::optional<Bytes> AccessUris::next(Bytes& rest) const noexcept {
  const Bytes oid = method_ == Method::ocsp ? Bytes(oids::kOcsp) : Bytes(oids::kCaIssuers);
  while (!rest.empty()) {
    const usual::AccessUri usual = usual::access_uri(rest);
    if (usual.len > 0) {
      rest = rest.subspan(usual.len);
      if (usual.method == static_cast<std::uint8_t>(method_)) return usual.value;
      continue;
    }
    const AuthorityInfoAccessView::iterator it(rest);
    if (!it.element().exists()) return std::nullopt;
    rest = rest.subspan(it.element().encoded().size());
    const AccessDescription description = *it;
    const bool is_uri =
        description.access_location.type == GeneralNameType::uniform_resource_identifier;
    if (is_uri && oids::equal(description.access_method, oid))
      return description.access_location.value;
  }
  return std::nullopt;
}

}  // namespace peercert
