// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/columns/json_values.hpp>
#include <peercert/render/json.hpp>

#include "columns/value_text.hpp"
#include "render/field_json.hpp"
#include "render/json_object.hpp"

namespace peercert::columns {

void JsonValues::begin_object() {
  begin().append('{');
  has_members_ = false;
}

void JsonValues::end_object() {
  out_.append('}');
  name_ = {};
}

Output& JsonValues::begin() {
  if (is_in_list_) {
    if (has_items_) out_.append(',');
    has_items_ = true;
  } else if (!name_.empty()) {
    constexpr std::size_t kSignsLen = 4;
    char* at = out_.reserve(name_.size() + kSignsLen);
    if (has_members_) *at++ = ',';
    has_members_ = true;
    *at++ = '"';
    at = std::copy_n(name_.data(), name_.size(), at);
    *at++ = '"';
    *at++ = ':';
    out_.set_end(at);
    name_ = {};
  }
  return out_;
}

void JsonValues::string(std::string_view text) { append_json(begin(), text); }

void JsonValues::binary(Bytes bytes, BinaryText text) {
  begin().append('"');
  append_text(out_, bytes, text);
  out_.append('"');
}

void JsonValues::boolean(bool value) { append_text(begin(), value); }

void JsonValues::int64(std::int64_t number) { render::append_number(begin(), number); }

void JsonValues::timestamp(Timestamp time, TimeText text) {
  begin().append('"');
  append_text(out_, time, text);
  out_.append('"');
}

void JsonValues::duration(Duration duration) { render::append_milliseconds(begin(), duration); }

void JsonValues::begin_list() {
  begin().append('[');
  is_in_list_ = true;
  has_items_ = false;
}

void JsonValues::end_list() {
  out_.append(']');
  is_in_list_ = false;
}

FieldVisitor& JsonValues::begin_fields() {
  fields_ = std::make_unique<render::JsonFields>(begin());
  return *fields_;
}

}  // namespace peercert::columns
