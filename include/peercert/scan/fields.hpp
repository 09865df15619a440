// SPDX-License-Identifier: Apache-2.0
// What a record may say of the peer's certificate besides the dict.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/render/output.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::scan {

/// Typed values of a certificate, chosen by name: "key_bits,is_ca,names". docs/scan.md.
class Fields {
 public:
  Fields() = default;
  /// Names with commas between them; empty: none. Throws std::invalid_argument for a name that is
  /// none, whose text says which are most like it, and for one that is there twice.
  explicit Fields(std::string_view names);

  bool empty() const noexcept { return chosen_.empty(); }
  std::size_t size() const noexcept { return chosen_.size(); }
  /// The name of one, counted from 0 in the order that was asked for. Static storage.
  std::string_view name(std::size_t index) const noexcept;

  /// Appends its value as JSON; nothing if the certificate has none. `encoded` is the certificate
  /// as it was sent, and `time` what days are counted from.
  void append_value(std::size_t index, Output& out, const CertificateView& certificate,
                    Bytes encoded, std::chrono::sys_seconds time) const;

 private:
  std::vector<std::size_t> chosen_;  // rows of the table
};

/// A line for each field there is, with what it is: for --help.
std::string fields_help();

}  // namespace peercert::scan
