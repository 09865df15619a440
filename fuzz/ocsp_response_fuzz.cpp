// SPDX-License-Identifier: Apache-2.0
// An OCSPResponse counts only if it is of the leaf, and the issuer or a responder whom the issuer
// has certified has signed it. The key of the CA that signed the seeds is not kept.
#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "crypto/openssl_ptr.hpp"
#include "fuzz.hpp"
#include "hex.hpp"
#include "ssl/identity/ocsp_response.hpp"

namespace peercert::fuzz {
namespace {

using BasicPtr = OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using ResponsePtr = OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using StorePtr = OpenSSLPtr<X509_STORE, X509_STORE_free>;
void free_chain(STACK_OF(X509) * borrowed) { sk_X509_free(borrowed); }
using ChainPtr = OpenSSLPtr<STACK_OF(X509), free_chain>;

// As the seeds, from 2020 to 2120.
constexpr std::string_view kRoot =
    "308201233081caa003020102020101300a06082a8648ce3d040302300f310d300b06035504030c04726f6f7430"
    "22180f32303230303130313030303030305a180f32313230303130313030303030305a300f310d300b06035504"
    "030c04726f6f743059301306072a8648ce3d020106082a8648ce3d0301070342000435c47f222a4ed157d8aabf"
    "1f0d4cc803e549effb9a64dfe1fdb483ad11012f91d1f717d1f75734b9a3a7a8944284ad63c6dbb08ffbf94bd0"
    "2148a662f4b8ad89a3133011300f0603551d130101ff040530030101ff300a06082a8648ce3d04030203480030"
    "4502200ef65722aaa30fa377ee9f19cfdcbe116569484e7214cbb7211b873d00aabf410221009d80de4613c11e"
    "7b5c9dce33cc5fe524e3657418e027a99c0dd03eefb2937c18";
constexpr std::string_view kLeaf =
    "3082012a3081d2a003020102020102300a06082a8648ce3d040302300f310d300b06035504030c04726f6f7430"
    "22180f32303230303130313030303030305a180f32313230303130313030303030305a300f310d300b06035504"
    "030c046c6561663059301306072a8648ce3d020106082a8648ce3d030107034200044073d8fc50ef244fd52d35"
    "64b0d041a5fe51930c23b1e1d239b69a5fcea1564a192dd7720c66948c95f8fc6ebaa914ee3d2ca3c0209b12a2"
    "b10d6f5dfb77672da31b301930170603551d110410300e820c6c6561662e6578616d706c65300a06082a8648ce"
    "3d040302034700304402200fecd29f7a3a4120c24bc88152abed31e34fce53c2dabf5182b44560d4f8721f0220"
    "08fa0d63cb57de9678ba4734e893cde7ab92fd8ae1c34158ec0eee977cb6c558";

X509Ptr decode(std::string_view digits) {
  const Der der = from_hex(digits);
  const std::uint8_t* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  check(certificate != nullptr);
  return certificate;
}

struct Pki {
  X509Ptr root = decode(kRoot);
  X509Ptr leaf = decode(kLeaf);
  X509Ptr other = decode(kLeaf);  // of which no seed says anything
  StorePtr store{X509_STORE_new()};
  StorePtr no_anchors{X509_STORE_new()};
  ChainPtr chain{sk_X509_new_null()};

  Pki() {
    constexpr long kOtherSerial = 0x777;
    check(ASN1_INTEGER_set(X509_get_serialNumber(other.get()), kOtherSerial) == 1);
    check(X509_STORE_add_cert(store.get(), root.get()) == 1);
    check(sk_X509_push(chain.get(), leaf.get()) > 0 && sk_X509_push(chain.get(), root.get()) > 0);
  }
  ssl::OcspSubject subject() const { return {leaf.get(), chain.get(), store.get(), 0}; }
};

bool has_signed(X509* signer, const OCSP_BASICRESP* basic) {
  EVP_PKEY* const key = X509_get0_pubkey(signer);
  return key != nullptr &&
         ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA), OCSP_resp_get0_tbs_sigalg(basic),
                          OCSP_resp_get0_signature(basic), OCSP_resp_get0_respdata(basic),
                          key) == 1;
}

bool is_entitled(X509* responder, X509* issuer) {
  return (X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) != 0 &&
         X509_verify(responder, X509_get0_pubkey(issuer)) == 1;
}

bool is_signed(Bytes input, X509* issuer) {
  const std::uint8_t* at = input.data();
  const ResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(input.size())));
  const BasicPtr basic(OCSP_response_get1_basic(response.get()));
  if (has_signed(issuer, basic.get())) return true;
  const STACK_OF(X509)* const sent = OCSP_resp_get0_certs(basic.get());
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    X509* const responder = sk_X509_value(sent, i);
    if (is_entitled(responder, issuer) && has_signed(responder, basic.get())) return true;
  }
  return false;
}

void check_claims(const ssl::OcspStaple& staple) {
  using enum ssl::OcspStatus;
  const bool is_usable = staple.verdict != ssl::OcspVerdict::unusable;
  check(staple.verdict != ssl::OcspVerdict::absent);
  check(is_usable == staple.problem.empty());
  check(!is_usable || (staple.status && staple.this_update && staple.produced_at));
  check(!is_usable || to_string(staple.verdict) == (*staple.status == good      ? "good"
                                                    : *staple.status == revoked ? "revoked"
                                                                                : "unknown"));
  const bool is_revoked = staple.status == revoked;
  check(is_revoked || (!staple.revocation_time && !staple.revocation_reason));
  check_shown(staple.problem);
  check_shown(staple.responder);
}

}  // namespace

void run(Bytes input) {
  static const Pki pki;
  const auto is_usable = [input](const ssl::OcspSubject& of) {
    return read_ocsp_response(input, of).verdict != ssl::OcspVerdict::unusable;
  };
  const ssl::OcspStaple staple = read_ocsp_response(input, pki.subject());
  check_claims(staple);
  if (staple.verdict != ssl::OcspVerdict::unusable) check(is_signed(input, pki.root.get()));

  ssl::OcspSubject stranger = pki.subject();
  stranger.leaf = pki.other.get();
  check(!is_usable(stranger));
  stranger = pki.subject();
  stranger.store = pki.no_anchors.get();
  check(!is_usable(stranger));
  stranger = pki.subject();
  stranger.leaf = nullptr;
  check(!is_usable(stranger));
  ERR_clear_error();
}

}  // namespace peercert::fuzz
