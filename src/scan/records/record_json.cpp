// SPDX-License-Identifier: Apache-2.0
#include "scan/records/record_json.hpp"

#include "render/json_object.hpp"
#include "scan/records/record_text.hpp"

namespace peercert::scan {
namespace {

using render::JsonObject;

void add_unless_empty(JsonObject& object, std::string_view name, std::string_view value) {
  if (!value.empty()) object.add(name, value);
}

template <class Time>
void add_time(JsonObject& object, std::string_view name, Time time) {
  Output& out = object.member(name);
  out.append('"');
  append_time(out, time);
  out.append('"');
}

template <class Time>
void add_if_there(JsonObject& object, std::string_view name, const std::optional<Time>& time) {
  if (time) add_time(object, name, *time);
}

void append_times(Output& out, const PhaseTimes& times) {
  JsonObject object(out);
  const auto add = [&object](Phase phase, const std::optional<PhaseTimes::Duration>& duration) {
    if (duration) append_duration(object.member(to_string(phase)), *duration);
  };
  add(Phase::dns, times.dns);
  add(Phase::connect, times.connect);
  add(Phase::start_tls, times.start_tls);
  add(Phase::handshake, times.handshake);
  append_duration(object.member("total"), times.total);
  object.close();
}

void append_verdict(Output& out, const Validation& validation) {
  JsonObject object(out);
  object.add("status", to_string(validation.verdict)).add("code", validation.code);
  if (validation.code != 0) object.add("depth", validation.depth);
  object.add("reason", validation.reason);
  object.close();
}

void append_error(Output& out, const Examination& examined) {
  const std::optional<Failure>& failure = examined.record().failure;
  JsonObject object(out);
  object.add("class", examined.error_class());
  if (failure) object.add("phase", to_string(failure->phase));
  object.add("message", examined.error_message());
  object.close();
}

std::string_view to_string(ssl::OcspStatus status) noexcept {
  switch (status) {
    case ssl::OcspStatus::good: return "good";
    case ssl::OcspStatus::revoked: return "revoked";
    case ssl::OcspStatus::unknown: return "unknown";
  }
  return {};
}

void append_staple(Output& out, const ssl::OcspStaple& staple) {
  JsonObject object(out);
  object.add("verdict", ssl::to_string(staple.verdict));
  add_unless_empty(object, "problem", staple.problem);
  add_unless_empty(object, "responder", staple.responder);
  add_if_there(object, "produced_at", staple.produced_at);
  if (staple.status) object.add("status", to_string(*staple.status));
  add_if_there(object, "this_update", staple.this_update);
  add_if_there(object, "next_update", staple.next_update);
  add_if_there(object, "revocation_time", staple.revocation_time);
  if (staple.revocation_reason) object.add("revocation_reason", *staple.revocation_reason);
  object.close();
}

void add_target(JsonObject& object, const Record& record) {
  const Target& target = record.target;
  object.add("schema", "peercert.scan/1").add("index", static_cast<std::int64_t>(target.index));
  object.add("line", static_cast<std::int64_t>(target.line)).add("target", target.text);
  add_unless_empty(object, "host", record.host);
  add_unless_empty(object, "address", record.address);
  object.add("port", target.port);
  add_unless_empty(object, "server_name", record.server_name);
  if (target.start_tls != StartTls::none) object.add("starttls", to_string(target.start_tls));
}

void add_connection(JsonObject& object, const Examination& examined) {
  const Record& record = examined.record();
  add_time(object, "time", record.time);
  append_times(object.member("times"), record.times);
  object.add("attempts", record.attempts);
  add_unless_empty(object, "protocol", record.protocol);
  add_unless_empty(object, "cipher", record.cipher);
  add_unless_empty(object, "group", record.group);
  add_unless_empty(object, "alpn", record.alpn);
  add_unless_empty(object, "handshake", examined.handshake());
  if (examined.has_verdict()) append_verdict(object.member("verdict"), record.validation);
}

}  // namespace

void append_digests(Output& out, std::span<const crypto::Sha256Digest> digests) {
  render::append_array(out, digests, [&out](const crypto::Sha256Digest& digest) {
    out.append('"');
    render::append_hex(out, digest);
    out.append('"');
  });
}

void append_fields(Output& out, const Fields& fields, const Examination& examined, Output& value) {
  const CertificateView* const certificate = examined.certificate();
  if (certificate == nullptr) return;
  const auto time = std::chrono::floor<std::chrono::seconds>(examined.record().time);
  JsonObject object(out);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    value.clear();
    fields.append_value(i, value, *certificate, examined.record().chain.front(), time);
    if (value.size() > 0) object.member(fields.name(i)).append(value.view());
  }
  object.close();
}

void RecordJson::append(Output& out, const Record& record) {
  examined_.examine(record);
  JsonObject object(out);
  add_target(object, record);
  add_connection(object, examined_);
  if (!record.chain.empty()) add_certificate(object);
  if (record.staple) append_staple(object.member("ocsp"), *record.staple);
  if (!examined_.error_class().empty()) append_error(object.member("error"), examined_);
  object.close();
}

void RecordJson::add_certificate(JsonObject& object) {
  object.add_hex("sha256", examined_.chain().front());
  if (examined_.dict() != nullptr) append_json(object.member("peercert"), *examined_.dict());
  if (!fields_.empty() && examined_.certificate() != nullptr) {
    append_fields(object.member("fields"), fields_, examined_, value_);
  }
  if (!examined_.unreadable().empty()) {
    Output& out = object.member("der");
    out.append('"');
    render::append_base64(out, examined_.unreadable());
    out.append('"');
  }
  append_digests(object.member("chain"), examined_.chain());
  object.add("chain_length", static_cast<std::int64_t>(examined_.num_sent()));
  const auto num_unreadable = static_cast<std::int64_t>(examined_.record().num_unreadable);
  if (num_unreadable > 0) object.add("chain_unreadable", num_unreadable);
  if (!examined_.verified_chain().empty()) {
    append_digests(object.member("verified_chain"), examined_.verified_chain());
  }
}

}  // namespace peercert::scan
