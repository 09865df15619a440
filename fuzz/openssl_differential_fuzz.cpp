// SPDX-License-Identifier: Apache-2.0
// PeerCertDecoder against OpenSSL on the same octets: both refuse, or both give the same dict, or
// the same reason why there is none.
#include <algorithm>
#include <cstdio>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/ber.hpp>

#include "fuzz.hpp"
#include "openssl_dict.hpp"
#include "ssl/openssl_ptr.hpp"

namespace peercert::fuzz {
namespace {

// Whether some octets may be a length of zero in the long form, such as 81 00.
bool may_hold_long_zero(Bytes input) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::size_t num_octets = input[i] > 0x80 ? input[i] & 0x7fU : input.size();
    if (num_octets >= input.size() - i) continue;
    const Bytes length = input.subspan(i + 1, num_octets);
    if (std::ranges::all_of(length, [](std::uint8_t octet) { return octet == 0; })) return true;
  }
  return false;
}

// Before 3.0.22, OpenSSL took such a length, as the last octets of a container, for a cut one.
bool is_read_differently(Bytes input) {
  const bool is_old =
      OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0 && OPENSSL_version_patch() < 22;
  return is_old && (may_hold_long_zero(input) || may_hold_long_zero(rewrite_ber(input)));
}

void check_same(const Result<PeerCertView>& dict, const OpenSSLDict& expected) {
  const std::string repr = dict ? to_python_repr(*dict) : to_string(dict.error());
  const bool is_same = dict.error().code == expected.error && (!dict || repr == expected.repr);
  if (!is_same) {
    std::fprintf(stderr, "peercert: %s\nOpenSSL:  %s\n", repr.c_str(),
                 expected.error == Errc::ok ? expected.repr.c_str()
                                            : std::string(to_string(expected.error)).c_str());
  }
  check(is_same);
}

}  // namespace

void run(Bytes input) {
  if (is_read_differently(input)) return;
  const unsigned char* at = input.data();
  const ssl::X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(input.size())));
  PeerCertDecoder decoder;
  const Result<PeerCertView> dict = decoder.decode(input);
  check(decoder.has_certificate() == (certificate != nullptr));
  if (certificate) check_same(dict, openssl_dict(certificate.get()));
  ERR_clear_error();
}

}  // namespace peercert::fuzz
