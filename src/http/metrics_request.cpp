// SPDX-License-Identifier: Apache-2.0
#include "http/metrics_request.hpp"

#include <algorithm>

namespace peercert::http {
namespace {

constexpr std::string_view kPath = "/metrics";

// What is in front of the first separator, which goes, too.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// token = 1*tchar: RFC 9110, 5.6.2
bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kTchar =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.find_first_not_of(kTchar) == text.npos;
}

// origin-form or absolute-form, RFC 9112, 3.2: whose path is ours, whatever the query.
bool names_page(std::string_view target) noexcept {
  constexpr std::string_view kScheme = "http://";
  if (target.starts_with(kScheme)) {
    target.remove_prefix(std::min(target.find('/', kScheme.size()), target.size()));
  }
  return target.substr(0, target.find('?')) == kPath;
}

// request-line = method SP request-target SP HTTP-version
// HTTP-version = "HTTP" "/" DIGIT "." DIGIT
MetricsAction parse_request_line(std::string_view line) noexcept {
  constexpr std::string_view kHttp = "HTTP/";
  const std::string_view method = take_until(line, ' ');
  const std::string_view target = take_until(line, ' ');
  const bool is_http = line.size() == kHttp.size() + 3 && line.starts_with(kHttp);
  if (!is_token(method) || target.empty() || !is_http) return MetricsAction::bad_request;
  if (!line.substr(kHttp.size()).starts_with("1.")) return MetricsAction::unknown_version;
  if (method != "GET" && method != "HEAD") return MetricsAction::not_allowed;
  if (!names_page(target)) return MetricsAction::not_found;
  return method == "GET" ? MetricsAction::page : MetricsAction::page_head;
}

std::string_view status_of(MetricsAction action) noexcept {
  switch (action) {
    case MetricsAction::page:
    case MetricsAction::page_head: return "200 OK";
    case MetricsAction::not_found: return "404 Not Found";
    case MetricsAction::not_allowed: return "405 Method Not Allowed\r\nAllow: GET, HEAD";
    case MetricsAction::too_long: return "431 Request Header Fields Too Large";
    case MetricsAction::unknown_version: return "505 HTTP Version Not Supported";
    case MetricsAction::bad_request:
    case MetricsAction::read: break;
  }
  return "400 Bad Request";
}

// For people; of an error a sentence.
std::string_view content_of(MetricsAction action, std::string_view page) noexcept {
  switch (action) {
    case MetricsAction::page:
    case MetricsAction::page_head: return page;
    case MetricsAction::not_found: return "the figures are at /metrics\n";
    case MetricsAction::not_allowed: return "GET and HEAD are the only methods\n";
    case MetricsAction::too_long: return "a request has at most 8192 bytes\n";
    case MetricsAction::unknown_version: return "HTTP/1.0 and HTTP/1.1 are the only versions\n";
    case MetricsAction::bad_request:
    case MetricsAction::read: break;
  }
  return "this is no request of HTTP\n";
}

}  // namespace

MetricsAction parse_metrics_request(std::string_view received) noexcept {
  constexpr std::string_view kLineEnd = "\r\n", kHeadEnd = "\r\n\r\n";
  // RFC 9112, 2.2: one empty line in front of the request-line is passed over.
  std::string_view head = received.substr(0, kMaxMetricsRequestLen);
  if (head.starts_with(kLineEnd)) head.remove_prefix(kLineEnd.size());
  const std::size_t end = head.find(kHeadEnd);
  if (end != head.npos) return parse_request_line(head.substr(0, head.find(kLineEnd)));
  return received.size() < kMaxMetricsRequestLen ? MetricsAction::read : MetricsAction::too_long;
}

std::string metrics_response(MetricsAction action, std::string_view page) {
  const std::string_view content = content_of(action, page);
  std::string text = "HTTP/1.1 ";
  text.append(status_of(action));
  text.append("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: ");
  text.append(std::to_string(content.size())).append("\r\nConnection: close\r\n\r\n");
  if (action != MetricsAction::page_head) text.append(content);
  return text;
}

}  // namespace peercert::http
