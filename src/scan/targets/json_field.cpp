// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/json_field.hpp"

#include <rapidjson/document.h>

#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

// Not recursive, so that no depth of the input is too much for the stack.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

rapidjson::Value as_name(std::string_view name) {
  return rapidjson::Value(
      rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
}

}  // namespace

std::string json_field(std::string_view object, std::string_view path) {
  rapidjson::Document document;
  document.Parse<kFlags>(object.data(), object.size());
  if (document.HasParseError()) throw ssl::ValueError("that is not JSON");
  const rapidjson::Value* value = &document;
  for (bool is_last = false; !is_last;) {
    const std::size_t dot = path.find('.');
    is_last = dot == path.npos;
    if (!value->IsObject()) throw ssl::ValueError("there is no JSON object with the field");
    const auto member = value->FindMember(as_name(path.substr(0, dot)));
    if (member == value->MemberEnd()) throw ssl::ValueError("the field is missing");
    value = &member->value;
    if (!is_last) path.remove_prefix(dot + 1);
  }
  if (!value->IsString()) throw ssl::ValueError("the field is no string");
  return {value->GetString(), value->GetStringLength()};
}

}  // namespace peercert::scan
