// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/x509/field_visitor.hpp>

namespace peercert::render {

inline constexpr std::size_t kTextWidth = 88;

/// Writes one value as text for people, behind its label: a short one on the label's line, the
/// members and items of others on lines below it.
///
///     basicConstraints
///       cA: true
///       pathLenConstraint: 0
///     keyUsage: keyCertSign, cRLSign
///     subjectAltName
///       dNSName: example.org
class TextFields final : public FieldVisitor {
 public:
  /// `out` ends in the label, which stands `indent` characters from the left.
  TextFields(std::string& out, std::size_t indent);
  /// Ends the last line.
  void finish() { out_ += '\n'; }

  void begin_object() override { open(Kind::object); }
  void end_object() override { close(); }
  FieldVisitor& member(std::string_view name) override;
  void begin_list() override { open(Kind::list); }
  void end_list() override { close(); }
  FieldVisitor& begin_choice(std::string_view name) override;
  void end_choice() override { frames_.pop_back(); }

  void word(std::string_view word) override { put(word, Form::short_item); }
  void boolean(bool value) override { word(value ? "true" : "false"); }
  void integer(Bytes content) override;
  void number(std::uint64_t number) override { word(std::to_string(number)); }
  void octets(Bytes octets) override;
  void oid(Bytes content) override;
  void text(der::StringView text) override;
  void name(NameView name) override;
  void ip_address(Bytes address, Bytes mask) override;
  void time(const DateTime& time) override;

 private:
  enum class Kind : std::uint8_t { label, object, list };
  enum class Form : std::uint8_t { short_item, line };

  struct Frame {
    Kind kind = Kind::label;
    std::size_t indent = 0;  // of the lines of its items
    bool is_empty = true;
  };

  void put(std::string_view text, Form form);
  void put_item(std::string_view text, Form form);
  void start_line(std::size_t indent);
  void open(Kind kind);
  void close();
  std::size_t column() const noexcept { return out_.size() - line_start_; }

  std::string& out_;
  std::size_t line_start_;
  bool is_after_dash_ = false;  // the line holds only the dash of a list's item
  std::vector<Frame> frames_;
};

}  // namespace peercert::render
