// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/handshake_cost.hpp"

#include <algorithm>
#include <bit>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <peercert/x509/tls_reader.hpp>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "verify/path/explicit_curve.hpp"

namespace peercert::ssl {
namespace {

/// Of a big-endian number.
std::size_t num_bits(Bytes number) {
  const auto first = std::ranges::find_if(number, [](std::uint8_t octet) { return octet != 0; });
  if (first == number.end()) return 0;
  const auto rest = static_cast<std::size_t>(number.end() - first - 1);
  return rest * 8 + static_cast<std::size_t>(std::bit_width(*first));
}

std::size_t rsa_exponent_bits(const EVP_PKEY* key) noexcept {
  BIGNUM* exponent = nullptr;
  const DroppedErrors guard;
  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent);
  const BignumPtr owner(exponent);
  return exponent == nullptr ? 0 : static_cast<std::size_t>(BN_num_bits(exponent));
}

std::string over(std::string what, std::size_t size, const char* unit, std::size_t limit) {
  return what.append(std::to_string(size))
      .append(unit)
      .append("; a scan takes at most ")
      .append(std::to_string(limit));
}

}  // namespace

std::string to_string(ExcessiveCost cost) {
  switch (cost.kind) {
    case CostKind::none: break;
    case CostKind::certificates:
      return over("the server sent ", cost.size, " certificates", tls::kMaxCertificates);
    case CostKind::explicit_curve:
      return "a certificate has an EC key with explicit curve parameters (RFC 5480, 2.1.1), which "
             "a scan does not take";
    case CostKind::dh_group: return over("the DHE group has ", cost.size, " bits", kMaxDhBits);
    case CostKind::key:
      return over("the key of a certificate has ", cost.size, " bits", kMaxKeyBits);
    case CostKind::rsa_exponent:
      return over("the RSA exponent of a certificate has ", cost.size, " bits",
                  kMaxRsaExponentBits);
    case CostKind::message:
      return "a message of the handshake is too long; a scan takes at most " +
             std::to_string(kMaxCertificatesLen) + " bytes of certificates";
  }
  return {};
}

ExcessiveCost cost_of_certificates(Bytes message, const tls::CertificateMessage& entries) noexcept {
  if (entries.num_sent > tls::kMaxCertificates) return {CostKind::certificates, entries.num_sent};
  if (verify::has_explicit_curve(message)) return {CostKind::explicit_curve};
  return {};
}

/// struct { opaque dh_p<1..2^16-1>; opaque dh_g<1..2^16-1>; opaque dh_Ys<1..2^16-1>; }
/// ServerDHParams; RFC 5246, 7.4.3
ExcessiveCost cost_of_dh(Bytes message) noexcept {
  constexpr std::size_t kHandshakeHeaderLen = 4;
  der::Progress progress{.origin = message.data()};
  TlsReader reader(message, progress);
  reader.read(kHandshakeHeaderLen);
  const std::size_t bits = num_bits(reader.read_vector());
  return bits > kMaxDhBits ? ExcessiveCost{CostKind::dh_group, bits} : ExcessiveCost{};
}

ExcessiveCost cost_of_key(const x509_st* certificate) noexcept {
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return {};
  const auto bits = static_cast<std::size_t>(std::max(EVP_PKEY_get_bits(key), 0));
  if (bits > kMaxKeyBits) return {CostKind::key, bits};
  // To ask for the exponent would be a hundredth of a handshake. In RSAPublicKey, RFC 8017, A.1.1,
  // no exponent over kMaxRsaExponentBits fits into so little beside the modulus.
  constexpr std::size_t kUsualRestLen = 14;
  const auto key_len =
      static_cast<std::size_t>(ASN1_STRING_length(X509_get0_pubkey_bitstr(certificate)));
  if (key_len <= (bits + 7) / 8 + kUsualRestLen) return {};
  const bool is_rsa = EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1;
  const std::size_t exponent_bits = is_rsa ? rsa_exponent_bits(key) : 0;
  if (exponent_bits > kMaxRsaExponentBits) return {CostKind::rsa_exponent, exponent_bits};
  return {};
}

}  // namespace peercert::ssl
