// SPDX-License-Identifier: Apache-2.0
// Where records go.
#pragma once

#include <string>
#include <string_view>

#include <peercert/scan/record_view.hpp>

namespace peercert::scan {

/// A place for records: rewind(), then write() and commit() as often as you like, then finish() if
/// the scan is complete, and close(). One thread at a time. What was written behind the last
/// commit() may be lost without a close(), and after an exception nothing more is to be called.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Takes a record; what becomes of it may stay in memory until commit(). The view and its record
  /// live as long as the call. Throws std::system_error, whose text names the file, where it cannot
  /// be written.
  virtual void write(const RecordView& view) = 0;

  /// Has everything on the disk, so that it outlives this process and a failure of the power, and
  /// says where that is: rewind() of a later process takes the text. Throws as write().
  virtual std::string commit() = 0;

  /// Forgets all that was written after a commit(); before the first write(). An empty text is the
  /// state before everything that this scan writes: files are emptied, a database gets a new run
  /// and keeps the others. Throws as write(), and std::invalid_argument if the place is not one
  /// where that commit() can have been.
  virtual void rewind(std::string_view committed) = 0;

  /// Every target of the scan has its records, which are committed; close() follows. A scan that
  /// ends early does not call it. Throws as write().
  virtual void finish() {}

  /// Nothing follows: writes what is left. Throws as write().
  virtual void close() = 0;
};

}  // namespace peercert::scan
