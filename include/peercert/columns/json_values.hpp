// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include <peercert/columns/column.hpp>
#include <peercert/render/output.hpp>

namespace peercert::columns {

/// Writes values as JSON (RFC 8259) at the end of an Output, which it borrows: one value, or the
/// members of an object, each after its name().
class JsonValues final : public ValueVisitor {
 public:
  explicit JsonValues(Output& out) noexcept : out_(out) {}

  void begin_object();
  void end_object();
  /// Names the next value of an object. A name without a value is not written. Names are ASCII with
  /// nothing to escape, and have to live until their value comes.
  void name(std::string_view name) noexcept { name_ = name; }
  /// Writes what precedes a value; the caller appends the value itself.
  Output& begin();

  void string(std::string_view text) override;
  void binary(Bytes bytes, BinaryText text) override;
  void boolean(bool value) override;
  void int64(std::int64_t number) override;
  void timestamp(Timestamp time, TimeText text) override;
  void duration(Duration duration) override;
  void begin_list() override;
  void end_list() override;
  FieldVisitor& begin_fields() override;
  void end_fields() override { fields_.reset(); }

 private:
  Output& out_;
  std::string_view name_{};
  bool has_members_ = false, is_in_list_ = false, has_items_ = false;
  std::unique_ptr<FieldVisitor> fields_;
};

}  // namespace peercert::columns
