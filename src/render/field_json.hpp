// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <peercert/render/output.hpp>
#include <peercert/x509/field_visitor.hpp>

namespace peercert::render {

/// Writes values as JSON, on one line. docs/formats.md says how each kind looks.
class JsonFields final : public FieldVisitor {
 public:
  explicit JsonFields(Output& out) noexcept : out_(out) {}

  void begin_object() override { open('{'); }
  void end_object() override { close('}'); }
  FieldVisitor& member(std::string_view name) override;
  void begin_list() override { open('['); }
  void end_list() override { close(']'); }
  FieldVisitor& begin_choice(std::string_view name) override;
  void end_choice() override { close('}'); }

  void word(std::string_view word) override;
  void boolean(bool value) override;
  void integer(Bytes content) override;
  void number(std::uint64_t number) override;
  void octets(Bytes octets) override;
  void oid(Bytes content) override;
  void text(der::StringView text) override;
  void name(NameView name) override;
  void ip_address(Bytes address, Bytes mask) override;
  void time(const DateTime& time) override;

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  void attribute(const Attribute& attribute);

  Output& out_;
  bool needs_comma_ = false;
};

}  // namespace peercert::render
