// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/values.hpp>
#include <peercert/x509/extension.hpp>
#include <peercert/x509/extensions/crl_distribution_points.hpp>
#include <peercert/x509/extensions/info_access.hpp>
#include <peercert/x509/extensions/subject_alt_name.hpp>

#include "x509/oids.hpp"
#include "x509/usual_forms.hpp"

namespace peercert {
namespace {

using der::context;
using der::context_constructed;

bool is_true(const der::Element& boolean) noexcept {
  return boolean.exists() && boolean.content().size() == 1 && boolean.content()[0] != 0;
}

// AccessDescription ::= SEQUENCE {
//     accessMethod    OBJECT IDENTIFIER,
//     accessLocation  GeneralName }
void read_access_description(der::Reader description) noexcept {
  description.read_oid();
  read_general_name(description);
  description.finish();
}

// DistributionPointName ::= CHOICE {
//     fullName                 [0] GeneralNames,
//     nameRelativeToCRLIssuer  [1] RelativeDistinguishedName }
void read_distribution_point_name(der::Reader name) noexcept {
  if (name.next_is(context_constructed(0))) {
    read_general_names(name, context_constructed(0));
  } else {
    der::Reader relative = name.enter_of(context_constructed(1));
    while (relative.more()) read_attribute(relative);
  }
  name.finish();
}

// DistributionPoint ::= SEQUENCE {
//     distributionPoint  [0] DistributionPointName OPTIONAL,
//     reasons            [1] ReasonFlags OPTIONAL,
//     cRLIssuer          [2] GeneralNames OPTIONAL }
void read_distribution_point(der::Reader point) noexcept {
  if (point.next_is(context_constructed(0))) {
    read_distribution_point_name(point.enter(context_constructed(0)));
  }
  const der::Element reasons = point.read_optional(context(1));
  if (reasons.exists()) {
    const Errc error = der::check_bit_string(reasons.content());
    if (error != Errc::ok) point.fail(error, reasons.encoded().data());
  }
  if (point.next_is(context_constructed(2))) read_general_names(point, context_constructed(2));
  point.finish();
}

// The one shape that SubjectAltName's cousins share: SEQUENCE OF, each item read by `read_item`.
template <class View, class ReadItem>
Result<View> parse_sequence_of(Bytes value, Field field, ReadItem read_item) noexcept {
  der::Progress progress{value.data(), field};
  der::Reader in(value, progress);
  const der::Element sequence = in.read_of(der::kSequence);
  der::Reader items = in.inside(sequence);
  while (items.more()) read_item(items);
  if (progress.failed()) return progress.error;
  return View(sequence.content());
}

}  // namespace

// Extension ::= SEQUENCE {
//     extnID     OBJECT IDENTIFIER,
//     critical   BOOLEAN DEFAULT FALSE,
//     extnValue  OCTET STRING }
Extension read_extension(der::Reader& in) noexcept {
  der::Reader fields = in.enter(der::kSequence);
  Extension extension;
  extension.oid = fields.read_oid();
  const der::Element critical = fields.read_optional(der::kBoolean);
  if (critical.exists() && critical.content().size() != 1) {
    fields.fail(Errc::bad_boolean, critical.encoded().data());
  }
  extension.critical = is_true(critical);
  extension.value = fields.read(der::kOctetString).content();
  fields.finish();
  return extension;
}

Extension Extension::from_element(const der::Element& element) noexcept {
  der::Progress progress{element.content().data()};
  der::Reader in(element.content(), progress);
  Extension extension;
  extension.oid = in.read(der::kOid).content();
  const der::Element critical = in.read_optional(der::kBoolean);
  extension.critical = is_true(critical);
  extension.value = in.read(der::kOctetString).content();
  return extension;
}

void ExtensionIndex::add(Bytes oid, Bytes value) noexcept {
  const auto see = [&](ExtensionType type) noexcept {
    Slot& slot = slots_[static_cast<std::size_t>(type)];
    slot.value = value;
    ++slot.count;
  };
  if (oids::equal(oid, oids::kSubjectAltName)) return see(ExtensionType::subject_alt_name);
  if (oids::equal(oid, oids::kCrlDistributionPoints))
    return see(ExtensionType::crl_distribution_points);
  if (oids::equal(oid, oids::kAuthorityInfoAccess))
    return see(ExtensionType::authority_info_access);
}

namespace {

// The length of the extension at the front; 0 if it is none of the usual form.
std::size_t add_short_extension(Bytes at, ExtensionIndex& index) noexcept {
  const usual::ShortExtension extension = usual::short_extension(at);
  if (extension.len > 0) index.add(extension.oid, extension.value);
  return extension.len;
}

}  // namespace

// extensions [3] EXPLICIT Extensions OPTIONAL
// Extensions ::= SEQUENCE OF Extension
ExtensionsView read_extensions(der::Reader& in, ExtensionIndex& index) noexcept {
  der::Reader tagged = in.enter(context_constructed(3));
  const der::Element extensions = tagged.read_of(der::kSequence);
  der::Reader inside = in.inside(extensions);
  while (inside.more()) {
    Bytes rest = inside.rest();
    while (const std::size_t len = add_short_extension(rest, index)) rest = rest.subspan(len);
    inside.skip(inside.rest().size() - rest.size());
    if (!inside.more()) break;
    const Extension extension = read_extension(inside);
    index.add(extension.oid, extension.value);
  }
  tagged.finish();
  return ExtensionsView(extensions.content());
}

Result<GeneralNamesView> parse_subject_alt_name(Bytes value) noexcept {
  return parse_sequence_of<GeneralNamesView>(
      value, SubjectAltName::kField, [](der::Reader& in) noexcept {
        const std::size_t len = usual::dns_name(in.rest()).len;
        len > 0 ? in.skip(len) : static_cast<void>(read_general_name(in));
      });
}

AccessDescription AccessDescription::from_element(const der::Element& element) noexcept {
  const std::uint8_t* at = element.content().data();
  const std::uint8_t* end = at + element.content().size();
  der::Element method;
  der::Element location;
  if (read_element(at, end, method) != Errc::ok || read_element(at, end, location) != Errc::ok)
    return {};
  return {method.content(), GeneralName::from_element(location)};
}

Result<AuthorityInfoAccessView> parse_authority_info_access(Bytes value) noexcept {
  return parse_sequence_of<AuthorityInfoAccessView>(
      value, AuthorityInfoAccess::kField,
      [](der::Reader& in) noexcept { read_access_description(in.enter(der::kSequence)); });
}

DistributionPoint DistributionPoint::from_element(const der::Element& element) noexcept {
  if (usual::distribution_point(element.encoded()).len > 0)
    return {GeneralNamesView(element.content().subspan(4))};
  der::Progress progress{element.content().data()};
  der::Reader point(element.content(), progress);
  if (!point.next_is(context_constructed(0))) return {};
  der::Reader name = point.enter(context_constructed(0));
  if (!name.next_is(context_constructed(0))) return {};
  return {GeneralNamesView(name.read_of(context_constructed(0)).content())};
}

Result<CrlDistributionPointsView> parse_crl_distribution_points(Bytes value) noexcept {
  return parse_sequence_of<CrlDistributionPointsView>(
      value, CrlDistributionPoints::kField,
      [](der::Reader& in) noexcept { read_distribution_point(in.enter(der::kSequence)); });
}

}  // namespace peercert
