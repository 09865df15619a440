// SPDX-License-Identifier: Apache-2.0
#include <peercert/render/extension.hpp>
#include <peercert/render/json.hpp>
#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>

#include "render/field_json.hpp"
#include "render/field_text.hpp"
#include "render/field_values.hpp"

namespace peercert {
namespace {

// Our own name, that of the standard; else OpenSSL's; else none.
std::string_view name_of(const Extension& extension) noexcept {
  const Field field = field_of_extension(extension);
  if (field != Field::none) return to_string(field);
  const auto name = find_object_name(extension.oid);
  return name ? name->long_name : std::string_view{};
}

// What an extension decodes to, as members of the JSON object.
struct JsonMembers {
  render::JsonFields& json;

  void operator()(const MalformedExtension& malformed) const {
    json.member("error").word(to_string(malformed.error));
    json.member("octets").octets(malformed.value);
  }
  void operator()(const UnknownExtension& unknown) const {
    json.member("octets").octets(unknown.value);
  }
  void operator()(const auto& typed) const { typed.visit(json.member("value")); }
};

// The same as what stands behind a label.
struct TextBehindLabel {
  std::string& out;
  std::size_t indent;

  void operator()(const MalformedExtension& malformed) const {
    out.append(", malformed: ").append(to_string(malformed.error));
    render::TextFields text(out, indent);
    text.begin_object();
    text.member("octets").octets(malformed.value);
    text.end_object();
    text.finish();
  }
  void operator()(const UnknownExtension& unknown) const {
    render::TextFields text(out, indent);
    text.octets(unknown.value);
    text.finish();
  }
  void operator()(const auto& typed) const {
    render::TextFields text(out, indent);
    typed.visit(text);
    text.finish();
  }
};

}  // namespace

void append_extension_json(Output& out, const Extension& extension) {
  render::JsonFields json(out);
  json.begin_object();
  json.member("oid").word(render::dotted_text(extension.oid));
  const std::string_view name = name_of(extension);
  if (!name.empty()) json.member("name").word(name);
  json.member("critical").boolean(extension.critical);
  visit_extension(extension, JsonMembers{json});
  const Bytes trailing = trailing_octets(extension);
  if (!trailing.empty()) json.member("trailing").octets(trailing);
  json.end_object();
}

void append_extension_text(std::string& out, const Extension& extension, std::size_t indent) {
  const std::string_view name = name_of(extension);
  out.append(indent, ' ');
  out.append(name.empty() ? render::dotted_text(extension.oid) : name);
  if (extension.critical) out += ", critical";
  visit_extension(extension, TextBehindLabel{out, indent});
  const Bytes trailing = trailing_octets(extension);
  if (trailing.empty()) return;
  out.append(indent, ' ').append("  (behind it)");
  render::TextFields text(out, indent + 2);
  text.octets(trailing);
  text.finish();
}

}  // namespace peercert
