// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <peercert/der/ber.hpp>
#include <peercert/der/strings.hpp>
#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/x509/extensions/crl_distribution_points.hpp>
#include <peercert/x509/extensions/info_access.hpp>
#include <peercert/x509/extensions/subject_alt_name.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>

#include "x509/oids.hpp"
#include "x509/usual_forms.hpp"

namespace peercert {
namespace {

// Looks for what cannot be presented, in the order in which Python comes to it.
class Checker {
 public:
  explicit Checker(const CertificateView& certificate) noexcept
      : certificate_(certificate), progress_{certificate.der().data()} {}

  std::optional<Bytes> value_of(ExtensionType type) const noexcept {
    return certificate_.extension(type);
  }

  // What an extension's value holds, if it is well-formed. BER that was not rewritten yet may be:
  // that is for the caller to find out.
  template <class View>
  std::optional<View> parse(Bytes value, Result<View> (*parser)(Bytes) noexcept) noexcept {
    const Result<View> view = parser(value);
    if (view) return *view;
    const Error error = view.error();
    progress_.field = error.field;
    if (is_ber(error.code) && !certificate_.is_rewritten()) {
      progress_.fail(error.code, value.data() + error.offset);
    }
    return std::nullopt;
  }

  Error error() const noexcept { return progress_.error; }
  bool failed() const noexcept { return progress_.failed(); }

  void name(NameView name, Field field) noexcept {
    progress_.field = field;
    for (const RdnView rdn : name) {
      for (const Attribute attribute : rdn) this->attribute(attribute);
    }
  }

  void alt_names(GeneralNamesView names) noexcept {
    progress_.field = SubjectAltName::kField;
    for (const GeneralName name : names) alt_name(name);
  }

  template <class Uris>
  void uris(const Uris& uris, Field field) noexcept {
    progress_.field = field;
    uris.for_each([this](Bytes uri) noexcept { utf8(uri); });
  }

 private:
  void attribute(const Attribute& attribute) noexcept {
    if (attribute.type.size() > kMaxOidLen)
      progress_.fail(Errc::oid_too_long, attribute.type.data());
    if (attribute.value_tag == der::kBitString) return;  // given as octets
    if (attribute.text().encoding == der::Encoding::none) {
      progress_.fail(Errc::unsupported_value, attribute.value.data());
    }
  }

  void alt_name(const GeneralName& name) noexcept {
    switch (name.type) {
      case GeneralNameType::dns_name:
      case GeneralNameType::rfc822_name:
      case GeneralNameType::uniform_resource_identifier: utf8(name.value); break;
      case GeneralNameType::directory_name:
        this->name(name.directory_name(), SubjectAltName::kField);
        break;
      default:
        if (const Errc error = AltNameText(name).error(); error != Errc::ok) {
          progress_.fail(error, name.value.data());
        }
    }
  }

  void utf8(Bytes octets) noexcept {
    const std::size_t error = der::utf8_error(octets);
    if (error != octets.size()) progress_.fail(Errc::invalid_characters, octets.data() + error);
  }

  const CertificateView& certificate_;
  der::Progress progress_;
};

void append_utf8(der::StringView text, std::string& out) {
  if (text.encoding == der::Encoding::utf8) {
    out.append(reinterpret_cast<const char*>(text.octets.data()), text.octets.size());
    return;
  }
  char utf8[4];
  while (!text.octets.empty()) out.append(utf8, der::encode_utf8(der::next_code_point(text), utf8));
}

std::string to_utf8(Bytes utf8) {
  return {reinterpret_cast<const char*>(utf8.data()), utf8.size()};
}

AttributeValue to_value(const Attribute& attribute) {
  if (attribute.value_tag == der::kBitString) {
    const der::BitString bits(attribute.value);
    if (bits.size() == 0) return std::monostate();
    BitStringOctets octets;
    for (std::size_t i = 0; i < bits.size(); ++i) octets.push_back(bits[i]);
    return octets;
  }
  std::string text;
  append_utf8(attribute.text(), text);
  return text;
}

DistinguishedName to_distinguished_name(NameView name) {
  DistinguishedName out;
  for (const RdnView rdn : name) {
    if (rdn.empty()) continue;  // leaves no trace in the dict
    RelativeDistinguishedName& attributes = out.emplace_back();
    for (const Attribute attribute : rdn) {
      const ObjectText type(attribute.type);
      attributes.push_back({std::string(type.view()), to_value(attribute)});
    }
  }
  return out;
}

AltName to_alt_name(const GeneralName& name) {
  const AltNameText text(name);
  AltName out{std::string(text.kind()), std::string(text.prefix()), {}};
  append_utf8(text.text(), out.value);
  out.directory_name = to_distinguished_name(name.directory_name());
  return out;
}

template <class Uris>
std::optional<std::vector<std::string>> to_strings(const Uris& uris) {
  std::vector<std::string> out;
  uris.for_each([&out](Bytes uri) { out.push_back(to_utf8(uri)); });
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace

namespace {

// Most extensions are recognised whole, and then need no further look.

void read_subject_alt_name(Checker& check, PeerCertView& view) noexcept {
  const std::optional<Bytes> value = check.value_of(ExtensionType::subject_alt_name);
  if (!value) return;
  if (const auto names = usual::ascii_items(*value, usual::dns_name, [](auto&&...) {})) {
    view.subject_alt_name = GeneralNamesView(*names);
  } else if (const auto parsed = check.parse(*value, parse_subject_alt_name)) {
    view.subject_alt_name = *parsed;
    check.alt_names(*parsed);
  }
}

void read_authority_info_access(Checker& check, PeerCertView& view) noexcept {
  using enum AccessUris::Method;
  const std::optional<Bytes> value = check.value_of(ExtensionType::authority_info_access);
  if (!value) return;
  view.ocsp = AccessUris(ocsp);
  view.ca_issuers = AccessUris(ca_issuers);
  const auto add = [&view](const usual::AccessUri& uri, Bytes description) {
    const bool is_ocsp = uri.method == static_cast<std::uint8_t>(ocsp);
    (is_ocsp ? view.ocsp : view.ca_issuers).extend(description);
  };
  if (usual::ascii_items(*value, usual::access_uri, add)) return;
  const auto parsed = check.parse(*value, parse_authority_info_access);
  view.ocsp = AccessUris(parsed.value_or(AuthorityInfoAccessView()), ocsp);
  view.ca_issuers = AccessUris(parsed.value_or(AuthorityInfoAccessView()), ca_issuers);
  check.uris(view.ocsp, AuthorityInfoAccess::kField);
  check.uris(view.ca_issuers, AuthorityInfoAccess::kField);
}

void read_crl_distribution_points(Checker& check, PeerCertView& view) noexcept {
  const std::optional<Bytes> value = check.value_of(ExtensionType::crl_distribution_points);
  if (!value) return;
  if (const auto points = usual::ascii_items(*value, usual::distribution_point, [](auto&&...) {})) {
    view.crl_distribution_points = {CrlDistributionPointsView(*points)};
  } else if (const auto parsed = check.parse(*value, parse_crl_distribution_points)) {
    view.crl_distribution_points = {*parsed};
    check.uris(view.crl_distribution_points, CrlDistributionPoints::kField);
  }
}

}  // namespace

Result<PeerCertView> PeerCertView::from(const CertificateView& certificate) noexcept {
  Result<PeerCertView> result{PeerCertView()};
  PeerCertView& view = *result;
  view.subject = certificate.subject();
  view.issuer = certificate.issuer();
  view.version = certificate.version();
  view.serial_number = certificate.serial_number();
  view.not_before = certificate.not_before();
  view.not_after = certificate.not_after();

  Checker check(certificate);
  if (certificate.has_unusual_names()) {
    check.name(view.subject, Field::subject);
    check.name(view.issuer, Field::issuer);
  }
  read_subject_alt_name(check, view);
  read_authority_info_access(check, view);
  read_crl_distribution_points(check, view);
  if (check.failed()) result = check.error();
  return result;
}

Result<PeerCertView> PeerCertDecoder::decode(Bytes input) & {
  encoded_ = {};
  if (const Error error = CertificateView::parse(input, certificate_); error.code != Errc::ok) {
    certificate_ = {};
    if (is_ber(error.code)) return decode_ber(input);
    return error;
  }
  encoded_ = certificate_.der();
  Result<PeerCertView> view = PeerCertView::from(certificate_);
  if (is_ber(view.error().code)) view = decode_ber(input);
  return view;
}

Result<PeerCertView> PeerCertDecoder::decode_ber(Bytes input) {
  const Result<Certificate> rewritten = Certificate::from_der(input);
  if (!rewritten) return rewritten.error();
  rewritten_ = *rewritten;
  certificate_ = rewritten_.view();
  const std::uint8_t* at = input.data();
  der::BerElement element;
  if (der::read_ber_element(at, at + input.size(), element) == Errc::ok) encoded_ = element.encoded;
  return PeerCertView::from(certificate_);
}

PeerCert to_peer_cert(const PeerCertView& view) {
  PeerCert out;
  out.subject = to_distinguished_name(view.subject);
  out.issuer = to_distinguished_name(view.issuer);
  out.version = view.version;
  out.serial_number = to_serial_text(view.serial_number);
  out.not_before = to_time_text(view.not_before);
  out.not_after = to_time_text(view.not_after);
  if (view.subject_alt_name) {
    std::vector<AltName>& names = out.subject_alt_name.emplace();
    // A hostile certificate has tens of thousands.
    names.reserve(static_cast<std::size_t>(std::ranges::distance(*view.subject_alt_name)));
    for (const GeneralName name : *view.subject_alt_name) names.push_back(to_alt_name(name));
  }
  out.ocsp = to_strings(view.ocsp);
  out.ca_issuers = to_strings(view.ca_issuers);
  out.crl_distribution_points = to_strings(view.crl_distribution_points);
  return out;
}

Result<PeerCert> to_peer_cert(const CertificateView& certificate) {
  const Result<PeerCertView> view = PeerCertView::from(certificate);
  if (!view) return view.error();
  return to_peer_cert(*view);
}

Result<PeerCert> to_peer_cert(Bytes input) {
  PeerCertDecoder decoder;
  const Result<PeerCertView> view = decoder.decode(input);
  if (!view) return view.error();
  return to_peer_cert(*view);
}

}  // namespace peercert
