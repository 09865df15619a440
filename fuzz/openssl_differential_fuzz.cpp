// SPDX-License-Identifier: Apache-2.0
// PeerCertDecoder against OpenSSL on the same octets: both refuse, or both give the same dict, or
// the same reason why there is none.
#include <cstdio>

#include <openssl/err.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/ber.hpp>

#include "crypto/openssl_ptr.hpp"
#include "fuzz.hpp"
#include "long_zero.hpp"
#include "openssl_dict.hpp"

namespace peercert::fuzz {
namespace {

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
  if (may_hold_misread_length(input) || may_hold_misread_length(rewrite_ber(input))) return;
  const unsigned char* at = input.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(input.size())));
  PeerCertDecoder decoder;
  const Result<PeerCertView> dict = decoder.decode(input);
  check(decoder.has_certificate() == (certificate != nullptr));
  if (certificate) check_same(dict, openssl_dict(certificate.get()));
  ERR_clear_error();
}

}  // namespace peercert::fuzz
