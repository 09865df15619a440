// SPDX-License-Identifier: Apache-2.0
// The shape of getpeercert()'s dict, written once for every format and for both forms of the dict.
//
// A Writer has: begin_dict() end_dict() key(name) begin_tuple() end_tuple(), and for the leaves
// number(std::int64_t), ascii(text without anything to escape), text(prefix, der::StringView),
// octets(range) and none().
#pragma once

#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/x509/object_names.hpp>

namespace peercert::render {

inline der::StringView utf8_view(std::string_view text) noexcept {
  return {der::Encoding::utf8, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}};
}

// ---- leaves of a PeerCertView

template <class Writer>
void write_attribute(Writer& w, const Attribute& attribute) {
  w.ascii(ObjectText(attribute.type).view());
  if (attribute.value_tag != der::kBitString) return w.text({}, attribute.text());
  const der::BitString bits(attribute.value);
  bits.size() == 0 ? w.none() : w.octets(bits);
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
  w.text({}, utf8_view(attribute.type));
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    w.text({}, utf8_view(*text));
  } else if (const auto* octets = std::get_if<BitStringOctets>(&attribute.value)) {
    w.octets(*octets);
  } else {
    w.none();
  }
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

// ((('commonName', 'example.org'),), ...); an RDN without attributes leaves no trace.
template <class Writer, class Name>
void write_name(Writer& w, const Name& name) {
  w.begin_tuple();
  for (const auto& rdn : name) {
    if (rdn.empty()) continue;
    w.begin_tuple();
    for (const auto& attribute : rdn) {
      w.begin_tuple();
      write_attribute(w, attribute);
      w.end_tuple();
    }
    w.end_tuple();
  }
  w.end_tuple();
}

template <class Writer>
void write_alt_name(Writer& w, const GeneralName& name) {
  const AltNameText text(name);
  w.ascii(text.kind());
  if (name.type == GeneralNameType::directory_name) return write_name(w, name.directory_name());
  w.text(text.prefix(), text.text());
}

template <class Writer>
void write_alt_name(Writer& w, const AltName& name) {
  w.text({}, utf8_view(name.kind));
  if (name.kind == "DirName") return write_name(w, name.directory_name);
  w.text({}, utf8_view(name.value));
}

template <class Writer, class Names>
void write_alt_names(Writer& w, const Names& names) {
  w.key("subjectAltName");
  w.begin_tuple();
  for (const auto& name : names) {
    w.begin_tuple();
    write_alt_name(w, name);
    w.end_tuple();
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
  if (cert.subject_alt_name) write_alt_names(w, *cert.subject_alt_name);
  write_uris(w, "OCSP", cert.ocsp);
  write_uris(w, "caIssuers", cert.ca_issuers);
  write_uris(w, "crlDistributionPoints", cert.crl_distribution_points);
  w.end_dict();
}

}  // namespace peercert::render
