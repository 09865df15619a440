// SPDX-License-Identifier: Apache-2.0
// A record as JSON: docs/formats.md, peercert.scan/1.
#pragma once

#include <span>
#include <utility>

#include <peercert/columns/json_values.hpp>
#include <peercert/render/output.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/scan/record_columns.hpp>
#include <peercert/scan/record_view.hpp>

namespace peercert::scan {

/// Renders records one after the other.
class RecordJson {
 public:
  explicit RecordJson(Fields fields = {});

  /// Appends the object, on one line without its end.
  void append(Output& out, const RecordView& view) const;

 private:
  using Columns = std::span<const RecordColumn>;

  void add_connection(columns::JsonValues& object, const RecordView& view) const;
  void add_certificate(columns::JsonValues& object, const RecordView& view) const;

  Fields fields_;
  // Columns that are members of the same names, in this order.
  Columns target_, tls_, handshake_, sha256_, der_, chain_, verified_chain_;
};

/// The fields of the record's certificate as an object; nothing if none can be read.
void append_fields(columns::JsonValues& values, const Fields& fields, const RecordView& view);

}  // namespace peercert::scan
