// SPDX-License-Identifier: Apache-2.0
// What the metrics server does after some bytes of a request does not change with those that
// follow, and it does not read for ever.
#include <string>

#include "fuzz.hpp"
#include "http/metrics_request.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  using http::MetricsAction;
  const std::string_view text = as_text(input);
  MetricsAction action = MetricsAction::read;
  std::size_t len = 0;
  while (action == MetricsAction::read && len < text.size()) {
    action = http::parse_metrics_request(text.substr(0, ++len));
  }
  check(action != MetricsAction::read || text.size() < http::kMaxMetricsRequestLen);
  check(len <= http::kMaxMetricsRequestLen);
  check(http::parse_metrics_request(text) == action);
  const std::string response = http::metrics_response(action, "x 1\n");
  check(response.starts_with("HTTP/1.1 "));
  check(response.find("\r\n\r\n") != response.npos);
}

}  // namespace peercert::fuzz
