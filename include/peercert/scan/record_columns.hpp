// SPDX-License-Identifier: Apache-2.0
// A record as one flat row, for outputs that have columns. docs/scan.md lists them.
#pragma once

#include <span>

#include <peercert/columns/column.hpp>
#include <peercert/scan/record_view.hpp>

namespace peercert::scan {

using RecordColumn = columns::Column<RecordView>;

/// The columns of every record; what a record says of its certificate beyond them are Fields.
std::span<const RecordColumn> record_columns() noexcept;

}  // namespace peercert::scan
