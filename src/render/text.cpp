// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <vector>

#include <peercert/der/strings.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/dict.hpp"
#include "render/safe_text.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

using render::append_safe;
using render::to_hex;

constexpr std::size_t kLabelWidth = 12;
constexpr std::size_t kTextWidth = 88;

// ---- names

bool has_text(const Attribute& attribute) noexcept {
  return attribute.text().encoding != der::Encoding::none;
}

// RFC 4514, 2.4: characters with a meaning of their own take a backslash.
std::string escape_rfc4514(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_edge_space = text[i] == ' ' && (i == 0 || i + 1 == text.size());
    const bool is_leading_hash = text[i] == '#' && i == 0;
    const bool is_special = std::string_view(",+\"<>;").find(text[i]) != std::string_view::npos;
    if (is_special || is_edge_space || is_leading_hash) out += '\\';
    out += text[i];
  }
  return out;
}

std::string value_text(const Attribute& attribute) {
  if (!has_text(attribute)) return '#' + to_hex(attribute.value, {});
  std::string text;
  append_safe(attribute.text(), text);
  return text;
}

std::string attribute_text(const Attribute& attribute) {
  const std::optional<ObjectName> name = find_object_name(attribute.type);
  std::string out(name ? name->short_name : ObjectText(attribute.type).view());
  if (out.empty()) out = "OID." + to_hex(attribute.type, {});  // over kMaxOidLen
  const std::string value = value_text(attribute);
  return out + '=' + (has_text(attribute) ? escape_rfc4514(value) : value);
}

std::optional<std::string> last_value_of(NameView name, Bytes type) {
  std::optional<std::string> found;
  for (const RdnView rdn : name) {
    for (const Attribute attribute : rdn) {
      if (oids::equal(attribute.type, type)) found = value_text(attribute);
    }
  }
  return found;
}

// One name of a list: what separates the names may not stand in one as it is.
std::string escape_separators(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c == ',' || c == ' ') out += '\\';
    out += c;
  }
  return out;
}

std::string alt_name_text(const GeneralName& name) {
  if (name.type == GeneralNameType::directory_name) return to_text(name.directory_name());
  const AltNameText text(name);
  std::string out(text.prefix());
  append_safe(text.text().octets, out);
  out = escape_separators(out);
  switch (name.type) {
    case GeneralNameType::dns_name:
    case GeneralNameType::ip_address:
    case GeneralNameType::rfc822_name:
    case GeneralNameType::uniform_resource_identifier: return out;  // tells by itself what it is
    default: return std::string(text.kind()) + ' ' + out;
  }
}

// ---- times

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::string time_text(TimeView time) {
  const std::optional<DateTime> date = time.parse();
  if (!date) return "(not a date)";
  return std::to_string(date->year) + '-' + two_digits(date->month) + '-' + two_digits(date->day) +
         ' ' + two_digits(date->hour) + ':' + two_digits(date->minute) + ':' +
         two_digits(date->second) + " UTC";
}

std::string count(std::int64_t number, std::string_view unit) {
  return std::to_string(number).append(" ").append(unit).append(number == 1 ? "" : "s");
}

std::string span_text(seconds span) {
  if (span >= days(2)) return count(std::chrono::floor<days>(span).count(), "day");
  if (span >= hours(2)) return count(std::chrono::floor<hours>(span).count(), "hour");
  return count(std::chrono::floor<std::chrono::minutes>(span).count(), "minute");
}

// ---- rows

class Rows {
 public:
  explicit Rows(std::string_view indent) : indent_(indent) {}

  void add(std::string_view label, std::string_view value) {
    out_.append(indent_)
        .append(label)
        .append(kLabelWidth - label.size(), ' ')
        .append(value)
        .append("\n");
  }
  // Items with commas between them, on as many lines as they need.
  void add_list(std::string_view label, const std::vector<std::string>& items) {
    std::string line;
    for (std::size_t i = 0; i < items.size(); ++i) {
      line += items[i];
      const bool is_last = i + 1 == items.size();
      if (!is_last) line += ',';
      if (!is_last && line.size() + items[i + 1].size() < kTextWidth) {
        line += ' ';
        continue;
      }
      add(label, line);
      label = {};
      line.clear();
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string_view indent_;
  std::string out_;
};

std::vector<std::string> names_of(const PeerCertView& peer) {
  std::vector<std::string> names;
  if (!peer.subject_alt_name) return names;
  for (const GeneralName name : *peer.subject_alt_name) names.push_back(alt_name_text(name));
  return names;
}

template <class Uris>
std::vector<std::string> texts_of(const Uris& uris) {
  std::vector<std::string> texts;
  uris.for_each([&texts](Bytes uri) { append_safe(uri, texts.emplace_back()); });
  return texts;
}

std::string key_text(const PublicKeyView& key) {
  std::string text(key.name());
  if (text.empty()) text = ObjectText(key.algorithm.algorithm).view();
  // Other names than RSA's tell the size.
  if (text == "RSA") text.append(" ").append(std::to_string(key.bits())).append(" bits");
  return text;
}

std::string algorithm_text(const AlgorithmIdentifier& algorithm) {
  return std::string(ObjectText(algorithm.algorithm).view());
}

std::string serial_text(Bytes content) {
  std::string text = to_serial_text(content);
  if (text.ends_with('\n')) text.replace(text.size() - 2, 2, "...");
  return text;
}

}  // namespace

std::string to_text(NameView name) {
  std::vector<std::string> rdns;
  for (const RdnView rdn : name) {
    std::string attributes;
    for (const Attribute attribute : rdn) {
      if (!attributes.empty()) attributes += " + ";
      attributes += attribute_text(attribute);
    }
    if (!attributes.empty()) rdns.push_back(std::move(attributes));
  }
  std::string out;
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) {
    if (!out.empty()) out += ", ";
    out += *rdn;
  }
  return out;
}

std::string to_short_text(NameView name) {
  for (const Bytes type : {Bytes(oids::kCommonName), Bytes(oids::kOrganizationName)}) {
    if (const std::optional<std::string> value = last_value_of(name, type)) return *value;
  }
  return to_text(name);
}

std::string validity_text(const CertificateView& certificate, sys_seconds now) {
  const std::optional<DateTime> not_before = certificate.not_before().parse();
  const std::optional<DateTime> not_after = certificate.not_after().parse();
  if (!not_before || !not_after) return "validity is not a date";
  if (now < not_before->to_sys_seconds()) {
    return "not yet valid, starts in " + span_text(not_before->to_sys_seconds() - now);
  }
  if (now > not_after->to_sys_seconds()) {
    return "expired " + span_text(now - not_after->to_sys_seconds()) + " ago";
  }
  return span_text(not_after->to_sys_seconds() - now) + " left";
}

std::string to_text(const CertificateView& certificate, const TextOptions& options) {
  Rows rows(options.indent);
  const std::string subject = to_text(certificate.subject());
  rows.add("Subject", subject.empty() ? "(empty)" : subject);
  const Result<PeerCertView> peer = PeerCertView::from(certificate);
  if (peer) rows.add_list("Names", names_of(*peer));
  rows.add("Valid", time_text(certificate.not_before()) + " to " +
                        time_text(certificate.not_after()) + " (" +
                        validity_text(certificate, options.now) + ")");
  rows.add("Issuer", to_text(certificate.issuer()));
  rows.add("Key", key_text(certificate.subject_public_key_info()));
  rows.add("Signature", algorithm_text(certificate.signature_algorithm()));
  rows.add("Serial", serial_text(certificate.serial_number()));
  if (!options.sha256.empty()) rows.add("SHA-256", to_hex(options.sha256, ":"));
  if (peer) {
    rows.add_list("OCSP", texts_of(peer->ocsp));
    rows.add_list("CA issuers", texts_of(peer->ca_issuers));
    rows.add_list("CRL", texts_of(peer->crl_distribution_points));
  } else {
    rows.add("Note", "getpeercert() cannot present it: " + to_string(peer.error()));
  }
  return rows.take();
}

}  // namespace peercert
