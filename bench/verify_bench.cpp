// SPDX-License-Identifier: Apache-2.0
// What it costs to validate a path of a leaf, an intermediate and a root, each with a P-256 key,
// beside X509_verify_cert() alone: verify_bench [--benchmark_...]. Answers are checked first.
#include <cstdlib>
#include <iostream>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/x509_vfy.h>

#include <peercert/verify/verifier.hpp>

#include "support/signed_certificate.hpp"

namespace peercert {
namespace {

using namespace peercert::test;
using verify::VerifyProfile;

const Signer kRoot{"root"}, kIntermediate{"intermediate"}, kLeaf{"host.example"};
const Der kRootDer = make_certificate(kRoot, kRoot, {});
const Der kLeafDer = make_certificate(kLeaf, kIntermediate, {.extensions = kLeafExtensions});
const std::vector<Der> kUntrusted{make_certificate(kIntermediate, kRoot, {})};

verify::VerifyOptions options_for(VerifyProfile profile) {
  verify::VerifyOptions options{.profile = profile, .at = kNow};
  options.name = verify::ReferenceName{verify::NameKind::hostname, "host.example"};
  return options;
}

verify::Verifier make_verifier() {
  verify::Verifier verifier;
  if (verifier.add_trust_anchor(kRootDer).code != Errc::ok) std::abort();
  return verifier;
}

std::shared_ptr<X509> parse(const Der& der) {
  const std::uint8_t* at = der.data();
  return own(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
}

// The same question, asked of OpenSSL: its own parsing included, its trust store made before.
bool openssl_alone(X509_STORE* store) {
  const auto leaf = parse(kLeafDer), intermediate = parse(kUntrusted.front());
  const std::shared_ptr<STACK_OF(X509)> untrusted(
      sk_X509_new_null(), [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  sk_X509_push(untrusted.get(), intermediate.get());
  const auto ctx = own(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(ctx.get(), store, leaf.get(), untrusted.get());
  X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_auth_level(param, 2);
  X509_VERIFY_PARAM_set_time(param, std::chrono::system_clock::to_time_t(kNow));
  X509_VERIFY_PARAM_set1_host(param, "host.example", 0);
  return X509_verify_cert(ctx.get()) == 1;
}

std::shared_ptr<X509_STORE> make_store() {
  const auto store = own(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), parse(kRootDer).get());
  return store;
}

void x509_verify_cert(benchmark::State& state) {
  const auto store = make_store();
  for (auto _ : state) benchmark::DoNotOptimize(openssl_alone(store.get()));
}

void verifier(benchmark::State& state, VerifyProfile profile) {
  const verify::Verifier verifier = make_verifier();
  const verify::VerifyOptions options = options_for(profile);
  for (auto _ : state) benchmark::DoNotOptimize(verifier.verify(kLeafDer, kUntrusted, options));
}

void check_path(benchmark::State& state) {
  const std::vector<Der> path{kLeafDer, kUntrusted.front(), kRootDer};
  const verify::VerifyOptions options = options_for(VerifyProfile::webpki);
  for (auto _ : state) benchmark::DoNotOptimize(verify::check_path(path, options));
}

bool answers_are_right() {
  if (!openssl_alone(make_store().get())) return false;
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    verify::VerifyOptions options = options_for(profile);
    if (!make_verifier().verify(kLeafDer, kUntrusted, options).is_valid()) return false;
    options.name->text = "other.example";
    if (make_verifier().verify(kLeafDer, kUntrusted, options).is_valid()) return false;
  }
  return true;
}

BENCHMARK(x509_verify_cert);
BENCHMARK_CAPTURE(verifier, openssl, VerifyProfile::openssl);
BENCHMARK_CAPTURE(verifier, webpki, VerifyProfile::webpki);
BENCHMARK(check_path);

}  // namespace
}  // namespace peercert

int main(int argc, char** argv) {
  if (!peercert::answers_are_right()) {
    std::cerr << "verify_bench: an answer is wrong\n";
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
