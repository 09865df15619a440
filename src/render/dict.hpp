// SPDX-License-Identifier: Apache-2.0
// The shape of getpeercert()'s dict, written once for every format and for both forms of the dict.
//
// The Writers are those of render/dict_writer.hpp.
#pragma once

#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/x509/object_names.hpp>

#include "x509/usual_forms.hpp"
#include "x509/x520_names.hpp"

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
  if (content.size() > kMaxSerialLineLen) {
    return w.text(utf8_view(to_serial_text(content)));  // its newline has to be escaped
  }
  w.ascii(kMaxSerialTextLen, [content](char* at) { return at + write_serial_text(content, at); });
}

template <class Writer>
void write_time(Writer& w, TimeView time) {
  w.ascii(kMaxTimeTextLen, [time](char* at) { return at + write_time_text(time, at); });
}

template <class Writer, std::size_t N, class Uris>
void write_uris(Writer& w, const char (&name)[N], const Uris& uris) {
  bool first = true;
  uris.for_each([&](Bytes uri) {
    if (first) {
      w.key(name);
      w.begin_tuple();
      first = false;
    }
    w.text({der::Encoding::utf8, uri});
  });
  if (!first) w.end_tuple();
}

// ---- leaves of a PeerCert

template <class Writer>
void write_attribute(Writer& w, const NameAttribute& attribute) {
  w.begin_tuple();
  w.text(utf8_view(attribute.type));
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    w.text(utf8_view(*text));
  } else if (const auto* octets = std::get_if<BitStringOctets>(&attribute.value)) {
    w.octets(*octets);
  } else {
    w.none();
  }
  w.end_tuple();
}

template <class Writer>
void write_serial(Writer& w, std::string_view text) {
  w.text(utf8_view(text));
}

template <class Writer>
void write_time(Writer& w, std::string_view text) {
  w.text(utf8_view(text));
}

template <class Writer, std::size_t N>
void write_uris(Writer& w, const char (&name)[N],
                const std::optional<std::vector<std::string>>& uris) {
  if (!uris) return;
  w.key(name);
  w.begin_tuple();
  for (const std::string& uri : *uris) w.text(utf8_view(uri));
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
  while (at != end) {
    const usual::Rdn usual = usual::rdn({at, end});
    if (usual.len > 0 && w.plain_rdn(kX520Names[usual.type], usual.value)) {
      at += usual.len;
      continue;
    }
    der::Element rdn;
    if (der::read_element(at, end, rdn) != Errc::ok) break;
    write_rdn(w, RdnView(rdn.content()));
  }
  w.end_tuple();
}

template <class Writer>
void write_alt_name(Writer& w, const GeneralName& name) {
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
  w.text(utf8_view(name.kind));
  name.kind == "DirName" ? write_name(w, name.directory_name) : w.text(utf8_view(name.value));
  w.end_tuple();
}

template <class Writer>
void write_alt_names(Writer& w, const std::vector<AltName>& names) {
  w.begin_tuple();
  for (const AltName& name : names) write_alt_name(w, name);
  w.end_tuple();
}

template <class Writer>
void write_alt_names(Writer& w, GeneralNamesView names) {
  w.begin_tuple();
  const std::uint8_t* at = names.content().data();
  const std::uint8_t* const end = at + names.content().size();
  while (at != end) {
    const usual::ShortString dns_name = usual::dns_name({at, end});
    if (dns_name.len > 0 && w.plain_pair("DNS", dns_name.value)) {
      at += dns_name.len;
      continue;
    }
    der::Element name;
    if (der::read_element(at, end, name) != Errc::ok) break;
    write_alt_name(w, GeneralName::from_element(name));
  }
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
  if (cert.subject_alt_name) {
    w.key("subjectAltName");
    write_alt_names(w, *cert.subject_alt_name);
  }
  write_uris(w, "OCSP", cert.ocsp);
  write_uris(w, "caIssuers", cert.ca_issuers);
  write_uris(w, "crlDistributionPoints", cert.crl_distribution_points);
  w.end_dict();
}

}  // namespace peercert::render
