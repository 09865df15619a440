// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/der/reader.hpp>
#include <peercert/der/values.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/partial_certificate.hpp>

#include "der/header.hpp"
#include "x509/certificate_fields.hpp"

namespace peercert {
namespace {

using der::Tag;

constexpr Tag kNothing = 0xff;  // not the type of any field

bool is_of_type(Tag identifier, Tag tag) noexcept {
  return ((identifier ^ tag) & ~der::kConstructed) == 0;
}

// Takes the fields of one structure off its front.
class FieldCursor {
 public:
  FieldCursor(Bytes content, const std::uint8_t* origin) noexcept
      : rest_(content), origin_(origin) {}

  // A mandatory field. `following` is the type of the field behind it, which is not taken for this
  // one.
  template <class T, class Read>
  void take(PartialField<T>& out, Field field, Tag tag, Tag following, Read read) noexcept {
    out.error = {Errc::missing_field, field, offset()};
    const Tag found = next_tag();
    const bool is_following =
        found != kNothing && is_of_type(found, following) && !is_of_type(found, tag);
    if (!rest_.empty() && !is_following) take_any(out, field, read);
  }

  template <class T, class Read>
  void take_optional(PartialField<T>& out, Field field, Tag tag, Read read) noexcept {
    if (is_of_type(next_tag(), tag)) take_any(out, field, read);
  }

  // The content of a structure, as far as it is there.
  FieldCursor enter() noexcept {
    const std::uint8_t* at = rest_.data();
    const std::uint8_t* const end = at + rest_.size();
    der::Header header;
    if (der::read_header(at, end, header) != Errc::ok) return {rest_.first(0), origin_};
    const auto available = static_cast<std::size_t>(end - at);
    // Of what is cut off the rest may still be read; for an indefinite length it is all there is.
    const bool is_whole = !header.indefinite && header.content_len <= available;
    const std::size_t len = is_whole ? header.content_len : available;
    rest_ = {at + len, end};
    return {{at, len}, origin_};
  }

  Bytes rest() const noexcept { return rest_; }
  // kNothing if there is no header to be read.
  Tag next_tag() const noexcept {
    const std::uint8_t* at = rest_.data();
    der::Header header;
    const Errc error = der::read_header(at, at + rest_.size(), header);
    return error == Errc::ok ? header.identifier : kNothing;
  }

 private:
  std::uint32_t offset() const noexcept {
    return static_cast<std::uint32_t>(rest_.data() - origin_);
  }

  template <class T, class Read>
  void take_any(PartialField<T>& out, Field field, Read read) noexcept {
    const std::uint8_t* at = rest_.data();
    der::Element element;
    const bool has_end = read_element(at, at + rest_.size(), element) == Errc::ok;
    out.encoded = has_end ? element.encoded() : rest_;
    rest_ = rest_.subspan(out.encoded.size());
    der::Progress progress{origin_, field};
    der::Reader in(out.encoded, progress);
    out.value = read(in);
    out.error = progress.error;
  }

  Bytes rest_;
  const std::uint8_t* origin_;
};

Bytes read_serial_number(der::Reader& in) noexcept { return in.read_integer(); }
Bytes read_signature_value(der::Reader& in) noexcept { return in.read_bit_string(); }

void take_validity(FieldCursor validity, PartialCertificate& out) noexcept {
  // Either type may stand for either time: the two are told apart by their order alone.
  validity.take(out.not_before, Field::not_before, der::kUtcTime, kNothing, read_time);
  validity.take(out.not_after, Field::not_after, der::kUtcTime, kNothing, read_time);
}

// [3] EXPLICIT Extensions, as far as it is there.
void take_extensions(FieldCursor tbs, const std::uint8_t* origin,
                     PartialField<PartialExtensions>& out) noexcept {
  out.encoded = tbs.rest();
  const bool is_tagged = is_of_type(tbs.next_tag(), der::context(3));
  der::Progress progress{origin, Field::extensions};
  der::Reader in(out.encoded, progress);
  der::Reader tagged = in.enter(der::context_constructed(3));
  tagged.read_of(der::kSequence);
  tagged.finish();
  out.error = progress.error;
  if (is_tagged) out.value = PartialExtensions(tbs.enter().enter().rest(), origin);
}

}  // namespace

PartialExtensions::iterator& PartialExtensions::iterator::operator++() noexcept {
  current_ = {};
  if (rest_.empty()) return *this;
  FieldCursor cursor(rest_, origin_);
  cursor.take(current_, Field::extensions, der::kSequence, kNothing, read_extension);
  rest_ = cursor.rest();
  return *this;
}

PartialCertificate PartialCertificate::parse(Bytes input) noexcept {
  PartialCertificate out;
  out.error = CertificateView::parse(input).error();
  const std::uint8_t* const origin = input.data();
  FieldCursor certificate = FieldCursor(input, origin).enter();
  FieldCursor tbs = certificate.enter();
  tbs.take_optional(out.version, Field::version, der::context_constructed(0), read_version);
  tbs.take(out.serial_number, Field::serial_number, der::kInteger, der::kSequence,
           read_serial_number);
  tbs.take(out.signature, Field::signature, der::kSequence, kNothing, read_algorithm_identifier);
  tbs.take(out.issuer, Field::issuer, der::kSequence, kNothing, read_name);
  take_validity(tbs.enter(), out);
  tbs.take(out.subject, Field::subject, der::kSequence, kNothing, read_name);
  tbs.take(out.subject_public_key_info, Field::subject_public_key_info, der::kSequence,
           der::context(3), read_subject_public_key_info);
  tbs.take_optional(out.issuer_unique_id, Field::issuer_unique_id, der::context(1),
                    [](der::Reader& in) noexcept { return read_unique_id(in, 1); });
  tbs.take_optional(out.subject_unique_id, Field::subject_unique_id, der::context(2),
                    [](der::Reader& in) noexcept { return read_unique_id(in, 2); });
  if (!tbs.rest().empty()) take_extensions(tbs, origin, out.extensions);
  certificate.take(out.signature_algorithm, Field::signature_algorithm, der::kSequence,
                   der::kBitString, read_algorithm_identifier);
  certificate.take(out.signature_value, Field::signature_value, der::kBitString, kNothing,
                   read_signature_value);
  return out;
}

}  // namespace peercert
