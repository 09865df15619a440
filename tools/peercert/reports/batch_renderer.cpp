// SPDX-License-Identifier: Apache-2.0
#include "reports/batch_renderer.hpp"

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

namespace {

std::string source_of(const decode::DecodedCertificate& item) {
  return item.number == 0 ? std::string(item.source)
                          : fmt::format("{}#{}", item.source, item.number);
}

}  // namespace

void BatchRenderer::render(const decode::Batch& batch) {
  out_.clear();
  complaints_.clear();
  source_json_ = to_json(batch.source);
  source_json_.pop_back();
  for (std::size_t i = 0; i < batch.num_items(); ++i) show_item(decoder_.decode(batch, i));
}

void BatchRenderer::show_item(const Item& item) {
  if (item.certificate == nullptr) {
    if (format_ == Format::text) show_partial_text(item);
    return fail(item, item.error);
  }
  if (shows_findings_ || is_strict_) findings_ = find_defects(*item.certificate, item.input);
  const Finding* const error = is_strict_ ? findings_.first_error() : nullptr;
  if (error != nullptr) return fail(item, to_string(*error));
  const bool needs_dict = format_ == Format::python || format_ == Format::json;
  if (!item.dict && needs_dict) return fail(item, item.error);
  show(item);
}

void BatchRenderer::show(const Item& item) {
  switch (format_) {
    case Format::python: append_python_repr(out_, *item.dict); return out_.append('\n');
    case Format::json: return show_json(item);
    case Format::text: return show_text(item);
    case Format::pem: return out_.append(to_pem(item.der));
    case Format::der: return out_.append(as_text(item.der));
  }
}

void BatchRenderer::show_json(const Item& item) {
  JsonObject record(out_);
  add_source(record, item);
  if (shows_fingerprint_) record.add_hex("sha256", crypto::sha256(item.der));
  append_json(record.member("peercert"), *item.dict);
  if (shows_details_) add_details(record, *item.certificate, item.der);
  if (shows_findings_) add_findings(record, findings_);
  record.close();
  out_.append('\n');
}

void BatchRenderer::show_text(const Item& item) {
  show_heading(item);
  out_.append(certificate_text(*item.certificate, item.der, now_, shows_details_));
  if (shows_findings_) append_findings_text(out_, findings_, style_);
}

// What can be read of a certificate that is refused; nothing if that is nothing.
void BatchRenderer::show_partial_text(const Item& item) {
  PartialCertificate partial = PartialCertificate::parse(item.input);
  Der rewritten;
  if (is_ber(partial.error.code)) {
    rewritten = rewrite_ber(item.input);
    partial = PartialCertificate::parse(rewritten);
  }
  if (!partial.subject.is_readable() && !partial.issuer.is_readable()) return;
  show_heading(item);
  out_.append(to_text(partial));
}

void BatchRenderer::show_heading(const Item& item) {
  out_.append('\n');
  out_.append(style_.bold(printable(source_of(item))));
  out_.append('\n');
}

// Where the format has a place for it the failure stands in the output too, in order.
void BatchRenderer::fail(const Item& item, const std::string& message) {
  const std::string source = source_of(item);
  if (format_ == Format::python) {
    out_.append(fmt::format("# {}: ERROR: {}\n", printable(source), message));
  } else if (format_ == Format::json) {
    JsonObject record(out_);
    add_source(record, item);
    JsonObject error(record.member("error"));
    error.add("message", message);
    if (item.offset) error.add("offset", static_cast<std::int64_t>(*item.offset));
    error.close();
    record.close();
    out_.append('\n');
  }
  Complaint& complaint = complaints_.emplace_back(Complaint{out_.size(), source, message, {}});
  // What a decoder says counts from where the certificate begins.
  if (item.offset.value_or(0) > 0) {
    complaint.advice = fmt::format("it begins at byte {}", *item.offset);
  }
}

// How each object begins.
void BatchRenderer::add_source(JsonObject& record, const Item& item) const {
  record.member("schema").append(R"("peercert.decode/1")");
  Output& out = record.member("source");
  out.append(source_json_);
  if (item.number != 0) {
    out.append('#');
    render::append_number(out, static_cast<std::int64_t>(item.number));
  }
  out.append('"');
}

}  // namespace peercert::tool
