// SPDX-License-Identifier: Apache-2.0
// TLS's presentation language (RFC 8446, 3), by hand, so that it can be spoken wrongly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peercert::hostile {

using Octets = std::string;

enum ContentType : std::uint8_t {
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
};

enum HandshakeType : std::uint8_t {
  kHelloRequest = 0,
  kClientHello = 1,
  kServerHello = 2,
  kNewSessionTicket = 4,
  kEndOfEarlyData = 5,
  kEncryptedExtensions = 8,
  kCertificate = 11,
  kServerKeyExchange = 12,
  kCertificateRequest = 13,
  kServerHelloDone = 14,
  kCertificateVerify = 15,
  kClientKeyExchange = 16,
  kFinished = 20,
  kCertificateStatus = 22,
  kKeyUpdate = 24,
};

enum AlertDescription : std::uint8_t { kCloseNotify = 0, kHandshakeFailure = 40, kInternal = 80 };

enum ExtensionType : std::uint16_t {
  kServerName = 0,
  kStatusRequest = 5,
  kSupportedGroups = 10,
  kEcPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kExtendedMasterSecret = 23,
  kPreSharedKey = 41,
  kEarlyData = 42,
  kSupportedVersions = 43,
  kCookie = 44,
  kPskKeyExchangeModes = 45,
  kKeyShare = 51,
  kRenegotiationInfo = 0xff01,
};

constexpr std::uint16_t kTls12 = 0x0303;
constexpr std::uint16_t kTls13 = 0x0304;
constexpr std::size_t kMaxFragmentLen = 1 << 14;

/// Octets from a literal, those behind a NUL as well.
template <std::size_t kSize>
Octets octets(const char (&literal)[kSize]) {
  return {literal, kSize - 1};
}

/// A number in so many octets, the most significant first.
inline Octets number(std::uint64_t value, int num_octets) {
  Octets text;
  for (int shift = 8 * (num_octets - 1); shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return text;
}

/// A variable-length vector whose length has so many octets.
inline Octets vector(int len_octets, std::string_view content) {
  return number(content.size(), len_octets).append(content);
}

inline Octets record(std::uint8_t type, std::string_view fragment, std::uint16_t version = kTls12) {
  return number(type, 1) + number(version, 2) + vector(2, fragment);
}

inline Octets message(std::uint8_t type, std::string_view body) {
  return number(type, 1) + vector(3, body);
}

/// A message in as few records as it takes.
inline Octets handshake_record(std::uint8_t type, std::string_view body) {
  const Octets whole = message(type, body);
  Octets records;
  for (std::size_t at = 0; at < whole.size(); at += kMaxFragmentLen) {
    records += record(kHandshake, std::string_view(whole).substr(at, kMaxFragmentLen));
  }
  return records;
}

inline Octets alert(std::uint8_t description, std::uint8_t level = 2) {
  return number(level, 1) + number(description, 1);
}

inline Octets repeat(std::string_view octets, std::size_t num_times) {
  Octets text;
  text.reserve(octets.size() * num_times);
  for (std::size_t i = 0; i < num_times; ++i) text.append(octets);
  return text;
}

/// The extensions of a hello, in order; a type may occur twice.
class Extensions {
 public:
  /// Replaces the extension in its place, or adds it at the end.
  Extensions& set(std::uint16_t type, Octets body) {
    for (auto& [own_type, own_body] : list_) {
      if (own_type == type) return own_body = std::move(body), *this;
    }
    return add(type, std::move(body));
  }
  Extensions& add(std::uint16_t type, Octets body) {
    list_.emplace_back(type, std::move(body));
    return *this;
  }
  Extensions& remove(std::uint16_t type) {
    std::erase_if(list_, [type](const auto& extension) { return extension.first == type; });
    return *this;
  }
  Octets str() const {
    Octets all;
    for (const auto& [type, body] : list_) all += number(type, 2) + vector(2, body);
    return vector(2, all);
  }

 private:
  std::vector<std::pair<std::uint16_t, Octets>> list_;
};

/// The u-coordinate 9: a valid public key of X25519 (RFC 7748).
inline Octets x25519_key() { return number(9, 1) + Octets(31, '\0'); }
inline Octets key_share(std::uint16_t group, std::string_view key) {
  return number(group, 2) + vector(2, key);
}
constexpr std::uint16_t kX25519 = 29;
constexpr std::uint16_t kP256 = 23;

/// RFC 8446, 4.1.2; as it is made, a good one for TLS 1.3 and 1.2.
struct ClientHello {
  std::uint16_t version = kTls12;
  Octets random = Octets(32, 'r');
  Octets session_id{};
  Octets ciphers = octets("\x13\x01\xc0\x2b\xc0\x2f");
  Octets compression_methods = octets("\0");
  Extensions extensions = usual_extensions();

  static Extensions usual_extensions() {
    return Extensions()
        .add(kSupportedVersions, vector(1, number(kTls13, 2) + number(kTls12, 2)))
        .add(kSupportedGroups, vector(2, number(kX25519, 2) + number(kP256, 2)))
        .add(kSignatureAlgorithms, vector(2, octets("\x04\x03\x08\x04\x04\x01")))
        .add(kKeyShare, vector(2, key_share(kX25519, x25519_key())));
  }
  Octets body_without_extensions() const {
    return number(version, 2) + random + vector(1, session_id) + vector(2, ciphers) +
           vector(1, compression_methods);
  }
  Octets body() const { return body_without_extensions() + extensions.str(); }
  Octets str() const { return handshake_record(kClientHello, body()); }
};

/// RFC 8446, 4.1.3; as it is made, a good one for TLS 1.3, but for the session ID.
struct ServerHello {
  std::uint16_t version = kTls12;
  Octets random = Octets(32, 'R');
  Octets session_id{};
  Octets cipher = octets("\x13\x01");
  std::uint8_t compression_method = 0;
  Extensions extensions = Extensions()
                              .add(kSupportedVersions, number(kTls13, 2))
                              .add(kKeyShare, key_share(kX25519, x25519_key()));

  /// A good one for TLS 1.2.
  static ServerHello tls12() {
    ServerHello hello;
    hello.cipher = octets("\xc0\x2b");
    hello.extensions = Extensions().add(kRenegotiationInfo, vector(1, ""));
    return hello;
  }
  Octets body() const {
    return number(version, 2) + random + vector(1, session_id) + cipher +
           number(compression_method, 1) + extensions.str();
  }
  Octets str() const { return handshake_record(kServerHello, body()); }
};

/// The session ID of a ClientHello in one record, which a server has to repeat.
inline Octets session_id_of(std::string_view client_hello) {
  constexpr std::size_t kOffset = 5 + 4 + 2 + 32;
  const auto len = static_cast<std::uint8_t>(client_hello.at(kOffset));
  return Octets(client_hello.substr(kOffset + 1, len));
}

}  // namespace peercert::hostile
