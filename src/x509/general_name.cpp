// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/values.hpp>
#include <peercert/x509/general_name.hpp>

namespace peercert {
namespace {

using der::context;
using der::context_constructed;

// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY DEFINED BY type-id }
void read_other_name(der::Reader in) noexcept {
  in.read_oid();
  der::Reader value = in.enter(context_constructed(0));
  value.read_any();
  value.finish();
  in.finish();
}

// DirectoryString, RFC 5280, 4.1.2.4. OpenSSL does not check its characters here.
void read_directory_string(der::Reader in) noexcept {
  const der::Element string = in.read_any();
  in.finish();
  switch (string.identifier()) {
    case der::kPrintableString:
    case der::kTeletexString:
    case der::kBmpString:
    case der::kUniversalString:
    case der::kUtf8String: break;
    default: in.fail(Errc::unexpected_tag, string.encoded().data());
  }
}

// EDIPartyName ::= SEQUENCE {
//     nameAssigner  [0] DirectoryString OPTIONAL,
//     partyName     [1] DirectoryString }
void read_edi_party_name(der::Reader in) noexcept {
  if (in.next_is(context_constructed(0))) read_directory_string(in.enter(context_constructed(0)));
  read_directory_string(in.enter(context_constructed(1)));
  in.finish();
}

void check_registered_id(der::Reader& in, const der::Element& name) noexcept {
  if (const Errc error = der::check_oid(name.content()); error != Errc::ok) {
    in.fail(error, name.encoded().data());
  }
}

bool is_constructed_choice(GeneralNameType type) noexcept {
  switch (type) {
    case GeneralNameType::other_name:
    case GeneralNameType::x400_address:
    case GeneralNameType::directory_name:
    case GeneralNameType::edi_party_name: return true;
    default: return false;
  }
}

// Whether the tag is one of the nine, in the form that its type has.
Errc check_choice(der::Tag tag, GeneralNameType type) noexcept {
  if ((tag & der::kClassMask) != context(0)) return Errc::unexpected_tag;
  if (type > GeneralNameType::registered_id) return Errc::unexpected_tag;
  const bool is_constructed = tag & der::kConstructed;
  if (is_constructed == is_constructed_choice(type)) return Errc::ok;
  const bool is_string = is_constructed && type != GeneralNameType::registered_id;
  return is_string ? Errc::constructed_string : Errc::unexpected_tag;
}

}  // namespace

GeneralName GeneralName::from_element(const der::Element& element) noexcept {
  return {static_cast<GeneralNameType>(element.identifier() & der::kNumberMask), element.content()};
}

NameView GeneralName::directory_name() const noexcept {
  if (type != GeneralNameType::directory_name) return {};
  const auto name = der::SequenceOf<NameView>(value).begin();  // [4] is EXPLICIT: one Name inside
  return *name;
}

OtherName GeneralName::other_name() const noexcept {
  if (type != GeneralNameType::other_name) return {};
  const std::uint8_t* at = value.data();
  const std::uint8_t* end = at + value.size();
  der::Element type_id;
  der::Element tagged;
  if (read_element(at, end, type_id) != Errc::ok || read_element(at, end, tagged) != Errc::ok)
    return {};
  at = tagged.content().data();
  der::Element inner;
  if (read_element(at, at + tagged.content().size(), inner) != Errc::ok) return {};
  return {type_id.content(), inner.identifier(), inner.content()};
}

// GeneralName ::= CHOICE {
//     otherName                  [0] OtherName,
//     rfc822Name                 [1] IA5String,
//     dNSName                    [2] IA5String,
//     x400Address                [3] ORAddress,
//     directoryName              [4] Name,
//     ediPartyName               [5] EDIPartyName,
//     uniformResourceIdentifier  [6] IA5String,
//     iPAddress                  [7] OCTET STRING,
//     registeredID               [8] OBJECT IDENTIFIER }
GeneralName read_general_name(der::Reader& in) noexcept {
  const der::Element element = in.read_any();
  if (in.failed()) return {};
  const GeneralName name = GeneralName::from_element(element);
  if (const Errc error = check_choice(element.identifier(), name.type); error != Errc::ok) {
    in.fail(error, element.encoded().data());
    return {};
  }
  switch (name.type) {
    case GeneralNameType::other_name: read_other_name(in.inside(element)); break;
    case GeneralNameType::edi_party_name: read_edi_party_name(in.inside(element)); break;
    case GeneralNameType::registered_id: check_registered_id(in, element); break;
    case GeneralNameType::directory_name: {
      der::Reader directory_name = in.inside(element);
      read_name(directory_name);
      directory_name.finish();
      break;
    }
    default: break;
  }
  return name;
}

GeneralNamesView read_general_names(der::Reader& in, der::Tag tag) noexcept {
  const der::Element names = in.read_of(tag);
  der::Reader inside = in.inside(names);
  while (inside.more()) read_general_name(inside);
  return GeneralNamesView(names.content());
}

}  // namespace peercert
