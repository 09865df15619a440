// SPDX-License-Identifier: Apache-2.0
// Blocks of Internet addresses and autonomous system numbers: the certificates of the RPKI.
#pragma once

#include <algorithm>
#include <array>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// IPAddressOrRange ::= CHOICE {
///     addressPrefix  IPAddress,
///     addressRange   SEQUENCE { min IPAddress, max IPAddress } }
/// IPAddress ::= BIT STRING
struct IpAddressOrRange {
  der::AnyValue value;  // a BIT STRING, or a SEQUENCE of two

  static IpAddressOrRange read(der::Reader& in) noexcept {
    const Bytes encoded = in.rest();
    if (in.next_is(der::kBitString)) {
      in.read_bit_string();
    } else {
      der::Reader range = in.enter(der::kSequence);
      range.read_bit_string();
      range.read_bit_string();
      range.finish();
    }
    return {*der::AnyValues(encoded).begin()};
  }
  static IpAddressOrRange from_element(const der::Element& element) noexcept { return {{element}}; }

  /// `address_len` is that of the family, 0 if it is not known.
  void visit(std::size_t address_len, FieldVisitor& to) const {
    if (value.tag() == der::kBitString) {
      to.begin_choice("addressPrefix").begin_object();
      visit_address(value.content(), 0x00, address_len, to.member("address"));
      to.member("prefixLength").number(NamedBits(value.content()).size());
      to.end_object();
      return to.end_choice();
    }
    to.begin_choice("addressRange").begin_object();
    const auto min = der::AnyValues(value.content()).begin();
    const auto max = std::next(min);
    visit_address((*min).content(), 0x00, address_len, to.member("min"));
    visit_address((*max).content(), 0xff, address_len, to.member("max"));
    to.end_object();
    to.end_choice();
  }

 private:
  static constexpr std::size_t kMaxAddressLen = 16;

  // Bits that are not there are those of `fill`: RFC 3779, 2.2.3.9.
  static void visit_address(Bytes bits, std::uint8_t fill, std::size_t len, FieldVisitor& to) {
    const Bytes octets = bits.subspan(1);
    if (len == 0 || octets.size() > len) return to.octets(octets);
    std::array<std::uint8_t, kMaxAddressLen> address{};
    address.fill(fill);
    std::copy(octets.begin(), octets.end(), address.begin());
    if (!octets.empty()) {
      const unsigned unused = 0xffU >> (8U - bits[0]);
      std::uint8_t& last = address[octets.size() - 1];
      last = static_cast<std::uint8_t>((last & ~unused) | (fill & unused));
    }
    to.ip_address(Bytes(address).first(len), {});
  }
};

/// IPAddressFamily ::= SEQUENCE {
///     addressFamily    OCTET STRING (SIZE (2..3)),
///     ipAddressChoice  CHOICE { inherit NULL, addressesOrRanges SEQUENCE OF IPAddressOrRange } }
struct IpAddressFamily {
  Bytes address_family;  // RFC 4760's AFI in two bytes, perhaps a SAFI
  std::optional<der::SequenceOf<IpAddressOrRange>> addresses_or_ranges;  // absent: inherit

  static IpAddressFamily read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    IpAddressFamily family;
    family.address_family = fields.read(der::kOctetString).content();
    if (fields.next_is(der::kNull)) {
      read_null(fields);
    } else {
      family.addresses_or_ranges = read_items<IpAddressOrRange>(fields);
    }
    fields.finish();
    return family;
  }
  static IpAddressFamily from_element(const der::Element& element) noexcept {
    return read_again<IpAddressFamily>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("addressFamily").octets(address_family);
    to.member("ipAddressChoice");
    if (addresses_or_ranges) {
      to.begin_choice("addressesOrRanges").begin_list();
      for (const IpAddressOrRange item : *addresses_or_ranges) item.visit(address_len(), to);
      to.end_list();
      to.end_choice();
    } else {
      to.word("inherit");
    }
    to.end_object();
  }

 private:
  std::size_t address_len() const noexcept {
    if (address_family.size() < 2 || address_family[0] != 0) return 0;
    return address_family[1] == 1 ? 4 : address_family[1] == 2 ? 16 : 0;
  }
};

/// The addresses that a certificate's subject holds. RFC 3779, 2.2.
///
///     IPAddrBlocks ::= SEQUENCE OF IPAddressFamily
struct IpAddrBlocks {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 7>();
  static constexpr Field kField = extension_field(39);

  der::SequenceOf<IpAddressFamily> families;  // in encoded order

  static Result<IpAddrBlocks> parse(Bytes value) noexcept {
    return parse_extension<IpAddrBlocks>(value, [](der::Reader& in) noexcept {
      return IpAddrBlocks{read_items<IpAddressFamily>(in)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(families, to); }
};

/// ASIdOrRange ::= CHOICE {
///     id     ASId,
///     range  SEQUENCE { min ASId, max ASId } }
/// ASId ::= INTEGER
struct AsIdOrRange {
  der::AnyValue value;  // an INTEGER, or a SEQUENCE of two

  static AsIdOrRange read(der::Reader& in) noexcept {
    const Bytes encoded = in.rest();
    if (in.next_is(der::kInteger)) {
      in.read_integer();
    } else {
      der::Reader range = in.enter(der::kSequence);
      range.read_integer();
      range.read_integer();
      range.finish();
    }
    return {*der::AnyValues(encoded).begin()};
  }
  static AsIdOrRange from_element(const der::Element& element) noexcept { return {{element}}; }
  void visit(FieldVisitor& to) const {
    if (value.tag() == der::kInteger) return to.integer(value.content());
    const auto min = der::AnyValues(value.content()).begin();
    const auto max = std::next(min);
    to.begin_object();
    to.member("min").integer((*min).content());
    to.member("max").integer((*max).content());
    to.end_object();
  }
};

/// The autonomous systems that a certificate's subject holds. RFC 3779, 3.2.
///
///     ASIdentifiers ::= SEQUENCE {
///         asnum  [0] EXPLICIT ASIdentifierChoice OPTIONAL,
///         rdi    [1] EXPLICIT ASIdentifierChoice OPTIONAL }
///     ASIdentifierChoice ::= CHOICE { inherit NULL, asIdsOrRanges SEQUENCE OF ASIdOrRange }
struct AsIdentifiers {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 8>();
  static constexpr Field kField = extension_field(40);

  /// ASIdentifierChoice.
  struct Choice {
    std::optional<der::SequenceOf<AsIdOrRange>> as_ids_or_ranges;  // absent: inherit

    void visit(FieldVisitor& to) const {
      if (!as_ids_or_ranges) return to.word("inherit");
      peercert::visit(*as_ids_or_ranges, to.begin_choice("asIdsOrRanges"));
      to.end_choice();
    }
  };
  std::optional<Choice> asnum;  // numbers of autonomous systems
  std::optional<Choice> rdi;    // routing domain identifiers

  static Result<AsIdentifiers> parse(Bytes value) noexcept {
    return parse_extension<AsIdentifiers>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      AsIdentifiers identifiers;
      identifiers.asnum = read_choice(fields, der::context_constructed(0));
      identifiers.rdi = read_choice(fields, der::context_constructed(1));
      fields.finish();
      return identifiers;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (asnum) asnum->visit(to.member("asnum"));
    if (rdi) rdi->visit(to.member("rdi"));
    to.end_object();
  }

 private:
  static std::optional<Choice> read_choice(der::Reader& in, der::Tag tag) noexcept {
    if (!in.next_is(tag)) return std::nullopt;
    der::Reader tagged = in.enter(tag);
    Choice choice;
    if (tagged.next_is(der::kNull)) {
      read_null(tagged);
    } else {
      choice.as_ids_or_ranges = read_items<AsIdOrRange>(tagged);
    }
    tagged.finish();
    return choice;
  }
};

}  // namespace peercert
