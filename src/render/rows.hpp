// SPDX-License-Identifier: Apache-2.0
// The lines of a certificate's text: a label, and a value in a column of its own.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/x509/certificate.hpp>

#include "render/field_text.hpp"

namespace peercert::render {

class Rows {
 public:
  explicit Rows(std::string_view indent) : indent_(indent) {}

  void add(std::string_view label, std::string_view value);
  /// Items with commas between them, on as many lines as they need.
  void add_list(std::string_view label, const std::vector<std::string>& items);
  /// A row, and below it, indented, what `visit` tells its argument, a FieldVisitor.
  template <class Visit>
  void add_fields(std::string_view label, std::string_view value, Visit visit) {
    start(label, value);
    TextFields fields(out_, indent_.size());
    visit(fields);
    fields.finish();
  }
  /// The text, for lines that are not rows.
  std::string& text() noexcept { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void start(std::string_view label, std::string_view value);

  std::string_view indent_;
  std::string out_;
};

// Values of rows.

/// "2026-01-01 00:00:00 UTC to 2027-01-01 00:00:00 UTC (39 days left)".
std::string period_text(const CertificateView& certificate, std::chrono::sys_seconds now);
/// "RSA 2048 bits", "P-256", the OID of an algorithm that nobody named.
std::string key_text(const PublicKeyView& key);
/// The algorithm's name or OID.
std::string algorithm_text(const AlgorithmIdentifier& algorithm);

}  // namespace peercert::render
