// SPDX-License-Identifier: Apache-2.0
// A record as JSON: docs/formats.md, peercert.scan/1.
#pragma once

#include <span>
#include <utility>

#include <peercert/render/output.hpp>
#include <peercert/scan/fields.hpp>

#include "scan/records/examination.hpp"

namespace peercert::render {
class JsonObject;
}

namespace peercert::scan {

/// Renders records one after the other, with memory that is used again.
class RecordJson {
 public:
  explicit RecordJson(Fields fields = {}) : fields_(std::move(fields)) {}

  /// Appends the object, on one line without its end.
  void append(Output& out, const Record& record);

 private:
  void add_certificate(render::JsonObject& object);

  Fields fields_;
  Examination examined_;
  Output value_;
};

/// The fields of the record's certificate as an object; nothing if none can be read. `value` is
/// memory to be used again.
void append_fields(Output& out, const Fields& fields, const Examination& examined, Output& value);
/// A list of digests.
void append_digests(Output& out, std::span<const crypto::Sha256Digest> digests);

}  // namespace peercert::scan
