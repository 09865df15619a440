// SPDX-License-Identifier: Apache-2.0
// PeerCertDecoder and the renderers: both forms of the dict give the same text, JSON is JSON, and
// what people read is safe to show.
#include <rapidjson/document.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/render/text.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

void check_json(const std::string& json) {
  check_shown(json);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  check(!document.HasParseError() && document.IsObject());
  for (const char* key : {"subject", "issuer", "version", "serialNumber", "notBefore", "notAfter"})
    check(document.HasMember(key));
}

void check_dict(const PeerCertView& view) {
  const PeerCert owned = to_peer_cert(view);
  check(!owned.empty());
  const std::string repr = to_python_repr(view);
  check_shown(repr);
  check(repr == to_python_repr(owned));
  const std::string json = to_json(view);
  check_json(json);
  check(json == to_json(owned));
}

}  // namespace

void run(Bytes input) {
  PeerCertDecoder decoder;
  const Result<PeerCertView> view = decoder.decode(input);
  if (view) check_dict(*view);
  check(to_peer_cert(input).error() == view.error());
  check(decoder.has_certificate() || !view);
  if (!decoder.has_certificate()) return;
  check(!decoder.encoded().empty() && decoder.encoded().data() == input.data());
  check_shown(to_text(decoder.certificate(), TextOptions{}));
}

}  // namespace peercert::fuzz
