// SPDX-License-Identifier: Apache-2.0
// parse_crl_distribution_points(): every name of every point lies inside the input.
#include <peercert/peer/uris.hpp>

#include "walk.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const Result<CrlDistributionPointsView> points = parse_crl_distribution_points(input);
  check(points.error().offset <= input.size());
  if (!points) return;
  for (const DistributionPoint point : *points) walk(point.full_name, input);
  CrlUris{*points}.for_each([&](Bytes uri) { check_inside(uri, input); });
}

}  // namespace peercert::fuzz
