// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <peercert/ssl/channel_binding.hpp>
#include <peercert/ssl/error.hpp>

#include "ssl/connection/outcome.hpp"

namespace peercert::ssl {

namespace {

using Octets = std::vector<std::uint8_t>;

bool is_resumed_without_unique_secret(const SSL* ssl) {
  return SSL_session_reused(ssl) == 1 && SSL_get_extms_support(const_cast<SSL*>(ssl)) != 1;
}

Octets tls_unique(const SSL* ssl) {
  if (SSL_version(ssl) >= TLS1_3_VERSION) {
    throw ValueError("tls-unique is not defined for TLS 1.3: use tls-exporter");
  }
  if (is_resumed_without_unique_secret(ssl)) {
    throw ValueError(
        "tls-unique is not unique on a resumed session without the extended master secret");
  }
  // The client's Finished comes first, but in a resumption the server's.
  const bool client_is_first = SSL_session_reused(ssl) != 1;
  const bool own_is_first = client_is_first == (SSL_is_server(ssl) != 1);
  const auto read = own_is_first ? SSL_get_finished : SSL_get_peer_finished;
  Octets finished(EVP_MAX_MD_SIZE);
  finished.resize(read(ssl, finished.data(), finished.size()));
  return finished;
}

/// By the hash of the certificate's signatureAlgorithm. RFC 5929, 4.1.
const EVP_MD* end_point_hash(X509* certificate) {
  int hash = NID_undef;
  X509_get_signature_info(certificate, &hash, nullptr, nullptr, nullptr);
  if (hash == NID_md5 || hash == NID_sha1) hash = NID_sha256;
  return EVP_get_digestbynid(hash);
}

std::optional<Octets> tls_server_end_point(const SSL* ssl) {
  X509* certificate =
      SSL_is_server(ssl) == 1 ? SSL_get_certificate(ssl) : SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return std::nullopt;
  const EVP_MD* hash = end_point_hash(certificate);
  if (hash == nullptr) {
    throw ValueError(
        "tls-server-end-point is not defined for the certificate's signature: it has "
        "no hash of its own");
  }
  Octets digest(EVP_MAX_MD_SIZE);
  unsigned int len = 0;
  if (X509_digest(certificate, hash, digest.data(), &len) != 1) throw_last_error("X509_digest");
  digest.resize(len);
  return digest;
}

Octets tls_exporter(const SSL* ssl) {
  constexpr std::size_t kLen = 32;  // RFC 9266, 2
  if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(const_cast<SSL*>(ssl)) != 1) {
    throw ValueError("tls-exporter is not unique without the extended master secret");
  }
  return export_keying_material(ssl, "EXPORTER-Channel-Binding", kLen, Bytes{});
}

}  // namespace

std::optional<Octets> get_channel_binding(const ssl_st* ssl, std::string_view type) {
  const bool done = SSL_is_init_finished(ssl) == 1;
  clear_errors();
  if (type == "tls-unique") return done ? std::optional(tls_unique(ssl)) : std::nullopt;
  if (type == "tls-server-end-point") return done ? tls_server_end_point(ssl) : std::nullopt;
  if (type == "tls-exporter") return done ? std::optional(tls_exporter(ssl)) : std::nullopt;
  throw ValueError(std::string(type) + " channel binding type not implemented");
}

Octets export_keying_material(const ssl_st* ssl, std::string_view label, std::size_t len,
                              std::optional<Bytes> context) {
  if (SSL_is_init_finished(ssl) != 1) throw ValueError("handshake not done yet");
  if (len == 0) throw ValueError("export_keying_material: no length");
  clear_errors();
  Octets material(len);
  const Bytes octets = context.value_or(Bytes{});
  if (SSL_export_keying_material(const_cast<SSL*>(ssl), material.data(), len, label.data(),
                                 label.size(), octets.data(), octets.size(),
                                 context ? 1 : 0) != 1) {
    throw_last_error("export_keying_material");
  }
  return material;
}

}  // namespace peercert::ssl
