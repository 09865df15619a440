// SPDX-License-Identifier: Apache-2.0
// The entries of a Certificate message lie in it, one after the other, and make it again. The first
// byte of the input tells the version, the others are the message.
#include <vector>

#include "fuzz.hpp"
#include "ssl/connection/handshake_cost.hpp"
#include "tls/certificate_message.hpp"

namespace peercert::fuzz {
namespace {

bool lies_in(Bytes part, Bytes whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// The message of TLS 1.2 that has the same entries.
std::vector<std::uint8_t> write(const std::vector<Bytes>& entries) {
  std::vector<std::uint8_t> list;
  const auto append_length = [](std::vector<std::uint8_t>& to, std::size_t len) {
    for (const int shift : {16, 8, 0}) to.push_back(static_cast<std::uint8_t>(len >> shift));
  };
  for (const Bytes entry : entries) {
    append_length(list, entry.size());
    list.insert(list.end(), entry.begin(), entry.end());
  }
  std::vector<std::uint8_t> message = {11, 0, 0, 0};
  append_length(message, list.size());
  message.insert(message.end(), list.begin(), list.end());
  return message;
}

}  // namespace

void run(Bytes input) {
  if (input.empty()) return;
  const bool is_tls13 = (input[0] & 1) != 0;
  const Bytes message = input.subspan(1);
  const tls::CertificateMessage read = tls::read_certificate_message(message, is_tls13);
  check(read.num_sent >= read.certificates.size());
  check(read.num_sent * 3 <= message.size());
  check((read.num_sent > read.certificates.size()) == (read.num_sent > tls::kMaxCertificates));
  const std::uint8_t* end = message.data();
  for (const Bytes entry : read.certificates) {
    check(lies_in(entry, message));
    check(entry.data() > end);
    end = entry.data() + entry.size();
    tls::is_certificate(entry);
  }
  const std::vector<std::uint8_t> again = write(read.certificates);
  const tls::CertificateMessage reread = tls::read_certificate_message(again, false);
  check(reread.num_sent == read.certificates.size());
  for (std::size_t i = 0; i < reread.certificates.size(); ++i) {
    const Bytes a = reread.certificates[i], b = read.certificates[i];
    check(std::vector(a.begin(), a.end()) == std::vector(b.begin(), b.end()));
  }
  const ssl::ExcessiveCost cost = ssl::cost_of_certificates(message, read);
  check(static_cast<bool>(cost) || read.num_sent <= tls::kMaxCertificates);
  check(static_cast<bool>(cost) == !to_string(cost).empty());
  ssl::cost_of_dh(message);
}

}  // namespace peercert::fuzz
