// SPDX-License-Identifier: Apache-2.0
// A certificate and its place in the path: what the rules look at.
#pragma once

#include <algorithm>
#include <optional>

#include <peercert/x509/certificate.hpp>
#include <peercert/x509/extensions.hpp>

namespace peercert::verify {

/// An extension that may be there; of more than one the first. Its value is empty if it is
/// malformed as well: that, and repetition, are rules of their own.
template <class T>
struct Found {
  std::optional<Extension> extension{};
  std::optional<T> value{};

  Found() = default;
  explicit Found(ExtensionsView extensions) noexcept {
    for (const Extension candidate : extensions) {
      if (!is_extension<T>(candidate)) continue;
      extension = candidate;
      const Result<T> parsed = T::parse(candidate.value);
      if (parsed) value = *parsed;
      return;
    }
  }
  bool is_present() const noexcept { return extension.has_value(); }
  bool is_critical() const noexcept { return extension && extension->critical; }
  explicit operator bool() const noexcept { return value.has_value(); }
  const T* operator->() const noexcept { return &*value; }
};

/// The value of a pathLenConstraint or of SkipCerts, the contents of an INTEGER: `no_limit` if it
/// is as large, or negative, which is malformed.
inline std::size_t limit_of(Bytes integer, std::size_t no_limit) noexcept {
  if ((integer[0] & 0x80) != 0) return no_limit;
  std::size_t limit = 0;
  for (const std::uint8_t byte : integer) {
    limit = limit << 8 | byte;
    if (limit >= no_limit) return no_limit;
  }
  return limit;
}

/// Borrows the certificate's DER.
struct PathCertificate {
  PathCertificate(const CertificateView& certificate, std::size_t index, std::size_t path_size)
      : view(certificate),
        depth(static_cast<int>(index)),
        is_leaf(index == 0),
        is_last(index + 1 == path_size),
        is_self_issued(std::ranges::equal(view.issuer().content(), view.subject().content())),
        basic_constraints(view.extensions()),
        key_usage(view.extensions()),
        ext_key_usage(view.extensions()),
        subject_alt_name(view.extensions()),
        subject_key_identifier(view.extensions()),
        authority_key_identifier(view.extensions()),
        name_constraints(view.extensions()) {}

  bool is_ca() const noexcept { return basic_constraints && basic_constraints->ca; }
  bool signs_certificates() const noexcept { return key_usage && key_usage->key_cert_sign(); }
  /// Trusted as it is. A leaf that is trusted itself has to satisfy the rules for leaves.
  bool is_anchor() const noexcept { return is_last && !is_leaf; }
  /// Trusted, and vouched for by nobody else.
  bool is_root() const noexcept { return is_last && is_self_issued; }

  CertificateView view;
  int depth = 0;
  bool is_leaf = false;
  bool is_last = false;
  bool is_self_issued = false;  // RFC 5280, 6.1: issuer and subject are the same
  Found<BasicConstraints> basic_constraints;
  Found<KeyUsage> key_usage;
  Found<ExtKeyUsage> ext_key_usage;
  Found<SubjectAltName> subject_alt_name;
  Found<SubjectKeyIdentifier> subject_key_identifier;
  Found<AuthorityKeyIdentifier> authority_key_identifier;
  Found<NameConstraints> name_constraints;
};

}  // namespace peercert::verify
