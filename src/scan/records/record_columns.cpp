// SPDX-License-Identifier: Apache-2.0
#include "scan/records/record_columns.hpp"

#include "render/json_object.hpp"
#include "scan/records/record_json.hpp"
#include "scan/records/record_text.hpp"

namespace peercert::scan {
namespace {

using render::append_number;

template <auto member>
void text(const Examination& examined, Output& out) {
  out.append(examined.record().*member);
}

template <auto member>
void duration(const Examination& examined, Output& out) {
  const std::optional<PhaseTimes::Duration> time = examined.record().times.*member;
  if (time) append_duration(out, *time);
}

void integer(Output& out, std::uint64_t number) {
  append_number(out, static_cast<std::int64_t>(number));
}

constexpr ColumnType kText = ColumnType::text;
constexpr ColumnType kInteger = ColumnType::integer;
constexpr ColumnType kReal = ColumnType::real;

// "index" and "group" are words of SQL's.
constexpr Column kColumns[] = {
    {"target_index", kInteger,
     [](const Examination& e, Output& out) { integer(out, e.record().target.index); }},
    {"line", kInteger,
     [](const Examination& e, Output& out) { integer(out, e.record().target.line); }},
    {"target", kText,
     [](const Examination& e, Output& out) { out.append(e.record().target.text); }},
    {"host", kText, &text<&Record::host>},
    {"address", kText, &text<&Record::address>},
    {"port", kInteger,
     [](const Examination& e, Output& out) { integer(out, e.record().target.port); }},
    {"server_name", kText, &text<&Record::server_name>},
    {"starttls", kText,
     [](const Examination& e, Output& out) {
       const StartTls protocol = e.record().target.start_tls;
       if (protocol != StartTls::none) out.append(to_string(protocol));
     }},
    {"time", kText, [](const Examination& e, Output& out) { append_time(out, e.record().time); }},
    {"dns_ms", kReal, &duration<&PhaseTimes::dns>},
    {"connect_ms", kReal, &duration<&PhaseTimes::connect>},
    {"starttls_ms", kReal, &duration<&PhaseTimes::start_tls>},
    {"handshake_ms", kReal, &duration<&PhaseTimes::handshake>},
    {"total_ms", kReal, &duration<&PhaseTimes::total>},
    {"attempts", kInteger,
     [](const Examination& e, Output& out) { integer(out, e.record().attempts); }},
    {"protocol", kText, &text<&Record::protocol>},
    {"cipher", kText, &text<&Record::cipher>},
    {"key_group", kText, &text<&Record::group>},
    {"alpn", kText, &text<&Record::alpn>},
    {"handshake", kText, [](const Examination& e, Output& out) { out.append(e.handshake()); }},
    {"verdict", kText,
     [](const Examination& e, Output& out) {
       if (e.has_verdict()) out.append(to_string(e.record().validation.verdict));
     }},
    {"verdict_code", kInteger,
     [](const Examination& e, Output& out) {
       if (e.has_verdict()) append_number(out, e.record().validation.code);
     }},
    {"verdict_depth", kInteger,
     [](const Examination& e, Output& out) {
       if (e.record().validation.code != 0) append_number(out, e.record().validation.depth);
     }},
    {"verdict_reason", kText,
     [](const Examination& e, Output& out) { out.append(e.record().validation.reason); }},
    {"sha256", kText,
     [](const Examination& e, Output& out) {
       if (!e.chain().empty()) render::append_hex(out, e.chain().front());
     }},
    {"chain", kText,
     [](const Examination& e, Output& out) {
       if (!e.chain().empty()) append_digests(out, e.chain());
     }},
    {"chain_length", kInteger,
     [](const Examination& e, Output& out) {
       if (!e.chain().empty()) integer(out, e.num_sent());
     }},
    {"chain_unreadable", kInteger,
     [](const Examination& e, Output& out) {
       if (!e.chain().empty()) integer(out, e.record().num_unreadable);
     }},
    {"der", kText,
     [](const Examination& e, Output& out) { render::append_base64(out, e.unreadable()); }},
    {"verified_chain", kText,
     [](const Examination& e, Output& out) {
       if (!e.verified_chain().empty()) append_digests(out, e.verified_chain());
     }},
    {"ocsp", kText,
     [](const Examination& e, Output& out) {
       if (e.record().staple) out.append(ssl::to_string(e.record().staple->verdict));
     }},
    {"error_class", kText, [](const Examination& e, Output& out) { out.append(e.error_class()); }},
    {"error_phase", kText,
     [](const Examination& e, Output& out) {
       if (e.record().failure) out.append(to_string(e.record().failure->phase));
     }},
    {"error_message", kText,
     [](const Examination& e, Output& out) { out.append(e.error_message()); }},
};

}  // namespace

std::span<const Column> record_columns() noexcept { return kColumns; }

}  // namespace peercert::scan
