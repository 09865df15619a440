// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/text.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/object_names.hpp>

#include "peer/ip_text.hpp"
#include "render/field_json.hpp"
#include "render/field_values.hpp"
#include "render/json_object.hpp"
#include "render/safe_text.hpp"
#include "scan/records/record_text.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::scan {
namespace {

using render::JsonFields;

struct Leaf {
  const CertificateView& certificate;
  Bytes encoded;
  std::chrono::sys_seconds time;
};

// The value of an extension that is there once and can be read.
template <class T>
std::optional<T> extension_of(const Leaf& leaf) {
  const auto found = find_extension<T>(leaf.certificate.extensions());
  if (!found) return std::nullopt;
  const Result<T> parsed = T::parse(found->value);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

template <class T>
void append_extension(const Leaf& leaf, Output& out) {
  JsonFields json(out);
  if (const auto value = extension_of<T>(leaf)) value->visit(json);
}

void append_bool(Output& out, bool value) { out.append(value ? "true" : "false"); }

void append_text(Output& out, std::string_view text) {
  if (!text.empty()) append_json(out, text);
}

template <class Append>
void append_quoted(Output& out, Append append) {
  out.append('"');
  append();
  out.append('"');
}

// The strings that `each` hands on, as a list.
template <class Each>
void append_list(Output& out, Each each) {
  out.append('[');
  bool is_first = true;
  each([&](std::string_view text) {
    if (!is_first) out.append(',');
    is_first = false;
    append_json(out, text);
  });
  out.append(']');
}

void append_rfc3339(const TimeView& time, Output& out) {
  if (time.parse()) append_quoted(out, [&] { append_time(out, time); });
}

void append_common_name(const Leaf& leaf, Output& out) {
  constexpr auto kCommonName = der::make_oid<2, 5, 4, 3>();
  std::optional<der::StringView> last;
  for (const RdnView rdn : leaf.certificate.subject()) {
    for (const Attribute attribute : rdn) {
      if (std::ranges::equal(attribute.type, kCommonName)) last = attribute.text();
    }
  }
  if (last && render::is_well_formed(*last)) append_json(out, render::to_utf8(*last));
}

void append_names(const Leaf& leaf, Output& out) {
  const auto names = extension_of<SubjectAltName>(leaf);
  if (!names) return;
  append_list(out, [&names](auto append) {
    for (const GeneralName name : names->names) {
      if (name.type == GeneralNameType::dns_name) append(as_text(name.value));
      if (name.type == GeneralNameType::ip_address) append(ip_address_text(name.value));
    }
  });
}

void append_ext_key_usage(const Leaf& leaf, Output& out) {
  const auto usage = extension_of<ExtKeyUsage>(leaf);
  if (!usage) return;
  append_list(out, [&usage](auto append) {
    for (const der::AnyValue purpose : usage->purposes) {
      const auto name = find_object_name(purpose.content());
      name ? append(name->short_name) : append(render::dotted_text(purpose.content()));
    }
  });
}

void append_policies(const Leaf& leaf, Output& out) {
  const auto policies = extension_of<CertificatePolicies>(leaf);
  if (!policies) return;
  append_list(out, [&policies](auto append) {
    for (const PolicyInformation policy : policies->policies) {
      append(render::dotted_text(policy.policy_identifier));
    }
  });
}

void append_findings(const Leaf& leaf, Output& out) {
  const Findings findings = find_defects(leaf.certificate, leaf.encoded);
  append_list(out, [&findings](auto append) {
    for (const Finding& finding : findings) append(name_of(finding.code));
  });
}

void append_days_between(std::chrono::sys_seconds from, std::chrono::sys_seconds to, Output& out) {
  render::append_number(out, std::chrono::floor<std::chrono::days>(to - from).count());
}

// Both ends are within the validity: RFC 5280, 4.1.2.5.
void append_validity_days(const Leaf& leaf, Output& out) {
  const auto from = leaf.certificate.not_before().parse();
  const auto to = leaf.certificate.not_after().parse();
  if (!from || !to) return;
  append_days_between(from->to_sys_seconds(), to->to_sys_seconds() + std::chrono::seconds(1), out);
}

void append_days_left(const Leaf& leaf, Output& out) {
  if (const auto to = leaf.certificate.not_after().parse()) {
    append_days_between(leaf.time, to->to_sys_seconds(), out);
  }
}

void append_curve(const Leaf& leaf, Output& out) {
  const PublicKeyView key = leaf.certificate.subject_public_key_info();
  if (key.type() == KeyType::ec) append_text(out, key.name());
}

void append_key_bits(const Leaf& leaf, Output& out) {
  const int bits = leaf.certificate.subject_public_key_info().bits();
  if (bits > 0) render::append_number(out, bits);
}

void append_is_ca(const Leaf& leaf, Output& out) {
  const auto constraints = extension_of<BasicConstraints>(leaf);
  append_bool(out, constraints && constraints->ca);
}

void append_self_issued(const Leaf& leaf, Output& out) {
  append_bool(out, std::ranges::equal(leaf.certificate.issuer().content(),
                                      leaf.certificate.subject().content()));
}

void append_must_staple(const Leaf& leaf, Output& out) {
  const auto feature = extension_of<TlsFeature>(leaf);
  append_bool(out, feature && feature->must_staple());
}

struct Field {
  std::string_view name;
  std::string_view description;
  void (*append)(const Leaf& leaf, Output& out);
};

constexpr Field kFields[] = {
    {"subject", "the subject as text, most specific first (RFC 4514)",
     [](const Leaf& leaf, Output& out) { append_json(out, to_text(leaf.certificate.subject())); }},
    {"common_name", "the last commonName of the subject", &append_common_name},
    {"names", "list of all dNSNames and iPAddresses of subjectAltName", &append_names},
    {"issuer", "the issuer as text (RFC 4514)",
     [](const Leaf& leaf, Output& out) { append_json(out, to_text(leaf.certificate.issuer())); }},
    {"serial", "the serial number, lower-case hexadecimal",
     [](const Leaf& leaf, Output& out) {
       JsonFields json(out);
       visit_serial_number(leaf.certificate.serial_number(), json);
     }},
    {"not_before", "beginning of the validity (RFC 3339)",
     [](const Leaf& leaf, Output& out) { append_rfc3339(leaf.certificate.not_before(), out); }},
    {"not_after", "end of the validity (RFC 3339)",
     [](const Leaf& leaf, Output& out) { append_rfc3339(leaf.certificate.not_after(), out); }},
    {"validity_days", "whole days from the first to the last second", &append_validity_days},
    {"days_left", "whole days from the record's time to the end; negative behind it",
     &append_days_left},
    {"key_type", "\"RSA\", \"EC\", \"Ed25519\"",
     [](const Leaf& leaf, Output& out) {
       append_text(out, to_string(leaf.certificate.subject_public_key_info().type()));
     }},
    {"key_bits", "of the modulus, the curve's field or the key", &append_key_bits},
    {"curve", "of an EC key: \"P-256\"", &append_curve},
    {"spki_pin", "base64 of the SHA-256 of the SubjectPublicKeyInfo (RFC 7469)",
     [](const Leaf& leaf, Output& out) {
       append_text(out, crypto::spki_pin(leaf.certificate.subject_public_key_info()));
     }},
    {"signature_algorithm", "OpenSSL's name: \"ecdsa-with-SHA256\"",
     [](const Leaf& leaf, Output& out) {
       append_text(out, leaf.certificate.signature_algorithm().name());
     }},
    {"sha1", "SHA-1 of the DER, lower-case hexadecimal",
     [](const Leaf& leaf, Output& out) {
       append_quoted(out, [&] { render::append_hex(out, crypto::sha1(leaf.encoded)); });
     }},
    {"is_ca", "whether basicConstraints says that it is a CA", &append_is_ca},
    {"self_issued", "whether subject and issuer are the same octets", &append_self_issued},
    {"key_usage", "list of the bits of keyUsage: \"digitalSignature\"",
     &append_extension<KeyUsage>},
    {"ext_key_usage", "list of extKeyUsage: \"serverAuth\", or an OID", &append_ext_key_usage},
    {"policies", "list of the OIDs of certificatePolicies", &append_policies},
    {"must_staple", "whether the server has to staple an OCSP response (RFC 7633)",
     &append_must_staple},
    {"scts", "list of the SCTs inside (RFC 6962), as decode --details has them",
     &append_extension<SignedCertificateTimestamps>},
    {"findings", "list of the codes of docs/findings.md", &append_findings},
};

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

constexpr std::size_t kMaxShownName = 64;
constexpr std::size_t kMaxDistance = 3;  // beyond that two names have nothing in common

[[noreturn]] void refuse(std::string_view name) {
  name = render::cut(name, kMaxShownName);
  std::string nearest;
  for (std::size_t wanted = 1; wanted <= kMaxDistance && nearest.empty(); ++wanted) {
    for (const Field& field : kFields) {
      const bool is_near = distance(name, field.name) == wanted ||
                           (name.size() > 2 && field.name.find(name) != std::string_view::npos);
      if (is_near) nearest.append(nearest.empty() ? "" : ", ").append(field.name);
    }
  }
  std::string text = "no field is called \"" + std::string(name) + '"';
  throw std::invalid_argument(nearest.empty() ? text : text + "; there is " + nearest);
}

}  // namespace

Fields::Fields(std::string_view names) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, end);
    const auto* const field = std::ranges::find(kFields, name, &Field::name);
    if (field == std::end(kFields)) refuse(name);
    const auto row = static_cast<std::size_t>(field - std::begin(kFields));
    if (std::ranges::find(chosen_, row) != chosen_.end()) {
      throw std::invalid_argument("the field " + std::string(name) + " is asked for twice");
    }
    chosen_.push_back(row);
    if (end + 1 == names.size()) refuse("");
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

std::string_view Fields::name(std::size_t index) const noexcept {
  return kFields[chosen_[index]].name;
}

void Fields::append_value(std::size_t index, Output& out, const CertificateView& certificate,
                          Bytes encoded, std::chrono::sys_seconds time) const {
  kFields[chosen_[index]].append({certificate, encoded, time}, out);
}

std::string fields_help() {
  constexpr std::size_t kNameWidth = 22;
  std::string text;
  for (const Field& field : kFields) {
    text.append("  ").append(field.name);
    text.append(kNameWidth - field.name.size(), ' ').append(field.description).append("\n");
  }
  return text;
}

}  // namespace peercert::scan
