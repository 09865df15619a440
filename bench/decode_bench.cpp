// SPDX-License-Identifier: Apache-2.0
// What it costs to decode a certificate, beside copying it, walking it, and OpenSSL:
//
//     decode_bench FILE [--benchmark_...]
//
// FILE is what bench/make_leaf_certificates.py writes. Each benchmark goes once through all of it;
// items_per_second counts certificates. Answers are compared before anything is timed.
#include <array>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/x509.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/peercert.hpp>

#include "fuzz/openssl_dict.hpp"

namespace peercert {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

struct Certificates {
  std::vector<std::uint8_t> octets;  // each certificate behind its length
  std::vector<Bytes> certificates;
  std::vector<std::string> pem;
};
Certificates corpus;

void load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  corpus.octets.assign(std::istreambuf_iterator<char>(file), {});
  Bytes rest(corpus.octets);
  std::uint32_t len = 0;
  while (rest.size() > sizeof(len)) {
    std::memcpy(&len, rest.data(), sizeof(len));
    corpus.certificates.push_back(rest.subspan(sizeof(len), len));
    corpus.pem.push_back(to_pem(corpus.certificates.back()));
    rest = rest.subspan(sizeof(len) + len);
  }
}

X509Ptr d2i(Bytes der) {
  const unsigned char* at = der.data();
  return {d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free};
}

// The index of the first certificate about which OpenSSL and this library do not agree, or their
// number.
std::size_t first_disagreement() {
  for (std::size_t i = 0; i < corpus.certificates.size(); ++i) {
    PeerCertDecoder decoder;
    const auto view = decoder.decode(corpus.certificates[i]);
    if (!view) return i;
    const PeerCert cert = to_peer_cert(*view);
    const X509Ptr x509 = d2i(corpus.certificates[i]);
    if (to_python_repr(*view) != fuzz::openssl_dict(x509.get()).repr) return i;
    if (to_python_repr(*view) != to_python_repr(cert) || to_json(*view) != to_json(cert)) return i;
  }
  return corpus.certificates.size();
}

// Every element of a certificate, those inside OCTET STRINGs not: the frame that every parser
// reads.
std::size_t walk(Bytes der) {
  constexpr std::size_t kMaxDepth = 16;
  std::array<Bytes, kMaxDepth> open{der};
  std::size_t depth = 1;
  std::size_t num_elements = 0;
  while (depth > 0) {
    Bytes& rest = open[depth - 1];
    const std::uint8_t* at = rest.data();
    const std::uint8_t* const end = at + rest.size();
    der::Element element;
    if (at == end || der::read_element(at, end, element) != Errc::ok) {
      --depth;
      continue;
    }
    ++num_elements;
    rest = {at, end};
    const bool is_constructed = element.identifier() & der::kConstructed;
    if (is_constructed && depth < kMaxDepth) open[depth++] = element.content();
  }
  return num_elements;
}

template <class Each>
void for_each_certificate(benchmark::State& state, Each each) {
  for (auto _ : state) {
    for (const Bytes certificate : corpus.certificates) each(certificate);
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(corpus.certificates.size()));
}

void copy(benchmark::State& state) {
  std::vector<std::uint8_t> into(corpus.octets.size());
  for_each_certificate(state, [&](Bytes der) {
    std::memcpy(into.data(), der.data(), der.size());
    benchmark::DoNotOptimize(into.data());
    benchmark::ClobberMemory();
  });
}

void tlv_walk(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) { benchmark::DoNotOptimize(walk(der)); });
}

void parse(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) {
    const auto certificate = CertificateView::parse(der);
    benchmark::DoNotOptimize(&certificate);
  });
}

void parse_iterate(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) {
    const auto certificate = CertificateView::parse(der);
    std::size_t num_items = 0;
    for (const NameView name : {certificate->subject(), certificate->issuer()}) {
      for (const RdnView rdn : name) {
        for (const Attribute attribute : rdn) num_items += attribute.value.size();
      }
    }
    for (const Extension extension : certificate->extensions()) num_items += extension.value.size();
    const auto view = PeerCertView::from(*certificate);
    if (view->subject_alt_name) {
      for (const GeneralName name : *view->subject_alt_name) num_items += name.value.size();
    }
    const auto count = [&num_items](Bytes uri) { num_items += uri.size(); };
    view->ocsp.for_each(count);
    view->ca_issuers.for_each(count);
    view->crl_distribution_points.for_each(count);
    benchmark::DoNotOptimize(num_items);
  });
}

template <void (*append)(Output&, const PeerCertView&)>
void render(benchmark::State& state) {
  Output out;
  PeerCertDecoder decoder;
  for_each_certificate(state, [&](Bytes der) {
    out.clear();
    append(out, *decoder.decode(der));
    benchmark::DoNotOptimize(out.view().data());
  });
}

void pem_python_repr(benchmark::State& state) {
  Output out;
  PeerCertDecoder decoder;
  Der der;
  for (auto _ : state) {
    for (const std::string& pem : corpus.pem) {
      out.clear();
      static_cast<void>(PemReader(pem).next(der));
      append_python_repr(out, *decoder.decode(der));
      benchmark::DoNotOptimize(out.view().data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(corpus.pem.size()));
}

void sha256(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) { benchmark::DoNotOptimize(crypto::sha256(der)); });
}

void openssl_d2i(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) { benchmark::DoNotOptimize(d2i(der)); });
}

void openssl_getpeercert(benchmark::State& state) {
  for_each_certificate(state, [](Bytes der) {
    const X509Ptr certificate = d2i(der);
    benchmark::DoNotOptimize(fuzz::openssl_dict(certificate.get()));
  });
}

}  // namespace
}  // namespace peercert

int main(int argc, char** argv) {
  using namespace peercert;
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: decode_bench FILE [--benchmark_...]\n";
    return 2;
  }
  load(argv[1]);
  const std::size_t index = first_disagreement();
  if (corpus.certificates.empty() || index < corpus.certificates.size()) {
    std::cerr << "decode_bench: " << argv[1] << ": certificate " << index
              << " is missing or its dict is wrong\n";
    return 1;
  }
  benchmark::RegisterBenchmark("memcpy", copy);
  benchmark::RegisterBenchmark("tlv_walk", tlv_walk);
  benchmark::RegisterBenchmark("parse", parse);
  benchmark::RegisterBenchmark("parse_iterate", parse_iterate);
  benchmark::RegisterBenchmark("python_repr", render<append_python_repr>);
  benchmark::RegisterBenchmark("json", render<append_json>);
  benchmark::RegisterBenchmark("pem_python_repr", pem_python_repr);
  benchmark::RegisterBenchmark("sha256", sha256);
  benchmark::RegisterBenchmark("openssl_d2i", openssl_d2i);
  benchmark::RegisterBenchmark("openssl_getpeercert", openssl_getpeercert);
  benchmark::RunSpecifiedBenchmarks();
}
