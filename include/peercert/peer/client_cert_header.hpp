// SPDX-License-Identifier: Apache-2.0
// The certificate of a client, as a proxy that ended its TLS connection tells it in HTTP: RFC 9440,
// and Envoy's X-Forwarded-Client-Cert.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/x509/certificate.hpp>

namespace peercert {

inline constexpr std::size_t kMaxClientCertHeaderLen = std::size_t{1} << 18;  // bytes of a value
inline constexpr std::size_t kMaxForwardedCertificates = 16;                  // in one chain
inline constexpr std::size_t kMaxForwardedElements = 32;  // clients in one header
inline constexpr std::size_t kMaxForwardedNames = 256;    // By, URI and DNS of one client

/// What a proxy asserts of its client. Nothing here was verified by anybody on this side of the
/// connection: it is worth as much as the proxy, and as the certainty that the header came from it
/// and was removed from what the client itself sent (RFC 9440, 4). It is no identity of a peer, and
/// there is no way to make it one; a connection to the proxy has an identity of its own.
struct AssertedClient {
  Der certificate{};         // empty if absent
  std::vector<Der> chain{};  // the leaf's issuer first; with RFC 9440 without the leaf
  // X-Forwarded-Client-Cert only:
  std::vector<std::string> by{};                       // URIs of the proxy's own certificate
  std::optional<std::array<std::uint8_t, 32>> hash{};  // SHA-256 of the certificate, unchecked
  std::optional<std::string> subject{};                // RFC 2253
  std::vector<std::string> uris{};                     // URI: the URIs of the client's certificate
  std::vector<std::string> dns_names{};  // DNS: the dNSNames of the client's certificate
};

/// Why a header is refused. `to_string()` gives the sentence.
enum class HeaderDefect : std::uint8_t {
  none,
  too_long,           // over kMaxClientCertHeaderLen
  too_many,           // certificates, elements or names
  bad_syntax,         // not of the header's grammar
  bad_base64,         // RFC 8941, 4.2.7: outside the alphabet, or without its padding
  not_a_certificate,  // not the DER, or the PEM, of one certificate
  bad_hash,           // not 64 hexadecimal digits
  repeated_key,       // Hash, Cert, Chain or Subject twice
};
/// "malformed base64". Static storage.
std::string_view to_string(HeaderDefect defect) noexcept;

/// A value, or why there is none: it is empty then.
template <class T>
struct HeaderResult {
  T value{};                                 // what the header says; empty if it is refused
  HeaderDefect defect = HeaderDefect::none;  // why it is refused; none if it is not

  /// Whether there is a value.
  explicit operator bool() const noexcept { return defect == HeaderDefect::none; }
};

/// The values of Client-Cert and, if it was sent, Client-Cert-Chain; lines of the same name joined
/// with commas. Certificates are as CertificateView::parse() accepts them, and are all that their
/// bytes hold. Parameters are refused. RFC 9440, 2.2 and 2.3; RFC 8941.
HeaderResult<AssertedClient> parse_client_cert(std::string_view client_cert,
                                               std::string_view client_cert_chain = {});
/// The value of Client-Cert. The bytes are not checked.
std::string to_client_cert(Bytes certificate);
/// The value of Client-Cert-Chain; empty, so that there is no such header, if there is no chain.
std::string to_client_cert_chain(const std::vector<Der>& chain);

/// The elements of X-Forwarded-Client-Cert: the last is what the nearest proxy saw. Keys that are
/// not known are skipped, empty values of all but Subject as well.
HeaderResult<std::vector<AssertedClient>> parse_xfcc(std::string_view value);
/// The value of X-Forwarded-Client-Cert. nullopt if it cannot hold a text: one with control
/// characters, characters that are not ASCII, or a backslash before a quotation mark or at the end.
std::optional<std::string> to_xfcc(const std::vector<AssertedClient>& clients);

}  // namespace peercert
