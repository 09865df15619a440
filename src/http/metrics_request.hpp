// SPDX-License-Identifier: Apache-2.0
// What a client asks of the metrics server: bytes in, an answer out (RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace peercert::http {

/// Bytes of a request's head at most.
inline constexpr std::size_t kMaxMetricsRequestLen = 8192;

enum class MetricsAction : std::uint8_t {
  read,             // the head does not end here
  page,             // GET /metrics
  page_head,        // HEAD /metrics
  not_found,        // another target
  not_allowed,      // another method
  too_long,         // a head over kMaxMetricsRequestLen
  bad_request,      // no HTTP
  unknown_version,  // not HTTP/1
};

/// What is to be done after these bytes, which are all that a client has sent. What follows the
/// head does not count: a connection carries one request.
MetricsAction parse_metrics_request(std::string_view received) noexcept;

/// The response; the page is that of an action that asks for one.
std::string metrics_response(MetricsAction action, std::string_view page);

}  // namespace peercert::http
