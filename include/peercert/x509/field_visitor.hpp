// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <peercert/der/any_value.hpp>
#include <peercert/x509/general_name.hpp>
#include <peercert/x509/name.hpp>
#include <peercert/x509/time.hpp>

namespace peercert {

/// The words in which a decoded value says what it holds, once, for every renderer. A value is one
/// call below, or what stands between a begin and its end. Names are those of the ASN.1 and, as
/// words, ASCII with static storage; everything else is as the certificate has it, and anything.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  /// SEQUENCE with named members: `to.member("cA").boolean(true)`.
  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  /// Names the value that comes next; gives `*this`. Absent members are not named at all.
  virtual FieldVisitor& member(std::string_view name) = 0;

  /// SEQUENCE OF, SET OF, the set bits of a BIT STRING.
  virtual void begin_list() = 0;
  virtual void end_list() = 0;

  /// CHOICE, or another value that has to say what it is: its name, and one value.
  virtual FieldVisitor& begin_choice(std::string_view name) = 0;
  virtual void end_choice() = 0;

  /// A value that the standard has a name for: "digitalSignature".
  virtual void word(std::string_view word) = 0;
  virtual void boolean(bool value) = 0;
  /// Content bytes of a valid INTEGER, of any size.
  virtual void integer(Bytes content) = 0;
  virtual void number(std::uint64_t number) = 0;
  virtual void octets(Bytes octets) = 0;
  /// Content bytes of an OBJECT IDENTIFIER.
  virtual void oid(Bytes content) = 0;
  /// A character string, which may be malformed.
  virtual void text(der::StringView text) = 0;
  virtual void name(NameView name) = 0;
  /// 4 bytes or 16, and a mask of the same size or none.
  virtual void ip_address(Bytes address, Bytes mask) = 0;
  /// A time of the years 0 to 9999.
  virtual void time(const DateTime& time) = 0;
};

/// Bytes that are meant to be UTF-8, and may be anything.
inline der::StringView utf8_text(Bytes octets) noexcept { return {der::Encoding::utf8, octets}; }

void visit(const GeneralName& name, FieldVisitor& to);
void visit(GeneralNamesView names, FieldVisitor& to);
/// A time; text if it is not one.
void visit(TimeView time, FieldVisitor& to);
/// Milliseconds since 1970: a time up to the year 9999, else the bytes of the number.
void visit_milliseconds(std::uint64_t milliseconds, FieldVisitor& to);
/// Content bytes of a serial number: bytes, as people compare them, unless it is negative.
void visit_serial_number(Bytes content, FieldVisitor& to);
/// How deep the SEQUENCEs and SETs of a value of any type are looked into.
inline constexpr std::size_t kMaxAnyDepth = 16;
/// A value of any type: a primitive one known above as that, SEQUENCE and SET as lists, others as
/// all their bytes.
void visit(const der::AnyValue& value, FieldVisitor& to);
/// A list of such values.
void visit(der::AnyValues values, FieldVisitor& to);

}  // namespace peercert
