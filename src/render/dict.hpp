// SPDX-License-Identifier: Apache-2.0
// The shape of getpeercert()'s dict, written once for every format and for both forms of the dict.
//
// A Writer has: begin_dict() end_dict() key(name) begin_tuple() end_tuple(), and for the leaves
// number(std::int64_t), ascii(text without anything to escape), text(prefix, der::StringView),
// octets(range) and none(); and for what most of a dict is made of, pair(ascii, prefix,
// der::StringView): a tuple of two strings.
#pragma once

#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/x509/object_names.hpp>

#include "x509/usual_forms.hpp"

namespace peercert::render {

inline der::StringView utf8_view(std::string_view text) noexcept {
  return {der::Encoding::utf8, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}};
}

// ---- leaves of a PeerCertView

template <class Writer>
void write_attribute(Writer& w, const Attribute& attribute) {
  const ObjectText type(attribute.type);
  if (attribute.value_tag != der::kBitString) return w.pair(type.view(), {}, attribute.text());
  const der::BitString bits(attribute.value);
  w.begin_tuple();
  w.ascii(type.view());
  bits.size() == 0 ? w.none() : w.octets(bits);
  w.end_tuple();
}

template <class Writer>
void write_serial(Writer& w, Bytes content) {
  char text[kMaxSerialTextLen];
  w.text({}, utf8_view({text, write_serial_text(content, text)}));  // may end in an escaped newline
}

template <class Writer>
void write_time(Writer& w, TimeView time) {
  char text[kMaxTimeTextLen];
  w.ascii({text, write_time_text(time, text)});
}

template <class Writer, class Uris>
void write_uris(Writer& w, std::string_view name, const Uris& uris) {
  bool first = true;
  uris.for_each([&](Bytes uri) {
    if (first) {
      w.key(name);
      w.begin_tuple();
      first = false;
    }
    w.text({}, {der::Encoding::utf8, uri});
  });
  if (!first) w.end_tuple();
}

// ---- leaves of a PeerCert

template <class Writer>
void write_attribute(Writer& w, const NameAttribute& attribute) {
  w.begin_tuple();
  w.text({}, utf8_view(attribute.type));
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    w.text({}, utf8_view(*text));
  } else if (const auto* octets = std::get_if<BitStringOctets>(&attribute.value)) {
    w.octets(*octets);
  } else {
    w.none();
  }
  w.end_tuple();
}

template <class Writer>
void write_serial(Writer& w, std::string_view text) {
  w.text({}, utf8_view(text));
}

template <class Writer>
void write_time(Writer& w, std::string_view text) {
  w.text({}, utf8_view(text));
}

template <class Writer>
void write_uris(Writer& w, std::string_view name,
                const std::optional<std::vector<std::string>>& uris) {
  if (!uris) return;
  w.key(name);
  w.begin_tuple();
  for (const std::string& uri : *uris) w.text({}, utf8_view(uri));
  w.end_tuple();
}

// ---- the shape

// (('commonName', 'example.org'),)
template <class Writer, class Rdn>
void write_rdn(Writer& w, const Rdn& rdn) {
  if (rdn.empty()) return;  // leaves no trace
  w.begin_tuple();
  for (const auto& attribute : rdn) write_attribute(w, attribute);
  w.end_tuple();
}

template <class Writer>
void write_name(Writer& w, const DistinguishedName& name) {
  w.begin_tuple();
  for (const RelativeDistinguishedName& rdn : name) write_rdn(w, rdn);
  w.end_tuple();
}

template <class Writer>
void write_name(Writer& w, NameView name) {
  w.begin_tuple();
  const std::uint8_t* at = name.content().data();
  const std::uint8_t* const end = at + name.content().size();
  der::Element rdn;
  while (at != end) {
    if (const std::size_t len = usual::rdn_len({at, end})) {
      w.begin_tuple();
      write_attribute(w, usual::attribute_of_rdn(at));
      w.end_tuple();
      at += len;
    } else if (der::read_element(at, end, rdn) == Errc::ok) {
      write_rdn(w, RdnView(rdn.content()));
    } else {
      break;
    }
  }
  w.end_tuple();
}

template <class Writer>
void write_alt_name(Writer& w, const GeneralName& name) {
  if (name.type == GeneralNameType::dns_name) {
    return w.pair("DNS", {}, {der::Encoding::utf8, name.value});  // nearly all
  }
  const AltNameText text(name);
  if (name.type != GeneralNameType::directory_name) {
    return w.pair(text.kind(), text.prefix(), text.text());
  }
  w.begin_tuple();
  w.ascii(text.kind());
  write_name(w, name.directory_name());
  w.end_tuple();
}

template <class Writer>
void write_alt_name(Writer& w, const AltName& name) {
  w.begin_tuple();
  w.text({}, utf8_view(name.kind));
  name.kind == "DirName" ? write_name(w, name.directory_name) : w.text({}, utf8_view(name.value));
  w.end_tuple();
}

template <class Writer, class Names>
void write_alt_names(Writer& w, const Names& names) {
  w.key("subjectAltName");
  w.begin_tuple();
  for (const auto& name : names) write_alt_name(w, name);
  w.end_tuple();
}

// The dict of a PeerCertView or a PeerCert, its keys in the order in which CPython inserts them.
template <class Writer, class Cert>
void write_dict(Writer& w, const Cert& cert) {
  w.begin_dict();
  w.key("subject");
  write_name(w, cert.subject);
  w.key("issuer");
  write_name(w, cert.issuer);
  w.key("version");
  w.number(cert.version);
  w.key("serialNumber");
  write_serial(w, cert.serial_number);
  w.key("notBefore");
  write_time(w, cert.not_before);
  w.key("notAfter");
  write_time(w, cert.not_after);
  if (cert.subject_alt_name) write_alt_names(w, *cert.subject_alt_name);
  write_uris(w, "OCSP", cert.ocsp);
  write_uris(w, "caIssuers", cert.ca_issuers);
  write_uris(w, "crlDistributionPoints", cert.crl_distribution_points);
  w.end_dict();
}

}  // namespace peercert::render
