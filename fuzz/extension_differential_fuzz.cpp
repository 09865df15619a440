// SPDX-License-Identifier: Apache-2.0
// The extensions that OpenSSL has a type for: it and we accept the same values of DER.
#include <algorithm>
#include <string>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "extension_choice.hpp"
#include "long_zero.hpp"
#include "render/field_values.hpp"

namespace peercert::fuzz {
namespace {

// OpenSSL's type of the extension; null if it has none.
const X509V3_EXT_METHOD* method_of(const Extension& extension) {
  return X509V3_EXT_get_nid(OBJ_txt2nid(render::dotted_text(extension.oid).c_str()));
}

// As X509V3_EXT_d2i() reads a value, without the extension around it.
bool openssl_accepts(const X509V3_EXT_METHOD& method, Bytes value) {
  const unsigned char* at = value.data();
  const auto len = static_cast<long>(value.size());
  if (method.it != nullptr) {
    ASN1_VALUE* const read = ASN1_item_d2i(nullptr, &at, len, ASN1_ITEM_ptr(method.it));
    ASN1_item_free(read, ASN1_ITEM_ptr(method.it));
    return read != nullptr;
  }
  void* const read = method.d2i(nullptr, &at, len);
  if (read != nullptr) method.ext_free(read);
  return read != nullptr;
}

// OpenSSL refuses timestamps whose signature is none that RFC 6962, 2.1.4 has, or is empty; we show
// what there is.
struct HoldsStrangeTimestamp {
  bool& holds;
  void operator()(const SignedCertificateTimestamps& timestamps) const {
    holds = std::ranges::any_of(timestamps.list, [](const SignedCertificateTimestamp& sct) {
      constexpr std::uint8_t kSha256 = 4;
      constexpr std::uint8_t kRsa = 1;
      constexpr std::uint8_t kEcdsa = 3;
      const bool is_usual = sct.hash == kSha256 && !sct.signature.empty() &&
                            (sct.signature_algorithm == kRsa || sct.signature_algorithm == kEcdsa);
      return sct.version == SignedCertificateTimestamp::kV1 && !is_usual;
    });
  }
  void operator()(const auto&) const {}
};
bool holds_strange_timestamp(const Extension& extension) {
  bool holds = false;
  visit_extension(extension, HoldsStrangeTimestamp{holds});
  return holds;
}

}  // namespace

void run(Bytes input) {
  if (input.empty() || may_hold_misread_length(input)) return;
  const Extension extension = choose_extension(input);
  const X509V3_EXT_METHOD* const method = method_of(extension);
  const Errc error = error_of(extension).code;
  if (method == nullptr || is_ber(error) || holds_strange_timestamp(extension)) return;
  check(openssl_accepts(*method, extension.value) == (error == Errc::ok));
  ERR_clear_error();
}

}  // namespace peercert::fuzz
