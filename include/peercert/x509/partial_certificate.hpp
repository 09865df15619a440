// SPDX-License-Identifier: Apache-2.0
// What can be read of a certificate that is refused.
#pragma once

#include <cstddef>
#include <iterator>

#include <peercert/x509/certificate.hpp>

namespace peercert {

/// A field, as far as it can be read. Borrows the input.
template <class T>
struct PartialField {
  Bytes encoded{};  // header and content; if its end is not known, all that is left; empty: absent
  T value{};        // undefined if there is an error
  Error error{};    // Errc::ok: it was read, or is absent and may be

  /// Whether the input has no such field.
  bool is_absent() const noexcept { return encoded.empty(); }
  /// Whether value may be used.
  bool is_readable() const noexcept { return !is_absent() && error.code == Errc::ok; }
};

/// Extensions one by one, so that a malformed one does not hide the others: a range of
/// PartialField<Extension>. After one whose end is not known there are no others.
class PartialExtensions {
 public:
  class iterator {
   public:
    using value_type = PartialField<Extension>;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    iterator(Bytes content, const std::uint8_t* origin) noexcept : rest_(content), origin_(origin) {
      ++*this;
    }
    const PartialField<Extension>& operator*() const noexcept { return current_; }
    iterator& operator++() noexcept;
    void operator++(int) noexcept { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) noexcept {
      return it.current_.is_absent();
    }

   private:
    Bytes rest_{};
    const std::uint8_t* origin_ = nullptr;
    PartialField<Extension> current_{};
  };

  PartialExtensions() = default;
  /// The content bytes of the SEQUENCE OF; the errors' offsets count from `origin`.
  PartialExtensions(Bytes content, const std::uint8_t* origin) noexcept
      : content_(content), origin_(origin) {}

  iterator begin() const noexcept { return {content_, origin_}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  Bytes content_{};
  const std::uint8_t* origin_ = nullptr;
};

/// The fields of Certificate and TBSCertificate, each read by the same function that
/// CertificateView::parse() calls, and apart from the others. RFC 5280, 4.1. Borrows the input, and
/// allocates nothing.
///
/// If an element has no end, or a field has a wrong type, the rest is assigned to fields by guess.
/// Use it to show people what is wrong, never for decisions.
struct PartialCertificate {
  /// Reads any bytes. For BER give it what rewrite_ber() makes of them.
  static PartialCertificate parse(Bytes input) noexcept;

  Error error{};  // why CertificateView::parse() refuses the input; Errc::ok if it does not
  PartialField<Bytes> version{};                                // content of the INTEGER
  PartialField<Bytes> serial_number{};                          // content of the INTEGER
  PartialField<AlgorithmIdentifier> signature{};                // 4.1.2.3
  PartialField<NameView> issuer{};                              // 4.1.2.4
  PartialField<TimeView> not_before{}, not_after{};             // 4.1.2.5
  PartialField<NameView> subject{};                             // 4.1.2.6
  PartialField<PublicKeyView> subject_public_key_info{};        // 4.1.2.7
  PartialField<Bytes> issuer_unique_id{}, subject_unique_id{};  // content of the BIT STRINGs
  PartialField<PartialExtensions> extensions{};  // the error is of what stands around them
  PartialField<AlgorithmIdentifier> signature_algorithm{};  // 4.1.1.2
  PartialField<Bytes> signature_value{};                    // content of the BIT STRING
};

}  // namespace peercert
