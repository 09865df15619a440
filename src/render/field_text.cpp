// SPDX-License-Identifier: Apache-2.0
#include "render/field_text.hpp"

#include <algorithm>

#include <peercert/render/text.hpp>
#include <peercert/x509/algorithm_identifier.hpp>

#include "render/field_values.hpp"
#include "render/safe_text.hpp"

namespace peercert::render {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kOctetsPerLine = 24;

}  // namespace

TextFields::TextFields(std::string& out, std::size_t indent)
    : out_(out),
      line_start_(out.rfind('\n') == std::string::npos ? 0 : out.rfind('\n') + 1),
      frames_{{Kind::label, indent + kIndent}} {}

// What comes right behind the dash of an item shares its line.
void TextFields::start_line(std::size_t indent) {
  if (is_after_dash_) {
    is_after_dash_ = false;
    return;
  }
  out_ += '\n';
  line_start_ = out_.size();
  out_.append(indent, ' ');
}

FieldVisitor& TextFields::member(std::string_view name) {
  Frame& object = frames_.back();
  start_line(object.indent);
  object.is_empty = false;
  out_ += name;
  return *this;
}

// In a list the name begins an item, behind a label it continues the line.
FieldVisitor& TextFields::begin_choice(std::string_view name) {
  const Frame outer = frames_.back();
  frames_.back().is_empty = false;
  if (outer.kind == Kind::list) {
    start_line(outer.indent);
  } else {
    out_ += ": ";
  }
  out_ += name;
  frames_.push_back({Kind::label, outer.indent + kIndent});
  return *this;
}

void TextFields::open(Kind kind) {
  Frame& outer = frames_.back();
  std::size_t indent = outer.indent;
  if (outer.kind == Kind::list) {
    start_line(outer.indent);
    out_ += "- ";
    is_after_dash_ = true;
  }
  if (outer.kind != Kind::label) indent += kIndent;
  outer.is_empty = false;
  frames_.push_back({kind, indent});
}

// What holds nothing says so: the line would end in its label, or a dash.
void TextFields::close() {
  const bool was_empty = frames_.back().is_empty;
  frames_.pop_back();
  if (!was_empty) return;
  out_ += is_after_dash_ ? "(empty)" : ": (empty)";
  is_after_dash_ = false;
}

void TextFields::put(std::string_view text, Form form) {
  if (frames_.back().kind == Kind::list) return put_item(text, form);
  frames_.back().is_empty = false;
  out_.append(": ").append(text);
}

// Short items share lines, of which the first is the label's; others have one each.
void TextFields::put_item(std::string_view text, Form form) {
  Frame& list = frames_.back();
  const bool is_first = list.is_empty;
  list.is_empty = false;
  if (form == Form::line || is_after_dash_) {
    start_line(list.indent);
    out_ += text;
    return;
  }
  out_ += is_first ? ":" : ",";
  if (column() + 1 + text.size() > kTextWidth) {
    start_line(list.indent);
  } else {
    out_ += ' ';
  }
  out_ += text;
}

void TextFields::integer(Bytes content) { put(integer_text(content), Form::short_item); }

void TextFields::octets(Bytes octets) {
  if (octets.empty()) return put("(no octets)", Form::line);
  if (octets.size() <= kOctetsPerLine) return put(to_hex(octets, ":"), Form::line);
  Frame& frame = frames_.back();
  frame.is_empty = false;
  const std::size_t indent = frame.indent + (frame.kind == Kind::object ? kIndent : 0);
  while (!octets.empty()) {
    const std::size_t len = std::min(octets.size(), kOctetsPerLine);
    start_line(indent);
    out_ += to_hex(octets.first(len), ":");
    octets = octets.subspan(len);
    if (!octets.empty()) out_ += ':';
  }
}

void TextFields::oid(Bytes content) {
  const std::string dotted = dotted_text(content);
  const std::string_view name = AlgorithmIdentifier{content, {}}.name();
  if (name.empty()) return put(dotted, Form::short_item);
  put(std::string(name).append(" (").append(dotted).append(")"), Form::short_item);
}

void TextFields::text(der::StringView text) {
  std::string safe;
  if (text.encoding == der::Encoding::utf8) {
    append_safe(text.octets, safe);
  } else if (is_well_formed(text)) {
    append_safe(text, safe);
  } else {
    safe = '#' + to_hex(text.octets, {});
  }
  put(safe.empty() ? "(no characters)" : std::string_view(safe), Form::line);
}

void TextFields::name(NameView name) {
  const std::string text = to_text(name);
  put(text.empty() ? "(empty)" : std::string_view(text), Form::line);
}

void TextFields::ip_address(Bytes address, Bytes mask) {
  put(ip_address_text(address, mask), Form::line);
}

void TextFields::time(const DateTime& time) { put(time_text(time), Form::line); }

}  // namespace peercert::render
