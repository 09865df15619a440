// SPDX-License-Identifier: Apache-2.0
// parse_authority_info_access(): every description lies inside the input.
#include <peercert/peer/uris.hpp>

#include "walk.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const Result<AuthorityInfoAccessView> descriptions = parse_authority_info_access(input);
  check(descriptions.error().offset <= input.size());
  if (!descriptions) return;
  for (const AccessDescription description : *descriptions) {
    check_oid(description.access_method, input);
    walk(description.access_location, input);
    std::size_t num_uris = 0;
    AccessUris{*descriptions, description.access_method}.for_each([&](Bytes uri) {
      check_inside(uri, input);
      ++num_uris;
    });
    const bool is_uri =
        description.access_location.type == GeneralNameType::uniform_resource_identifier;
    check(!is_uri || num_uris > 0);
  }
}

}  // namespace peercert::fuzz
