// SPDX-License-Identifier: Apache-2.0
// For people to read, not for programs: the form may change.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/x509/certificate.hpp>

namespace peercert {

/// How to_text() lays a certificate out.
struct TextOptions {
  std::chrono::sys_seconds now{};  // what "days left" is counted from
  Bytes sha256{};                  // the fingerprint to show, computed by the caller; empty: none
  std::string_view indent = "  ";  // blanks before each line
  bool details = false;            // all that the certificate says
  Bytes sha1{};                    // with details: another fingerprint, as sha256
  std::string_view spki_pin{};     // with details: the pin of the key, computed by the caller
};

/// Several lines: whom the certificate names, validity and the days left, issuer, key, serial
/// number, fingerprint. With details everything that is in it, in its own order, the short form's
/// words first. Characters that could mislead a terminal are escaped.
std::string to_text(const CertificateView& certificate, const TextOptions& options);

/// A Name as RFC 4514 writes it, most specific first: "CN=example.org, O=Example".
std::string to_text(NameView name);

/// How a Name is called in one word: its last commonName, else organizationName, else all of it.
std::string to_short_text(NameView name);

/// "39 days left", "expired 3 days ago", "not yet valid, starts in 2 days".
std::string validity_text(const CertificateView& certificate, std::chrono::sys_seconds now);

}  // namespace peercert
