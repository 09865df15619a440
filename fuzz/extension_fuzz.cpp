// SPDX-License-Identifier: Apache-2.0
// Every extension of the table: errors lie inside the value, JSON is JSON, text is lines that may
// be shown, and neither is large for a small value.
#include <rapidjson/document.h>

#include <peercert/render/extension.hpp>

#include "extension_choice.hpp"

namespace peercert::fuzz {
namespace {

// The longest name of an identifier of three octets, with its punctuation and indentation, for each
// octet of the value: what lists of the smallest items come to.
constexpr std::size_t kMaxGrowth = 64;
constexpr std::size_t kMaxFrame = 4096;

void check_json(const Extension& extension) {
  Output out;
  append_extension_json(out, extension);
  check_shown(out.view());
  check(out.size() <= extension.value.size() * kMaxGrowth + kMaxFrame);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(out.view().data(), out.size());
  check(!document.HasParseError() && document.IsObject());
  const bool is_malformed = error_of(extension).code != Errc::ok;
  check(document.HasMember("error") == is_malformed);
  check(document.HasMember("value") != document.HasMember("octets"));
}

void check_text(const Extension& extension) {
  std::string text;
  append_extension_text(text, extension, 2);
  check_shown(text);
  check(text.size() <= extension.value.size() * kMaxGrowth + kMaxFrame);
  check(text.starts_with("  ") && text.ends_with('\n'));
  check(text.find("\n\n") == std::string::npos);
}

}  // namespace

void run(Bytes input) {
  if (input.empty()) return;
  const Extension extension = choose_extension(input);
  check(error_of(extension).offset <= extension.value.size());
  check_json(extension);
  check_text(extension);
}

}  // namespace peercert::fuzz
