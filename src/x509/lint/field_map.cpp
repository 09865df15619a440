// SPDX-License-Identifier: Apache-2.0
#include "x509/lint/field_map.hpp"

#include <functional>

#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {
namespace {

bool contains(Bytes octets, const std::uint8_t* at) noexcept {
  const std::less<> before;  // a total order, which < is not for unrelated pointers
  return !octets.empty() && !before(at, octets.data()) && before(at, octets.data() + octets.size());
}

}  // namespace

der::BerElement BerCursor::next() noexcept {
  const std::uint8_t* at = rest_.data();
  der::BerElement element;
  if (der::read_ber_element(at, rest_.data() + rest_.size(), element) != Errc::ok) {
    rest_ = {};
    return {};
  }
  rest_ = rest_.subspan(element.encoded.size());
  return element;
}

FieldMap::FieldMap(Bytes certificate) noexcept {
  const der::BerElement outer = BerCursor(certificate).next();
  set(Field::certificate, outer);
  BerCursor parts(outer.content);
  const der::BerElement tbs_certificate = parts.next();
  set(Field::tbs_certificate, tbs_certificate);
  read_tbs_certificate(tbs_certificate.content);
  set(Field::signature_algorithm, parts.next());
  set(Field::signature_value, parts.next());
}

void FieldMap::read_tbs_certificate(Bytes content) noexcept {
  BerCursor in(content);
  der::BerElement first = in.next();
  if (first.identifier == der::context_constructed(0)) {
    set(Field::version, first);
    first = in.next();
  }
  set(Field::serial_number, first);
  set(Field::signature, in.next());
  set(Field::issuer, in.next());
  const der::BerElement validity = in.next();
  set(Field::validity, validity);
  BerCursor times(validity.content);
  set(Field::not_before, times.next());
  set(Field::not_after, times.next());
  set(Field::subject, in.next());
  set(Field::subject_public_key_info, in.next());
  while (in.more()) {
    const der::BerElement tagged = in.next();
    switch (tagged.identifier & der::kNumberMask) {
      case 1: set(Field::issuer_unique_id, tagged); break;
      case 2: set(Field::subject_unique_id, tagged); break;
      default: set(Field::extensions, tagged);
    }
  }
}

void FieldMap::set(Field field, const der::BerElement& element) noexcept {
  fields_[static_cast<std::size_t>(field)] = element.encoded;
}

Field FieldMap::field_at(const std::uint8_t* at) const noexcept {
  Field innermost = Field::none;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto field = static_cast<Field>(i);
    if (!contains(fields_[i], at)) continue;
    if (innermost == Field::none || fields_[i].size() < encoded(innermost).size())
      innermost = field;
  }
  return innermost == Field::extensions ? extension_at(at) : innermost;
}

BerCursor FieldMap::extensions() const noexcept {
  const der::BerElement tagged = BerCursor(encoded(Field::extensions)).next();
  return BerCursor(BerCursor(tagged.content).next().content);
}

Field FieldMap::extension_at(const std::uint8_t* at) const noexcept {
  BerCursor all = extensions();
  while (all.more()) {
    const der::BerElement extension = all.next();
    if (!contains(extension.encoded, at)) continue;
    const Field field =
        field_of_extension({BerCursor(extension.content).next().content, false, {}});
    return field == Field::none ? Field::extensions : field;
  }
  return Field::extensions;
}

}  // namespace peercert
