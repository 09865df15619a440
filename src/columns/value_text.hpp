// SPDX-License-Identifier: Apache-2.0
// How formats of text write the values that they write alike.
#pragma once

#include <chrono>

#include <peercert/columns/column.hpp>
#include <peercert/render/output.hpp>

#include "render/json_object.hpp"
#include "render/rfc3339.hpp"

namespace peercert::columns {

inline void append_text(Output& out, Bytes bytes, BinaryText text) {
  text == BinaryText::hex ? render::append_hex(out, bytes) : render::append_base64(out, bytes);
}

inline void append_text(Output& out, bool value) { out.append(value ? "true" : "false"); }

inline void append_text(Output& out, Timestamp time, TimeText text) {
  using std::chrono::floor;
  text == TimeText::seconds ? render::append_rfc3339(out, floor<std::chrono::seconds>(time))
                            : render::append_rfc3339(out, floor<std::chrono::milliseconds>(time));
}

}  // namespace peercert::columns
