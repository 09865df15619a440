// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/tls_reader.hpp>

namespace peercert {

/// SignedCertificateTimestamp, RFC 6962, 3.2:
///
///     struct {
///         Version sct_version;         // v1 (0), of one byte
///         LogID id;                    // opaque key_id[32]
///         uint64 timestamp;            // milliseconds since 1970
///         CtExtensions extensions;     // opaque<0..2^16-1>
///         digitally-signed struct;     // HashAlgorithm, SignatureAlgorithm, opaque<0..2^16-1>
///     } SignedCertificateTimestamp;
struct SignedCertificateTimestamp {
  static constexpr std::uint8_t kV1 = 0;  // the one version of RFC 6962

  std::uint8_t version = kV1;  // as encoded: 0 is v1
  Bytes id;  // SHA-256 of the log's key. This and all below are empty in versions other than v1.
  std::uint64_t timestamp = 0;           // milliseconds since 1970
  Bytes extensions;                      // not decoded
  std::uint8_t hash = 0;                 // HashAlgorithm of RFC 5246, 7.4.1.4.1
  std::uint8_t signature_algorithm = 0;  // SignatureAlgorithm, there
  Bytes signature;                       // over the struct of RFC 6962, 3.2; not verified
  Bytes rest;  // after a v1 that is complete; all but the version of others

  static SignedCertificateTimestamp read(TlsReader in) noexcept {
    SignedCertificateTimestamp sct;
    sct.version = static_cast<std::uint8_t>(in.read_number(1));
    if (sct.version == kV1) {
      sct.id = in.read(32);
      sct.timestamp = in.read_number(8);
      sct.extensions = in.read_vector();
      sct.hash = static_cast<std::uint8_t>(in.read_number(1));
      sct.signature_algorithm = static_cast<std::uint8_t>(in.read_number(1));
      sct.signature = in.read_vector();
    }
    sct.rest = in.rest();
    return sct;
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("version").number(version + 1U);
    if (version == kV1) {
      to.member("logID").octets(id);
      visit_milliseconds(timestamp, to.member("timestamp"));
      if (!extensions.empty()) to.member("extensions").octets(extensions);
      visit_named(hash, kHashes, to.member("hash"));
      visit_named(signature_algorithm, kSignatures, to.member("signatureAlgorithm"));
      to.member("signature").octets(signature);
    }
    if (!rest.empty()) to.member("rest").octets(rest);
    to.end_object();
  }

 private:
  static constexpr std::string_view kHashes[] = {"none",   "md5",    "sha1",  "sha224",
                                                 "sha256", "sha384", "sha512"};
  static constexpr std::string_view kSignatures[] = {"anonymous", "rsa", "dsa", "ecdsa"};

  static void visit_named(std::uint8_t number, std::span<const std::string_view> names,
                          FieldVisitor& to) {
    number < names.size() ? to.word(names[number]) : to.number(number);
  }
};

/// SerializedSCT sct_list<1..2^16-1>, lazily: a range of SignedCertificateTimestamp. Borrows the
/// bytes, which parse() has checked.
class SctList {
 public:
  class iterator {
   public:
    using value_type = SignedCertificateTimestamp;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(Bytes rest) noexcept : rest_(rest) {}

    SignedCertificateTimestamp operator*() const noexcept {
      der::Progress progress{rest_.data()};
      TlsReader in(rest_, progress);
      return SignedCertificateTimestamp::read({in.read_vector(), progress});
    }
    iterator& operator++() noexcept {
      der::Progress progress{rest_.data()};
      TlsReader in(rest_, progress);
      in.read_vector();
      rest_ = progress.failed() ? Bytes{} : in.rest();
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) noexcept {
      return it.rest_.empty();
    }

   private:
    Bytes rest_{};
  };

  SctList() = default;
  /// The vectors one after the other, without the length of all.
  explicit SctList(Bytes octets) noexcept : octets_(octets) {}
  iterator begin() const noexcept { return iterator(octets_); }
  std::default_sentinel_t end() const noexcept { return {}; }
  bool empty() const noexcept { return octets_.empty(); }

 private:
  Bytes octets_{};
};

/// What logs have promised for the certificate's precertificate. RFC 6962, 3.3. Signatures are not
/// verified.
///
///     SignedCertificateTimestampList ::= OCTET STRING
///         -- of: struct { SerializedSCT sct_list<1..2^16-1>; }, opaque SerializedSCT<1..2^16-1>
struct SignedCertificateTimestamps {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 2>();
  static constexpr Field kField = extension_field(22);

  SctList list;  // may be empty

  static Result<SignedCertificateTimestamps> parse(Bytes value) noexcept;
  void visit(FieldVisitor& to) const {
    to.begin_list();
    for (const SignedCertificateTimestamp sct : list) sct.visit(to);
    to.end_list();
  }
};

inline Result<SignedCertificateTimestamps> SignedCertificateTimestamps::parse(
    Bytes value) noexcept {
  der::Progress progress{value.data(), kField};
  der::Reader in(value, progress);
  TlsReader octets(in.read(der::kOctetString).content(), progress);
  const Bytes list = octets.read_vector();
  octets.finish();
  for (TlsReader items(list, progress); items.more();) {
    const Bytes sct = items.read_vector();
    if (sct.empty()) items.fail(Errc::bad_length);
    SignedCertificateTimestamp::read({sct, progress});
  }
  if (progress.failed()) return progress.error;
  return SignedCertificateTimestamps{SctList(list)};
}

}  // namespace peercert
