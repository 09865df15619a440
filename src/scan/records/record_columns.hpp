// SPDX-License-Identifier: Apache-2.0
// A record as one flat row, for outputs that have columns. docs/scan.md lists them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <peercert/render/output.hpp>

#include "scan/records/examination.hpp"

namespace peercert::scan {

enum class ColumnType : std::uint8_t { text, integer, real };

struct Column {
  std::string_view name;
  ColumnType type;
  /// Appends the value as it is, with no escapes; nothing if there is none.
  void (*append)(const Examination& examined, Output& out);
};

std::span<const Column> record_columns() noexcept;

/// What outputs with columns say of a certificate, in the words of Fields.
inline constexpr std::string_view kCertificateColumns =
    "subject,issuer,serial,not_before,not_after,names,key_type,key_bits,signature_algorithm,is_ca";

}  // namespace peercert::scan
