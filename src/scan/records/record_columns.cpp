// SPDX-License-Identifier: Apache-2.0
#include <peercert/scan/record_columns.hpp>

namespace peercert::scan {
namespace {

using columns::BinaryText;
using columns::ColumnType;
using columns::TimeText;
using columns::ValueType;
using columns::ValueVisitor;

constexpr ColumnType kString{ValueType::string};
constexpr ColumnType kBinary{ValueType::binary};
constexpr ColumnType kDigests{ValueType::binary, true};
constexpr ColumnType kInt64{ValueType::int64};
constexpr ColumnType kTimestamp{ValueType::timestamp};
constexpr ColumnType kDuration{ValueType::duration};

void visit_unless_empty(std::string_view text, ValueVisitor& to) {
  if (!text.empty()) to.string(text);
}

template <auto member>
void visit_text(const RecordView& view, ValueVisitor& to) {
  visit_unless_empty(view.record().*member, to);
}

template <auto member>
void visit_duration(const RecordView& view, ValueVisitor& to) {
  const std::optional<PhaseTimes::Duration> time = view.record().times.*member;
  if (time) to.duration(*time);
}

void visit_number(std::uint64_t number, ValueVisitor& to) {
  to.int64(static_cast<std::int64_t>(number));
}

void visit_sha256(const CertificateEntry& entry, ValueVisitor& to) {
  to.binary(entry.sha256(), BinaryText::hex);
}

void visit_chain(const RecordView& view, ValueVisitor& to) {
  if (view.chain().empty()) return;
  to.begin_list();
  for (const CertificateEntry& entry : view.chain()) visit_sha256(entry, to);
  to.end_list();
}

void visit_verified_chain(const RecordView& view, ValueVisitor& to) {
  if (view.verified_chain().empty()) return;
  to.begin_list();
  for (const CertificateEntry* entry : view.verified_chain()) visit_sha256(*entry, to);
  to.end_list();
}

// "index" and "group" are words of SQL's.
constexpr RecordColumn kColumns[] = {
    {"target_index", kInt64, "number of the target, from 0",
     [](const RecordView& view, ValueVisitor& to) {
       visit_number(view.record().target.index, to);
     }},
    {"line", kInt64, "line of the input, from 1",
     [](const RecordView& view, ValueVisitor& to) { visit_number(view.record().target.line, to); }},
    {"target", kString, "the target as the input has it",
     [](const RecordView& view, ValueVisitor& to) { to.string(view.record().target.text); }},
    {"host", kString, "the host whose address it is", &visit_text<&Record::host>},
    {"address", kString, "the last address that was tried", &visit_text<&Record::address>},
    {"port", kInt64, "the port",
     [](const RecordView& view, ValueVisitor& to) { visit_number(view.record().target.port, to); }},
    {"server_name", kString, "the name that was sent (SNI)", &visit_text<&Record::server_name>},
    {"starttls", kString, "the protocol before TLS",
     [](const RecordView& view, ValueVisitor& to) {
       const StartTls protocol = view.record().target.start_tls;
       if (protocol != StartTls::none) to.string(to_string(protocol));
     }},
    {"time", kTimestamp, "when the first phase began",
     [](const RecordView& view, ValueVisitor& to) {
       to.timestamp(view.record().time, TimeText::milliseconds);
     }},
    {"dns_ms", kDuration, "how long the name took", &visit_duration<&PhaseTimes::dns>},
    {"connect_ms", kDuration, "how long the connection took",
     &visit_duration<&PhaseTimes::connect>},
    {"starttls_ms", kDuration, "how long the protocol before TLS took",
     &visit_duration<&PhaseTimes::start_tls>},
    {"handshake_ms", kDuration, "how long the handshake took",
     &visit_duration<&PhaseTimes::handshake>},
    {"total_ms", kDuration, "how long all of it took", &visit_duration<&PhaseTimes::total>},
    {"attempts", kInt64, "attempts, with the one that the record is of",
     [](const RecordView& view, ValueVisitor& to) { to.int64(view.record().attempts); }},
    {"protocol", kString, "\"TLSv1.3\"", &visit_text<&Record::protocol>},
    {"cipher", kString, "OpenSSL's name of the cipher suite", &visit_text<&Record::cipher>},
    {"key_group", kString, "of the key exchange: \"x25519\"", &visit_text<&Record::group>},
    {"alpn", kString, "the protocol that the server chose", &visit_text<&Record::alpn>},
    {"handshake", kString, "\"complete\" or \"certificate\"",
     [](const RecordView& view, ValueVisitor& to) { visit_unless_empty(view.handshake(), to); }},
    {"verdict", kString, "what verification found",
     [](const RecordView& view, ValueVisitor& to) {
       if (view.has_verdict()) to.string(to_string(view.record().validation.verdict));
     }},
    {"verdict_code", kInt64, "OpenSSL's X509_V_* number of the first objection",
     [](const RecordView& view, ValueVisitor& to) {
       if (view.has_verdict()) to.int64(view.record().validation.code);
     }},
    {"verdict_depth", kInt64, "depth of the certificate that it concerns",
     [](const RecordView& view, ValueVisitor& to) {
       if (view.record().validation.code != 0) to.int64(view.record().validation.depth);
     }},
    {"verdict_reason", kString, "a sentence for it",
     [](const RecordView& view, ValueVisitor& to) {
       visit_unless_empty(view.record().validation.reason, to);
     }},
    {"sha256", kBinary, "SHA-256 of the peer's certificate",
     [](const RecordView& view, ValueVisitor& to) {
       if (!view.chain().empty()) visit_sha256(view.chain().front(), to);
     }},
    {"chain", kDigests, "SHA-256 of each certificate that was sent", &visit_chain},
    {"chain_length", kInt64, "certificates that were sent",
     [](const RecordView& view, ValueVisitor& to) {
       if (!view.chain().empty()) visit_number(view.num_sent(), to);
     }},
    {"chain_unreadable", kInt64, "those of them that cannot be read",
     [](const RecordView& view, ValueVisitor& to) {
       if (!view.chain().empty()) visit_number(view.record().num_unreadable, to);
     }},
    {"der", kBinary, "the peer's certificate, if it cannot be read",
     [](const RecordView& view, ValueVisitor& to) {
       if (!view.unreadable().empty()) to.binary(view.unreadable(), BinaryText::base64);
     }},
    {"verified_chain", kDigests, "SHA-256 of each certificate up to the trust anchor",
     &visit_verified_chain},
    {"ocsp", kString, "the verdict on the staple",
     [](const RecordView& view, ValueVisitor& to) {
       if (view.record().staple) to.string(ssl::to_string(view.record().staple->verdict));
     }},
    {"error_class", kString, "what went wrong, in a word",
     [](const RecordView& view, ValueVisitor& to) { visit_unless_empty(view.error_class(), to); }},
    {"error_phase", kString, "the phase in which it did",
     [](const RecordView& view, ValueVisitor& to) {
       if (view.record().failure) to.string(to_string(view.record().failure->phase));
     }},
    {"error_message", kString, "a sentence for it",
     [](const RecordView& view, ValueVisitor& to) {
       visit_unless_empty(view.error_message(), to);
     }},
};

}  // namespace

std::span<const RecordColumn> record_columns() noexcept { return kColumns; }

}  // namespace peercert::scan
