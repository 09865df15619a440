// SPDX-License-Identifier: Apache-2.0
#include "scan/records/record_json.hpp"

#include <algorithm>
#include <chrono>

#include <peercert/render/json.hpp>

#include "render/json_object.hpp"
#include "render/rfc3339.hpp"

namespace peercert::scan {
namespace {

using columns::JsonValues;
using render::JsonObject;

void add_unless_empty(JsonObject& object, std::string_view name, std::string_view value) {
  if (!value.empty()) object.add(name, value);
}

void add_if_there(JsonObject& object, std::string_view name,
                  const std::optional<std::chrono::sys_seconds>& time) {
  if (!time) return;
  Output& out = object.member(name);
  out.append('"');
  render::append_rfc3339(out, *time);
  out.append('"');
}

void append_times(Output& out, const PhaseTimes& times) {
  JsonObject object(out);
  const auto add = [&object](Phase phase, const std::optional<PhaseTimes::Duration>& duration) {
    if (duration) render::append_milliseconds(object.member(to_string(phase)), *duration);
  };
  add(Phase::dns, times.dns);
  add(Phase::connect, times.connect);
  add(Phase::start_tls, times.start_tls);
  add(Phase::handshake, times.handshake);
  render::append_milliseconds(object.member("total"), times.total);
  object.close();
}

void append_verdict(Output& out, const Validation& validation) {
  JsonObject object(out);
  object.add("status", to_string(validation.verdict)).add("code", validation.code);
  if (validation.code != 0) object.add("depth", validation.depth);
  object.add("reason", validation.reason);
  object.close();
}

void append_error(Output& out, const RecordView& view) {
  const std::optional<Failure>& failure = view.record().failure;
  JsonObject object(out);
  object.add("class", view.error_class());
  if (failure) object.add("phase", to_string(failure->phase));
  object.add("message", view.error_message());
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

// From the first of these columns to the last.
std::span<const RecordColumn> columns_from(std::string_view first, std::string_view last) {
  const auto all = record_columns();
  const auto begin = std::ranges::find(all, first, &RecordColumn::name);
  return {begin, std::ranges::find(begin, all.end(), last, &RecordColumn::name) + 1};
}

std::span<const RecordColumn> column_of(std::string_view name) { return columns_from(name, name); }

template <class Row>
void add(JsonValues& object, const columns::Column<Row>& column, const Row& row) {
  object.name(column.name);
  column.visit(row, object);
}

void add_each(JsonValues& object, std::span<const RecordColumn> chosen, const RecordView& view) {
  for (const RecordColumn& column : chosen) add(object, column, view);
}

Output& member(JsonValues& object, std::string_view name) {
  object.name(name);
  return object.begin();
}

}  // namespace

RecordJson::RecordJson(Fields fields)
    : fields_(std::move(fields)),
      target_(columns_from("line", "time")),
      tls_(columns_from("attempts", "cipher")),
      handshake_(columns_from("alpn", "handshake")),
      sha256_(column_of("sha256")),
      der_(column_of("der")),
      chain_(columns_from("chain", "chain_length")),
      verified_chain_(column_of("verified_chain")) {}

void append_fields(JsonValues& values, const Fields& fields, const RecordView& view) {
  if (view.certificate() == nullptr) return;
  const auto time = std::chrono::floor<std::chrono::seconds>(view.record().time);
  const columns::CertificateRow row = view.chain().front().row(time, fields.needs());
  JsonValues object(values.begin());
  object.begin_object();
  for (const CertificateColumn* const column : fields.columns()) add(object, *column, row);
  object.end_object();
}

void RecordJson::append(Output& out, const RecordView& view) const {
  const Record& record = view.record();
  JsonValues object(out);
  object.begin_object();
  append_json(member(object, "schema"), "peercert.scan/1");
  render::append_number(member(object, "index"), static_cast<std::int64_t>(record.target.index));
  add_each(object, target_, view);
  add_connection(object, view);
  if (!record.chain.empty()) add_certificate(object, view);
  if (record.staple) append_staple(member(object, "ocsp"), *record.staple);
  if (!view.error_class().empty()) append_error(member(object, "error"), view);
  object.end_object();
}

void RecordJson::add_connection(JsonValues& object, const RecordView& view) const {
  const Record& record = view.record();
  append_times(member(object, "times"), record.times);
  add_each(object, tls_, view);
  if (!record.group.empty()) append_json(member(object, "group"), record.group);
  add_each(object, handshake_, view);
  if (view.has_verdict()) append_verdict(member(object, "verdict"), record.validation);
}

void RecordJson::add_certificate(JsonValues& object, const RecordView& view) const {
  add_each(object, sha256_, view);
  if (const PeerCertView* const dict = view.dict()) append_json(member(object, "peercert"), *dict);
  if (!fields_.empty()) {
    object.name("fields");
    append_fields(object, fields_, view);
  }
  add_each(object, der_, view);
  add_each(object, chain_, view);
  const auto num_unreadable = static_cast<std::int64_t>(view.record().num_unreadable);
  if (num_unreadable > 0) {
    render::append_number(member(object, "chain_unreadable"), num_unreadable);
  }
  add_each(object, verified_chain_, view);
}

}  // namespace peercert::scan
