// SPDX-License-Identifier: Apache-2.0
#include "http/metrics_request.hpp"

#include <string>

#include <gtest/gtest.h>

namespace peercert::http {
namespace {

using Action = MetricsAction;

Action action_of(const std::string& line) {
  return parse_metrics_request(line + "\r\nHost: localhost\r\n\r\n");
}

TEST(MetricsRequest, AsksForThePage) {
  EXPECT_EQ(action_of("GET /metrics HTTP/1.1"), Action::page);
  EXPECT_EQ(action_of("GET /metrics HTTP/1.0"), Action::page);
  EXPECT_EQ(action_of("GET /metrics?name[]=x HTTP/1.1"), Action::page);
  EXPECT_EQ(action_of("GET http://localhost:9100/metrics HTTP/1.1"), Action::page);
  EXPECT_EQ(action_of("HEAD /metrics HTTP/1.1"), Action::page_head);
  EXPECT_EQ(action_of("\r\nGET /metrics HTTP/1.1"), Action::page);
  EXPECT_EQ(parse_metrics_request("GET /metrics HTTP/1.1\r\n\r\n"), Action::page);
}

TEST(MetricsRequest, AnythingElseIsNamed) {
  for (const char* const line :
       {"GET / HTTP/1.1", "GET /metrics/ HTTP/1.1", "GET /metricsx HTTP/1.1", "GET * HTTP/1.1",
        "GET metrics HTTP/1.1", "GET http://localhost HTTP/1.1", "GET ?/metrics HTTP/1.1",
        "HEAD /other HTTP/1.1", "GET https://localhost/metrics HTTP/1.1"}) {
    EXPECT_EQ(action_of(line), Action::not_found) << line;
  }
  for (const char* const line : {"POST /metrics HTTP/1.1", "get /metrics HTTP/1.1",
                                 "OPTIONS * HTTP/1.1", "M-SEARCH /metrics HTTP/1.1"}) {
    EXPECT_EQ(action_of(line), Action::not_allowed) << line;
  }
  for (const char* const line : {"GET /metrics HTTP/2.0", "GET /metrics HTTP/0.9"}) {
    EXPECT_EQ(action_of(line), Action::unknown_version) << line;
  }
  for (const char* const line :
       {"", "GET", "GET /metrics", "GET  HTTP/1.1", " /metrics HTTP/1.1", "GET /metrics HTTP/1.1 ",
        "GET /metrics HTTP/1.10", "GET /metrics http/1.1", "G(T /metrics HTTP/1.1",
        "GET /met rics HTTP/1.1", "GET /metrics SIP/1.10", "\r\n\r\nGET /metrics HTTP/1.1"}) {
    EXPECT_EQ(action_of(line), Action::bad_request) << line;
  }
}

TEST(MetricsRequest, EndsWithTheHead) {
  const std::string request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t len = 0; len < request.size(); ++len) {
    EXPECT_EQ(parse_metrics_request(request.substr(0, len)), Action::read) << len;
  }
  EXPECT_EQ(parse_metrics_request(request + "POST /"), Action::page);  // what follows is not read
}

TEST(MetricsRequest, IsBounded) {
  const std::string begin = "GET /metrics HTTP/1.1\r\nX: ";
  const std::string most = begin + std::string(kMaxMetricsRequestLen - begin.size() - 4, 'x');
  EXPECT_EQ(parse_metrics_request(most), Action::read);
  EXPECT_EQ(parse_metrics_request(most + "\r\n\r\n"), Action::page);
  EXPECT_EQ(parse_metrics_request(most + "x\r\n\r\n"), Action::too_long);
  EXPECT_EQ(parse_metrics_request(std::string(kMaxMetricsRequestLen - 1, 'x')), Action::read);
  EXPECT_EQ(parse_metrics_request(std::string(kMaxMetricsRequestLen, 'x')), Action::too_long);
}

TEST(MetricsRequest, HasAResponse) {
  EXPECT_EQ(metrics_response(Action::page, "x 1\n"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: 4\r\nConnection: close\r\n\r\nx 1\n");
  EXPECT_EQ(metrics_response(Action::page_head, "x 1\n"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: 4\r\nConnection: close\r\n\r\n");
  const auto begins = [](Action action, const std::string& status) {
    return metrics_response(action, "").starts_with("HTTP/1.1 " + status + "\r\n");
  };
  EXPECT_TRUE(begins(Action::not_found, "404 Not Found"));
  EXPECT_TRUE(begins(Action::not_allowed, "405 Method Not Allowed\r\nAllow: GET, HEAD"));
  EXPECT_TRUE(begins(Action::too_long, "431 Request Header Fields Too Large"));
  EXPECT_TRUE(begins(Action::bad_request, "400 Bad Request"));
  EXPECT_TRUE(begins(Action::unknown_version, "505 HTTP Version Not Supported"));
}

}  // namespace
}  // namespace peercert::http
