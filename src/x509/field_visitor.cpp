// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <peercert/der/values.hpp>
#include <peercert/x509/field_visitor.hpp>

namespace peercert {
namespace {

using der::AnyValue;
using der::AnyValues;

constexpr std::size_t kIpv4Len = 4;
constexpr std::size_t kIpv6Len = 16;

void visit_ip_address(Bytes address, FieldVisitor& to) {
  const bool is_address = address.size() == kIpv4Len || address.size() == kIpv6Len;
  is_address ? to.ip_address(address, {}) : to.octets(address);
}

void visit_other_name(const GeneralName& name, FieldVisitor& to) {
  to.begin_object();
  to.member("type-id").oid(name.other_name().type_id);
  const auto parts = AnyValues(name.value).begin();
  // value [0] EXPLICIT: one value inside the second part
  visit(*AnyValues((*std::next(parts)).content()).begin(), to.member("value"));
  to.end_object();
}

void visit_edi_party_name(const GeneralName& name, FieldVisitor& to) {
  to.begin_object();
  for (const AnyValue part : AnyValues(name.value)) {
    const bool is_assigner = (part.tag() & der::kNumberMask) == 0;
    visit(*AnyValues(part.content()).begin(),
          to.member(is_assigner ? "nameAssigner" : "partyName"));
  }
  to.end_object();
}

// By GeneralNameType: the names of the CHOICE, RFC 5280, 4.2.1.6.
constexpr std::string_view kChoices[] = {
    "otherName",
    "rfc822Name",
    "dNSName",
    "x400Address",
    "directoryName",
    "ediPartyName",
    "uniformResourceIdentifier",
    "iPAddress",
    "registeredID",
};

}  // namespace

void visit(const GeneralName& name, FieldVisitor& to) {
  to.begin_choice(kChoices[static_cast<std::size_t>(name.type)]);
  switch (name.type) {
    case GeneralNameType::rfc822_name:
    case GeneralNameType::dns_name:
    case GeneralNameType::uniform_resource_identifier: to.text(utf8_text(name.value)); break;
    case GeneralNameType::directory_name: to.name(name.directory_name()); break;
    case GeneralNameType::ip_address: visit_ip_address(name.value, to); break;
    case GeneralNameType::registered_id: to.oid(name.value); break;
    case GeneralNameType::other_name: visit_other_name(name, to); break;
    case GeneralNameType::edi_party_name: visit_edi_party_name(name, to); break;
    case GeneralNameType::x400_address: to.octets(name.value); break;
  }
  to.end_choice();
}

void visit(GeneralNamesView names, FieldVisitor& to) {
  to.begin_list();
  for (const GeneralName name : names) visit(name, to);
  to.end_list();
}

void visit(TimeView time, FieldVisitor& to) {
  const std::optional<DateTime> date = time.parse();
  date ? to.time(*date) : to.text({der::Encoding::latin1, time.content});
}

void visit_serial_number(Bytes content, FieldVisitor& to) {
  if (content[0] & 0x80) return to.integer(content);
  const bool has_sign_octet = content.size() > 1 && content[0] == 0;
  to.octets(content.subspan(has_sign_octet ? 1 : 0));
}

void visit(const AnyValue& value, FieldVisitor& to) {
  if (der::check_any(value.tag(), value.content()) != Errc::ok) return to.octets(value.encoded());
  switch (value.tag()) {
    case der::kBoolean: return to.boolean(value.content()[0] != 0);
    case der::kInteger: return to.integer(value.content());
    case der::kOid: return to.oid(value.content());
    case der::kOctetString: return to.octets(value.content());
    case der::kUtcTime:
    case der::kGeneralizedTime: return visit(TimeView{value.tag(), value.content()}, to);
    default: break;
  }
  const der::StringView text = value.text();
  text.encoding == der::Encoding::none ? to.octets(value.encoded()) : to.text(text);
}

void visit(AnyValues values, FieldVisitor& to) {
  to.begin_list();
  for (const AnyValue value : values) visit(value, to);
  to.end_list();
}

}  // namespace peercert
