// SPDX-License-Identifier: Apache-2.0
// What a record may say of the peer's certificate besides the dict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <peercert/columns/certificate_columns.hpp>

namespace peercert::scan {

using CertificateColumn = columns::Column<columns::CertificateRow>;

/// Columns of certificates, chosen by name: "key_bits,is_ca,names". docs/scan.md.
class Fields {
 public:
  Fields() = default;
  /// Names with commas between them; empty: none. Throws std::invalid_argument for a name that is
  /// none, whose text says which are most like it, and for one that is there twice.
  explicit Fields(std::string_view names);

  bool empty() const noexcept { return chosen_.empty(); }
  std::size_t size() const noexcept { return chosen_.size(); }
  /// The name of one, counted from 0 in the order that was asked for. Static storage.
  std::string_view name(std::size_t index) const noexcept { return chosen_[index]->name; }
  bool contains(std::string_view name) const noexcept;

  /// The columns in that order. They have static storage.
  const std::vector<const CertificateColumn*>& columns() const& noexcept PEERCERT_LIFETIMEBOUND {
    return chosen_;
  }
  std::vector<const CertificateColumn*> columns() && noexcept { return std::move(chosen_); }
  /// What a row has to bring along for them: columns::CertificateNeeds.
  std::uint8_t needs() const noexcept { return needs_; }

 private:
  std::vector<const CertificateColumn*> chosen_;
  std::uint8_t needs_ = 0;
};

/// A line for each field there is, with what it is: for --help.
std::string fields_help();

}  // namespace peercert::scan
