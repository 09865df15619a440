// SPDX-License-Identifier: Apache-2.0
// The input is a list of SCTs. It is malformed in an OCSPResponse if it is in a certificate. If
// not, what is presented are its SCTs, byte for byte, but for what follows a complete one.
#include <algorithm>
#include <vector>

#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <peercert/x509/tls_reader.hpp>

#include "crypto/openssl_ptr.hpp"
#include "fuzz.hpp"
#include "ssl/identity/sct_list.hpp"

namespace peercert::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;
using BasicPtr = OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertIdPtr = OpenSSLPtr<OCSP_CERTID, OCSP_CERTID_free>;
using ResponsePtr = OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using SctListPtr = OpenSSLPtr<STACK_OF(SCT), SCT_LIST_free>;

/// SignedCertificateTimestampList ::= OCTET STRING
Octets to_value(Bytes list) {
  const Asn1OctetStringPtr string(ASN1_OCTET_STRING_new());
  check(ASN1_OCTET_STRING_set(string.get(), list.data(), static_cast<int>(list.size())) == 1);
  std::uint8_t* octets = nullptr;
  const int len = i2d_ASN1_OCTET_STRING(string.get(), &octets);
  check(len > 0);
  Octets value(octets, octets + len);
  OPENSSL_free(octets);
  return value;
}

X509ExtensionPtr to_extension(int nid, Bytes value) {
  const Asn1OctetStringPtr string(ASN1_OCTET_STRING_new());
  check(ASN1_OCTET_STRING_set(string.get(), value.data(), static_cast<int>(value.size())) == 1);
  return X509ExtensionPtr(X509_EXTENSION_create_by_NID(nullptr, nid, 0, string.get()));
}

X509Ptr certificate_with(Bytes value) {
  X509Ptr certificate(X509_new());
  const X509ExtensionPtr extension = to_extension(NID_ct_precert_scts, value);
  check(X509_add_ext(certificate.get(), extension.get(), -1) == 1);
  return certificate;
}

CertIdPtr any_cert_id() {
  const Asn1IntegerPtr serial(ASN1_INTEGER_new());
  check(ASN1_INTEGER_set(serial.get(), 1) == 1);
  const OpenSSLPtr<X509_NAME, X509_NAME_free> name(X509_NAME_new());
  const OpenSSLPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free> key(ASN1_BIT_STRING_new());
  return CertIdPtr(OCSP_cert_id_new(EVP_sha1(), name.get(), key.get(), serial.get()));
}

const EVP_PKEY* any_key() {
  static const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return key.get();
}

/// An answer without the list, then one with it.
Octets response_with(Bytes value) {
  const BasicPtr basic(OCSP_BASICRESP_new());
  const OpenSSLPtr<ASN1_TIME, ASN1_TIME_free> time(ASN1_TIME_set(nullptr, 0));
  OCSP_SINGLERESP* single = nullptr;
  for (int i = 0; i < 2; ++i) {
    single = OCSP_basic_add1_status(basic.get(), any_cert_id().get(), V_OCSP_CERTSTATUS_GOOD, 0,
                                    nullptr, time.get(), nullptr);
  }
  const X509ExtensionPtr extension = to_extension(NID_ct_cert_scts, value);
  check(single != nullptr && OCSP_SINGLERESP_add_ext(single, extension.get(), -1) == 1);
  const X509Ptr signer(X509_new());
  auto* const key = const_cast<EVP_PKEY*>(any_key());
  check(X509_set_pubkey(signer.get(), key) == 1);
  check(OCSP_basic_sign(basic.get(), signer.get(), key, nullptr, nullptr, OCSP_NOCERTS) == 1);
  const ResponsePtr response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  std::uint8_t* octets = nullptr;
  const int len = i2d_OCSP_RESPONSE(response.get(), &octets);
  check(len > 0);
  Octets der(octets, octets + len);
  OPENSSL_free(octets);
  return der;
}

SignedCertificateTimestamp read_sct(Bytes item) {
  der::Progress progress{item.data()};
  return SignedCertificateTimestamp::read({item, progress});
}

/// The list is one that OpenSSL has read.
void check_presented(Bytes list, const std::vector<ssl::PresentedSct>& presented) {
  der::Progress progress{list.data()};
  TlsReader input(list, progress);
  auto next = presented.begin();
  for (TlsReader items(input.read_vector(), progress); items.more();) {
    const Bytes item = items.read_vector();
    const SignedCertificateTimestamp sct = read_sct(item);
    const bool is_v1 = sct.version == SignedCertificateTimestamp::kV1;
    if (is_v1 && sct.signature.empty()) continue;
    check(next != presented.end() && next->source == ssl::SctSource::certificate);
    const std::size_t len = is_v1 ? item.size() - sct.rest.size() : item.size();
    check(std::ranges::equal(next->octets, item.first(len)));
    const SignedCertificateTimestamp shown = next->view();
    check(shown.version == sct.version && shown.timestamp == sct.timestamp);
    check(shown.rest.size() == (is_v1 ? 0 : sct.rest.size()));
    ++next;
  }
  check(next == presented.end() && !progress.failed());
}

}  // namespace

void run(Bytes input) {
  if (input.size() > 0xffff) return;  // which no list is
  const Octets value = to_value(input);
  const X509Ptr certificate = certificate_with(value);
  const bool is_malformed = ssl::has_malformed_sct_list(certificate.get());
  check(ssl::has_malformed_sct_list(response_with(value)) == is_malformed);
  ssl::has_malformed_sct_list(input);  // as an OCSPResponse
  const SctListPtr list(static_cast<STACK_OF(SCT)*>(
      X509_get_ext_d2i(certificate.get(), NID_ct_precert_scts, nullptr, nullptr)));
  check(is_malformed == (list == nullptr));
  if (list) check_presented(input, ssl::to_presented(list.get()));
  // What OpenSSL reads we read, too.
  check(is_malformed || SignedCertificateTimestamps::parse(value).has_value());
  ERR_clear_error();
}

}  // namespace peercert::fuzz
