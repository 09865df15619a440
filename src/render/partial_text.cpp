// SPDX-License-Identifier: Apache-2.0
#include <peercert/render/extension.hpp>
#include <peercert/render/partial_text.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/safe_text.hpp"

namespace peercert {
namespace {

constexpr std::size_t kLabelWidth = 22;
constexpr std::size_t kMaxShownOctets = 32;

std::string octets_text(Bytes octets) {
  if (octets.size() <= kMaxShownOctets) return render::to_hex(octets, ":");
  std::string text = render::to_hex(octets.first(kMaxShownOctets), ":");
  return text.append("... ").append(std::to_string(octets.size())).append(" octets");
}

std::string oid_text(Bytes oid) {
  const ObjectText text(oid);
  return text.view().empty() ? octets_text(oid) : std::string(text.view());
}

std::string value_text(Bytes content) { return octets_text(content); }
std::string value_text(NameView name) {
  const std::string text = to_text(name);
  return text.empty() ? "(empty)" : text;
}
std::string value_text(TimeView time) {
  std::string text;
  render::append_safe(time.content, text);
  return text;
}
std::string value_text(const AlgorithmIdentifier& algorithm) {
  return oid_text(algorithm.algorithm);
}
std::string value_text(const PublicKeyView& key) {
  return key.name().empty() ? oid_text(key.algorithm.algorithm) : std::string(key.name());
}

class Lines {
 public:
  explicit Lines(std::string_view indent) : indent_(indent) {}

  template <class T>
  void add(Field field, const PartialField<T>& read) {
    if (!read.is_readable()) return add_error(to_string(field), read);
    add(to_string(field), value_text(read.value));
  }

  void add(const PartialExtensions& extensions) {
    for (const auto& extension : extensions) {
      if (extension.is_readable()) {
        append_extension_text(out_, extension.value, indent_.size());
      } else {
        add_error("extension", extension);
      }
    }
  }

  // Why the field is not there, if it has to be; its octets, if there are any.
  template <class T>
  void add_error(std::string_view label, const PartialField<T>& read) {
    if (read.error.code == Errc::ok) return;
    std::string text = "not readable: ";
    text.append(to_string(read.error.code)).append(" at byte ");
    add(label, text.append(std::to_string(read.error.offset)));
    if (!read.is_absent()) add("", octets_text(read.encoded));
  }

  std::string take() { return std::move(out_); }

 private:
  void add(std::string_view label, std::string_view value) {
    out_.append(indent_).append(label).append(kLabelWidth - label.size(), ' ');
    out_.append(value).append("\n");
  }

  std::string_view indent_;
  std::string out_;
};

}  // namespace

std::string to_text(const PartialCertificate& certificate, std::string_view indent) {
  Lines lines(indent);
  lines.add(Field::version, certificate.version);
  lines.add(Field::serial_number, certificate.serial_number);
  lines.add(Field::signature, certificate.signature);
  lines.add(Field::issuer, certificate.issuer);
  lines.add(Field::not_before, certificate.not_before);
  lines.add(Field::not_after, certificate.not_after);
  lines.add(Field::subject, certificate.subject);
  lines.add(Field::subject_public_key_info, certificate.subject_public_key_info);
  lines.add(Field::issuer_unique_id, certificate.issuer_unique_id);
  lines.add(Field::subject_unique_id, certificate.subject_unique_id);
  lines.add_error(to_string(Field::extensions), certificate.extensions);
  lines.add(certificate.extensions.value);
  lines.add(Field::signature_algorithm, certificate.signature_algorithm);
  lines.add(Field::signature_value, certificate.signature_value);
  return lines.take();
}

}  // namespace peercert
