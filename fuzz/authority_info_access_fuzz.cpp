// SPDX-License-Identifier: Apache-2.0
// parse_authority_info_access(): every description lies inside the input, and AccessUris finds what
// reading the descriptions one by one does.
#include <peercert/peer/uris.hpp>

#include "walk.hpp"
#include "x509/oids.hpp"

namespace peercert::fuzz {
namespace {

std::size_t count_uris(AuthorityInfoAccessView descriptions, Bytes access_method) {
  std::size_t num_uris = 0;
  for (const AccessDescription description : descriptions) {
    const bool is_uri =
        description.access_location.type == GeneralNameType::uniform_resource_identifier;
    if (is_uri && oids::equal(description.access_method, access_method)) ++num_uris;
  }
  return num_uris;
}

void check_uris(AuthorityInfoAccessView descriptions, AccessUris::Method method, Bytes oid,
                Bytes input) {
  std::size_t num_uris = 0;
  AccessUris(descriptions, method).for_each([&](Bytes uri) {
    check_inside(uri, input);
    ++num_uris;
  });
  check(num_uris == count_uris(descriptions, oid));
}

}  // namespace

void run(Bytes input) {
  const Result<AuthorityInfoAccessView> descriptions = parse_authority_info_access(input);
  check(descriptions.error().offset <= input.size());
  if (!descriptions) return;
  for (const AccessDescription description : *descriptions) {
    check_oid(description.access_method, input);
    walk(description.access_location, input);
  }
  check_uris(*descriptions, AccessUris::Method::ocsp, oids::kOcsp, input);
  check_uris(*descriptions, AccessUris::Method::ca_issuers, oids::kCaIssuers, input);
}

}  // namespace peercert::fuzz
