// SPDX-License-Identifier: Apache-2.0
#include "scan/job/scan_state.hpp"

#include <chrono>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

using std::chrono::milliseconds;

struct Change {
  std::string member;
  std::function<void(ScanJobOptions&)> make;
};

ScanJobOptions plain_options() {
  static std::istringstream no_lines;
  ScanJobOptions options;
  options.stream = &no_lines;
  return options;
}

std::string first_difference(const Change& change) {
  ScanJobOptions options = plain_options();
  change.make(options);
  return difference(identity_of(plain_options()), identity_of(options));
}

TEST(ScanState, DependsOnWhatRecordsDependOn) {
  const Scratch scratch;
  const std::string file = scratch.write("file", "192.0.2.0/24\n");
  const std::vector<Change> changes = {
      {"engine.tls.trust.cafile", [&](auto& o) { o.engine.tls.trust.cafile = file; }},
      {"engine.tls.trust.capath", [&](auto& o) { o.engine.tls.trust.capath = scratch / ""; }},
      {"engine.tls.trust.cadata", [](auto& o) { o.engine.tls.trust.cadata = "x"; }},
      {"engine.tls.certificate", [&](auto& o) { o.engine.tls.certificate = file; }},
      {"networks.allowed", [&](auto& o) { o.networks = NetworkLists({file}, {}); }},
      {"networks.denied", [&](auto& o) { o.networks = NetworkLists({}, {file}); }},
      {"targets.ports",
       [](auto& o) {
         o.targets.ports = {443, 8443};
       }},
      {"targets.column", [](auto& o) { o.targets.column = "host"; }},
      {"targets.field", [](auto& o) { o.targets.field = "host"; }},
      {"targets.start_tls", [](auto& o) { o.targets.start_tls = StartTls::smtp; }},
      {"targets.shard",
       [](auto& o) {
         o.targets.shard = {2, 3};
       }},
      {"targets.use_host_as_server_name",
       [](auto& o) { o.targets.use_host_as_server_name = false; }},
      {"engine.mode", [](auto& o) { o.engine.mode = ScanMode::no_verify; }},
      {"engine.tls.minimum_version",
       [](auto& o) { o.engine.tls.minimum_version = ssl::TLSVersion::tls1_2; }},
      {"engine.tls.maximum_version",
       [](auto& o) { o.engine.tls.maximum_version = ssl::TLSVersion::maximum_supported; }},
      {"engine.tls.alpn", [](auto& o) { o.engine.tls.alpn = {"h2"}; }},
      {"engine.tls.ocsp_staple", [](auto& o) { o.engine.tls.ocsp_staple = true; }},
      {"engine.resolver.servers", [](auto& o) { o.engine.resolver.servers = {"192.0.2.1"}; }},
      {"engine.resolver.family", [](auto& o) { o.engine.resolver.family = AddressFamily::ipv6; }},
      {"engine.limits.dns", [](auto& o) { o.engine.limits.dns = milliseconds(1); }},
      {"engine.limits.connect", [](auto& o) { o.engine.limits.connect = milliseconds(1); }},
      {"engine.limits.start_tls", [](auto& o) { o.engine.limits.start_tls = milliseconds(1); }},
      {"engine.limits.handshake", [](auto& o) { o.engine.limits.handshake = milliseconds(1); }},
      {"engine.limits.total", [](auto& o) { o.engine.limits.total = milliseconds(1); }},
      {"engine.retries", [](auto& o) { o.engine.retries = 1; }},
      {"engine.backoff", [](auto& o) { o.engine.backoff = milliseconds(1); }},
      {"engine.max_addresses", [](auto& o) { o.engine.max_addresses = 1; }},
      {"engine.all_addresses", [](auto& o) { o.engine.all_addresses = true; }},
      {"engine.mail_hosts", [](auto& o) { o.engine.mail_hosts = true; }},
      {"outputs[0]",
       [](auto& o) { o.outputs = {file_output("a.csv", {.fields = Fields("is_ca")})}; }},
      {"outputs[1]",
       [](auto& o) {
         o.outputs = {file_output("a.csv"), file_output("b", {.format = OutputFormat::csv})};
       }},
  };
  for (const Change& change : changes) {
    EXPECT_TRUE(first_difference(change).starts_with(change.member + " was "))
        << change.member << ": " << first_difference(change);
  }
}

TEST(ScanState, DependsOnNothingElse) {
  const std::vector<Change> changes = {
      {"concurrency", [](auto& o) { o.engine.concurrency = 7; }},
      {"reserved_descriptors", [](auto& o) { o.engine.reserved_descriptors = 7; }},
      {"threads", [](auto& o) { o.engine.threads = 7; }},
      {"rate", [](auto& o) { o.engine.rate = 7; }},
      {"per_address", [](auto& o) { o.engine.per_address = 7; }},
      {"per_network", [](auto& o) { o.engine.per_network = 7; }},
      {"key", [](auto& o) { o.engine.tls.key = "key.pem"; }},
      {"password", [](auto& o) { o.engine.tls.password = "secret"; }},
      {"outputs", [](auto& o) { o.outputs = {file_output("a.csv")}; }},
  };
  for (const Change& change : changes) EXPECT_EQ(first_difference(change), "") << change.member;
}

TEST(ScanState, ComparesTheInputByItsContents) {
  const Scratch scratch;
  const auto with = [&](const std::string& name, const std::string& text) {
    return identity_of({.input = scratch.write(name, text)});
  };
  EXPECT_EQ(with("a", "a.example\n"), with("b", "a.example\n"));
  EXPECT_EQ(difference(with("a", "a.example\n"), with("a", "b.example\n")),
            "input has other contents");
}

TEST(ScanState, RefusesAFileThatCannotBeCompared) {
  const Scratch scratch;
  const std::string fifo = scratch / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  ScanJobOptions options = plain_options();
  options.engine.tls.trust.cafile = fifo;
  try {
    identity_of(options);
    ADD_FAILURE() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(error.what(), fifo +
                                ": no regular file, and with resume the contents of "
                                "engine.tls.trust.cafile have to be compared: save them in a file");
  }
}

TEST(ScanState, ReachesBeyondAnInputWithFewerTargets) {
  EXPECT_FALSE(reaches_beyond(FinishedTargets(3, {}), 3));
  EXPECT_TRUE(reaches_beyond(FinishedTargets(4, {}), 3));
  EXPECT_FALSE(reaches_beyond(FinishedTargets(1, {2}), 3));
  EXPECT_TRUE(reaches_beyond(FinishedTargets(1, {3}), 3));
}

}  // namespace
}  // namespace peercert::scan
