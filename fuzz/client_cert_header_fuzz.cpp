// SPDX-License-Identifier: Apache-2.0
// What parse_xfcc() and parse_client_cert() accept they accept again in the form that is written.
#include <peercert/peer/client_cert_header.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

bool same(const AssertedClient& a, const AssertedClient& b) {
  return a.certificate == b.certificate && a.chain == b.chain && a.by == b.by && a.hash == b.hash &&
         a.subject == b.subject && a.uris == b.uris && a.dns_names == b.dns_names;
}

void check_xfcc(std::string_view value) {
  const auto read = parse_xfcc(value);
  check(read || read.value.empty());
  if (!read) return;
  const std::optional<std::string> written = to_xfcc(read.value);
  if (!written) return;  // an element that tells nothing, or a backslash in a bad place
  const auto again = parse_xfcc(*written);
  check(again && again.value.size() == read.value.size());
  for (std::size_t i = 0; i < again.value.size(); ++i) {
    check(same(read.value[i], again.value[i]));
  }
}

void check_client_cert(std::string_view value) {
  const auto leaf = parse_client_cert(value);
  if (leaf)
    check(parse_client_cert(to_client_cert(leaf.value.certificate)).value.certificate ==
          leaf.value.certificate);
  if (!leaf) return;
  const auto chain = parse_client_cert(value, value);
  check(chain && chain.value.chain.size() == 1);
}

}  // namespace

void run(Bytes input) {
  const std::string_view text = as_text(input);
  check_xfcc(text);
  check_client_cert(text);
}

}  // namespace peercert::fuzz
