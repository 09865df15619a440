// SPDX-License-Identifier: Apache-2.0
#include "render/field_json.hpp"

#include <peercert/render/json.hpp>
#include <peercert/x509/algorithm_identifier.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/field_values.hpp"

namespace peercert::render {

void JsonFields::separate() {
  if (needs_comma_) out_.append(',');
  needs_comma_ = true;
}

void JsonFields::open(char bracket) {
  separate();
  out_.append(bracket);
  needs_comma_ = false;
}

void JsonFields::close(char bracket) {
  out_.append(bracket);
  needs_comma_ = true;
}

FieldVisitor& JsonFields::member(std::string_view name) {
  word(name);
  out_.append(':');
  needs_comma_ = false;
  return *this;
}

FieldVisitor& JsonFields::begin_choice(std::string_view name) {
  open('{');
  return member(name);
}

void JsonFields::word(std::string_view word) {
  separate();
  out_.append('"');
  out_.append(word);
  out_.append('"');
}

void JsonFields::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
}

void JsonFields::integer(Bytes content) {
  if (!is_small_integer(content)) return word(integer_text(content));
  separate();
  out_.append(integer_text(content));
}

void JsonFields::number(std::uint64_t number) {
  separate();
  out_.append(std::to_string(number));
}

void JsonFields::octets(Bytes octets) {
  constexpr std::string_view kHex = "0123456789abcdef";
  separate();
  out_.append('"');
  for (const std::uint8_t octet : octets) {
    out_.append(kHex[octet >> 4]);
    out_.append(kHex[octet & 0x0f]);
  }
  out_.append('"');
}

void JsonFields::oid(Bytes content) {
  begin_object();
  member("oid").word(dotted_text(content));
  const std::string_view name = AlgorithmIdentifier{content, {}}.name();
  if (!name.empty()) member("name").word(name);
  end_object();
}

void JsonFields::text(der::StringView text) {
  if (!is_well_formed(text)) {
    begin_choice("hex").octets(text.octets);
    return end_choice();
  }
  separate();
  out_.append(to_json(to_utf8(text)));
}

// As the dict has it: [[["commonName", "example.org"]]].
void JsonFields::name(NameView name) {
  begin_list();
  for (const RdnView rdn : name) {
    begin_list();
    for (const Attribute pair : rdn) attribute(pair);
    end_list();
  }
  end_list();
}

void JsonFields::attribute(const Attribute& attribute) {
  const auto name = find_object_name(attribute.type);
  begin_list();
  name ? word(name->long_name) : word(dotted_text(attribute.type));
  if (attribute.text().encoding == der::Encoding::none) {
    begin_choice("hex").octets(attribute.value);
    end_choice();
  } else {
    text(attribute.text());
  }
  end_list();
}

void JsonFields::ip_address(Bytes address, Bytes mask) { word(ip_address_text(address, mask)); }

void JsonFields::time(const DateTime& time) { word(rfc3339_text(time)); }

}  // namespace peercert::render
