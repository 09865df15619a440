// SPDX-License-Identifier: Apache-2.0
// Verification when there is no memory left. What it records otherwise: peer_identity_test.cpp.
#include <gtest/gtest.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "support/allocation_counter.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

extern "C" {
// AddressSanitizer's, where that is linked.
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace peercert::ssl {
namespace {

/// Has the next allocations of this thread succeed, and no other. What is lost then is no leak to
/// speak of: core is compiled without exceptions, and holds on to what it has when one passes.
class Shortage {
 public:
  explicit Shortage(std::size_t num_allocations) {
    if (__lsan_disable != nullptr) __lsan_disable();
    test::max_allocations = test::num_allocations + num_allocations;
  }
  ~Shortage() {
    test::max_allocations = SIZE_MAX;
    if (__lsan_enable != nullptr) __lsan_enable();
  }
  static bool has_come() { return test::num_allocations == test::max_allocations; }
};

/// OpenSSL accepts its certificate; VerifyProfile::cabf does not, for the CN.
const SSLContext& misnamed_server() {
  static const SSLContext context = pki().server_context(pki().intermediate.issue(
      {.subject = {{"CN", "example.org"}}, .subject_alt_name = {"DNS:localhost"}}));
  return context;
}

struct Trial {
  ForeignPair pair;
  bool ran_out;  // of memory, while the client looked at the server's certificate
};

Trial connect(const SSLContext& client, const SSLContext& server, std::size_t num_allocations) {
  Trial trial{ForeignPair(client.native_handle(), server.native_handle()), false};
  SSL_set1_host(trial.pair.client.get(), "localhost");
  trial.pair.step_client();
  trial.pair.step_server();
  {
    const Shortage shortage(num_allocations);
    trial.pair.step_client();
    trial.ran_out = Shortage::has_come();
  }
  ERR_clear_error();
  return trial;
}

SSLContext client_context() {
  SSLContext context = pki().client_context();
  context.set_verify_profile(verify::VerifyProfile::cabf);
  return context;
}

TEST(VerifyCapture, RefusesWhatItHasNoMemoryToCheck) {
  if (!test::kCountsAllocations) GTEST_SKIP() << "operator new is the sanitizer's";
  const SSLContext client = client_context(), server = pki().server_context();
  std::size_t num_failed = 0, num_allocations = 0;
  for (bool ran_out = true; ran_out; ++num_allocations) {
    const Trial trial = connect(client, server, num_allocations);
    ran_out = trial.ran_out;
    const bool done = SSL_is_init_finished(trial.pair.client.get()) == 1;
    const Verdict verdict = peer_identity(trial.pair.client.get()).verdict();
    EXPECT_EQ(verdict, done ? Verdict::verified : Verdict::failed) << num_allocations;
    if (!done) ++num_failed;
  }
  EXPECT_GT(num_failed, 10U);
}

TEST(VerifyCapture, AcceptsNothingForWantOfMemory) {
  if (!test::kCountsAllocations) GTEST_SKIP() << "operator new is the sanitizer's";
  const SSLContext client = client_context();
  bool ran_out = true;
  for (std::size_t num_allocations = 0; ran_out; ++num_allocations) {
    const Trial trial = connect(client, misnamed_server(), num_allocations);
    ran_out = trial.ran_out;
    EXPECT_EQ(SSL_is_init_finished(trial.pair.client.get()), 0) << num_allocations;
    EXPECT_EQ(peer_identity(trial.pair.client.get()).verdict(), Verdict::failed);
  }
}

}  // namespace
}  // namespace peercert::ssl
