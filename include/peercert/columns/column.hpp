// SPDX-License-Identifier: Apache-2.0
// What a column is, and the words in which it says its value.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include <peercert/base/result.hpp>
#include <peercert/x509/field_visitor.hpp>

namespace peercert::columns {

enum class ValueType : std::uint8_t {
  string,  // UTF-8; what a peer chose may be anything
  binary,
  boolean,
  int64,
  timestamp,  // UTC
  duration,
  structure,  // members with names, in the words of FieldVisitor
};

struct ColumnType {
  ValueType value = ValueType::string;
  bool is_list = false;
  friend bool operator==(const ColumnType&, const ColumnType&) = default;
};

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// How formats of text write a binary value: lower-case hexadecimal, or base64 (RFC 4648, 4).
enum class BinaryText : std::uint8_t { hex, base64 };
/// To what fraction of a second formats of text write a time (RFC 3339).
enum class TimeText : std::uint8_t { seconds, milliseconds };

/// Takes the value of a column: one call of its type, or a list of such calls between begin_list()
/// and end_list(). Values live as long as the call. Without any call there is no value.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;

  virtual void string(std::string_view text) = 0;
  virtual void binary(Bytes bytes, BinaryText text) = 0;
  virtual void boolean(bool value) = 0;
  virtual void int64(std::int64_t number) = 0;
  virtual void timestamp(Timestamp time, TimeText text) = 0;
  virtual void duration(Duration duration) = 0;

  virtual void begin_list() = 0;
  virtual void end_list() = 0;

  /// A list of structures: one value of FieldVisitor, which end_fields() ends.
  virtual FieldVisitor& begin_fields() = 0;
  virtual void end_fields() = 0;
};

/// A column of rows of one kind. Texts have static storage.
template <class Row>
struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view about;  // for people
  /// Says the value of the row, if it has one.
  void (*visit)(const Row& row, ValueVisitor& to);
  std::uint8_t needs = 0;  // what the row has to bring along, in the words of its kind
};

}  // namespace peercert::columns
