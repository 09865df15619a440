// SPDX-License-Identifier: Apache-2.0
#include "render/name_text.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <peercert/peer/alt_name_text.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/safe_text.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

using render::append_safe;
using render::to_hex;

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
  const ObjectText type(attribute.type);
  std::string out(name ? name->short_name : type.view());
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

}  // namespace

std::string render::alt_name_text(const GeneralName& name) {
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

}  // namespace peercert
