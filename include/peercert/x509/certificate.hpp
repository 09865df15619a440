// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/x509/extension.hpp>
#include <peercert/x509/name.hpp>
#include <peercert/x509/public_key.hpp>
#include <peercert/x509/time.hpp>

namespace peercert {

/// The bytes of one certificate, owned.
using Der = std::vector<std::uint8_t>;

/// A parsed certificate that borrows the caller's DER and copies nothing: the bytes have to live,
/// unchanged, as long as the view and everything that it gives. RFC 5280, 4.1.
///
/// Accepts what OpenSSL's d2i_X509() accepts, which is more than RFC 5280: any version, repeated
/// extensions, times that are not dates, signature algorithms that differ. Signatures are not
/// verified.
class CertificateView {
 public:
  /// Parses the certificate at the start of `input`; bytes after it are ignored (see
  /// der()). The error names the field and the byte offset into `input`.
  static Result<CertificateView> parse(Bytes input) noexcept;
  static Result<CertificateView> parse(Der&&) = delete;  // would dangle
  /// The same in a view that is there, for loops over many: it is large. Errc::ok, or an error and
  /// the view as far as it got.
  static Error parse(Bytes input, CertificateView& view) noexcept;

  CertificateView() = default;

  /// The certificate's own bytes: the outer SEQUENCE with its header.
  Bytes der() const noexcept { return der_; }
  /// What the signature signs, with its header. RFC 5280, 4.1.1.1.
  Bytes tbs_certificate() const noexcept { return tbs_certificate_; }

  /// The number that people say: 1, 2 or 3, one more than encoded; 1 if absent. Other encoded
  /// values give other numbers, and 0 if they do not fit 64 bits. RFC 5280, 4.1.2.1.
  std::int64_t version() const noexcept;
  /// Content of the INTEGER: big-endian two's complement, never empty. Any length. 4.1.2.2.
  Bytes serial_number() const noexcept { return serial_number_; }
  /// The algorithm inside the signed part. 4.1.2.3.
  AlgorithmIdentifier signature() const noexcept { return signature_; }
  NameView issuer() const noexcept { return issuer_; }          // 4.1.2.4
  TimeView not_before() const noexcept { return not_before_; }  // 4.1.2.5
  TimeView not_after() const noexcept { return not_after_; }    // 4.1.2.5
  NameView subject() const noexcept { return subject_; }        // 4.1.2.6
  /// Whether issuer or subject hold a value that is neither a PrintableString nor ASCII in a
  /// UTF8String. All other names need no further check.
  bool has_unusual_names() const noexcept { return has_unusual_names_; }
  PublicKeyView subject_public_key_info() const noexcept { return public_key_; }  // 4.1.2.7
  /// Content of the BIT STRINGs, the count of unused bits first; empty if absent. 4.1.2.8.
  Bytes issuer_unique_id() const noexcept { return issuer_unique_id_; }
  /// The same of the subject. 4.1.2.8.
  Bytes subject_unique_id() const noexcept { return subject_unique_id_; }
  /// In encoded order; may hold the same extension twice. 4.1.2.9.
  ExtensionsView extensions() const noexcept { return extensions_; }
  /// The value, not decoded, of an extension that is there exactly once.
  std::optional<Bytes> extension(ExtensionType type) const noexcept {
    return extension_index_.only(type);
  }

  /// The algorithm beside the signature. Not compared with signature(). 4.1.1.2.
  AlgorithmIdentifier signature_algorithm() const noexcept { return signature_algorithm_; }
  /// Content of the BIT STRING, the count of unused bits first. 4.1.1.3.
  Bytes signature_value() const noexcept { return signature_value_; }

  /// Whether these bytes came out of rewrite_ber(); the signature does not fit them then.
  bool is_rewritten() const noexcept { return is_rewritten_; }

 private:
  friend class Certificate;
  void read_tbs_certificate(der::Reader tbs) noexcept;

  Bytes der_, tbs_certificate_;
  Bytes version_, serial_number_;
  AlgorithmIdentifier signature_;
  NameView issuer_;
  TimeView not_before_, not_after_;
  NameView subject_;
  PublicKeyView public_key_;
  Bytes issuer_unique_id_, subject_unique_id_;
  ExtensionsView extensions_;
  ExtensionIndex extension_index_;
  AlgorithmIdentifier signature_algorithm_;
  Bytes signature_value_;
  bool has_unusual_names_ = false;
  bool is_rewritten_ = false;
};

/// The owning twin: the bytes and their view. Copies share the bytes.
class Certificate {
 public:
  /// As CertificateView::parse(), but BER is rewritten to DER first: der() is then not what was
  /// given, and offsets of errors count in it. Bytes after the certificate are dropped.
  static Result<Certificate> from_der(Bytes der);

  Certificate() = default;
  /// The certificate's view. Borrows this.
  const CertificateView& view() const& noexcept PEERCERT_LIFETIMEBOUND { return view_; }
  CertificateView view() && = delete;
  /// The certificate's bytes. Borrows this.
  Bytes der() const& noexcept PEERCERT_LIFETIMEBOUND { return view_.der(); }
  Bytes der() && = delete;

 private:
  static Result<Certificate> own(Der octets, bool is_rewritten);

  std::shared_ptr<const Der> octets_;
  CertificateView view_;
};

}  // namespace peercert
