// SPDX-License-Identifier: Apache-2.0
// to_json() of a text: RapidJSON reads it back, and what is not UTF-8 does no harm.
#include <rapidjson/document.h>

#include <peercert/der/strings.hpp>
#include <peercert/render/json.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const std::string json = to_json(as_text(input));
  check_shown(json);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  check(!document.HasParseError() && document.IsString());
  const std::string_view read(document.GetString(), document.GetStringLength());
  if (der::utf8_error(input) == input.size()) check(read == as_text(input));
}

}  // namespace peercert::fuzz
