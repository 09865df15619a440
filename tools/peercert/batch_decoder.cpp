// SPDX-License-Identifier: Apache-2.0
#include "batch_decoder.hpp"

#include <optional>

#include <fmt/format.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/partial_text.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/ber.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/pem.hpp>

#include "octets.hpp"
#include "reports/details.hpp"
#include "reports/findings_report.hpp"

namespace peercert::tool {

using render::JsonObject;

void BatchDecoder::decode(const Batch& batch) {
  out_.clear();
  complaints_.clear();
  source_ = batch.source;
  source_json_ = to_json(source_);
  source_json_.pop_back();
  number_ = batch.is_alone ? 0 : batch.first_number;
  for (const Piece& piece : batch.pieces) {
    decode_piece(batch, piece);
    if (!batch.is_alone) ++number_;
  }
  number_ = 0;
  if (!batch.failure.empty()) fail(batch.failure, std::nullopt);
}

void BatchDecoder::decode_piece(const Batch& batch, const Piece& piece) {
  const std::uint64_t offset = batch.offset + piece.begin;
  if (piece.trouble != Trouble::none) {
    return fail(fmt::format("{} at byte {}", to_string(piece.trouble), offset), offset);
  }
  Bytes octets = Bytes(batch.octets).subspan(piece.begin, piece.len);
  if (batch.is_pem) {
    const Error error = PemReader(as_text(octets)).next(der_).error();
    if (error.code != Errc::ok) {
      return fail(fmt::format("{}: {} at byte {}", to_string(error.field), to_string(error.code),
                              offset + error.offset),
                  offset);
    }
    octets = der_;
  }
  const auto dict = decoder_.decode(octets);
  if (!decoder_.has_certificate()) {
    if (format_ == Format::text) show_partial_text(octets);
    return fail(to_string(dict.error()), offset);
  }
  if (shows_findings_ || is_strict_) findings_ = find_defects(decoder_.certificate(), octets);
  const Finding* const error = is_strict_ ? findings_.first_error() : nullptr;
  if (error != nullptr) return fail(to_string(*error), offset);
  const bool needs_dict = format_ == Format::python || format_ == Format::json;
  if (!dict && needs_dict) return fail(to_string(dict.error()), offset);
  show(dict);
}

void BatchDecoder::show(const Result<PeerCertView>& dict) {
  switch (format_) {
    case Format::python: append_python_repr(out_, *dict); return out_.append('\n');
    case Format::json: return show_json(*dict);
    case Format::text: return show_text();
    case Format::pem: return out_.append(to_pem(decoder_.encoded()));
    case Format::der: return out_.append(as_text(decoder_.encoded()));
  }
}

void BatchDecoder::show_json(const PeerCertView& dict) {
  JsonObject record(out_);
  add_source(record);
  if (shows_fingerprint_) record.add_hex("sha256", crypto::sha256(decoder_.encoded()));
  append_json(record.member("peercert"), dict);
  if (shows_details_) add_details(record, decoder_.certificate(), decoder_.encoded());
  if (shows_findings_) add_findings(record, findings_);
  record.close();
  out_.append('\n');
}

void BatchDecoder::show_text() {
  out_.append('\n');
  out_.append(style_.bold(printable(source())));
  out_.append('\n');
  out_.append(certificate_text(decoder_.certificate(), decoder_.encoded(), now_, shows_details_));
  if (shows_findings_) append_findings_text(out_, findings_, style_);
}

// What can be read of a certificate that is refused; nothing if that is nothing.
void BatchDecoder::show_partial_text(Bytes octets) {
  PartialCertificate partial = PartialCertificate::parse(octets);
  Der rewritten;
  if (is_ber(partial.error.code)) {
    rewritten = rewrite_ber(octets);
    partial = PartialCertificate::parse(rewritten);
  }
  if (!partial.subject.is_readable() && !partial.issuer.is_readable()) return;
  out_.append('\n');
  out_.append(style_.bold(printable(source())));
  out_.append('\n');
  out_.append(to_text(partial));
}

// Where the format has a place for it the failure stands in the output too, in order.
void BatchDecoder::fail(const std::string& message, std::optional<std::uint64_t> offset) {
  if (format_ == Format::python) {
    out_.append(fmt::format("# {}: ERROR: {}\n", printable(source()), message));
  } else if (format_ == Format::json) {
    JsonObject record(out_);
    add_source(record);
    JsonObject error(record.member("error"));
    error.add("message", message);
    if (offset) error.add("offset", static_cast<std::int64_t>(*offset));
    error.close();
    record.close();
    out_.append('\n');
  }
  Complaint& complaint = complaints_.emplace_back(Complaint{out_.size(), source(), message, {}});
  // What a decoder says counts from where the certificate begins.
  if (offset.value_or(0) > 0) complaint.advice = fmt::format("it begins at byte {}", *offset);
}

std::string BatchDecoder::source() const {
  return number_ == 0 ? source_ : fmt::format("{}#{}", source_, number_);
}

// How each object begins.
void BatchDecoder::add_source(JsonObject& record) const {
  record.member("schema").append(R"("peercert.decode/1")");
  Output& out = record.member("source");
  out.append(source_json_);
  if (number_ != 0) {
    out.append('#');
    render::append_number(out, static_cast<std::int64_t>(number_));
  }
  out.append('"');
}

}  // namespace peercert::tool
