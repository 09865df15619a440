// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// DistributionPoint ::= SEQUENCE {
///     distributionPoint  [0] DistributionPointName OPTIONAL,
///     reasons            [1] ReasonFlags OPTIONAL,
///     cRLIssuer          [2] GeneralNames OPTIONAL }
/// DistributionPointName ::= CHOICE {
///     fullName                 [0] GeneralNames,
///     nameRelativeToCRLIssuer  [1] RelativeDistinguishedName }
/// ReasonFlags ::= BIT STRING { unused (0), keyCompromise (1), cACompromise (2),
///     affiliationChanged (3), superseded (4), cessationOfOperation (5), certificateHold (6),
///     privilegeWithdrawn (7), aACompromise (8) }
struct CrlDistributionPoint {
  /// The names of the bits of reasons.
  static constexpr std::string_view kReasons[] = {
      "unused",      "keyCompromise",        "cACompromise",    "affiliationChanged",
      "superseded",  "cessationOfOperation", "certificateHold", "privilegeWithdrawn",
      "aACompromise"};

  // At most one of these two.
  std::optional<GeneralNamesView> full_name;            // names of the list itself
  std::optional<NameView> name_relative_to_crl_issuer;  // a Name of the one RDN
  std::optional<NamedBits> reasons;                     // absent: all of them
  std::optional<GeneralNamesView> crl_issuer;           // absent: the certificate's issuer

  /// What parse_crl_distribution_points() accepted.
  static CrlDistributionPoint from_element(const der::Element& element) noexcept {
    der::Progress progress{element.encoded().data()};
    der::Reader fields(element.content(), progress);
    CrlDistributionPoint point;
    if (fields.next_is(der::context_constructed(0))) {
      point.read_name(fields.enter(der::context_constructed(0)));
    }
    point.reasons = read_optional_bits(fields, der::context(1));
    if (fields.next_is(der::context_constructed(2))) {
      point.crl_issuer = read_general_names(fields, der::context_constructed(2));
    }
    return point;
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (full_name) {
      peercert::visit(*full_name, to.member("distributionPoint").begin_choice("fullName"));
      to.end_choice();
    }
    if (name_relative_to_crl_issuer) {
      to.member("distributionPoint").begin_choice("nameRelativeToCRLIssuer");
      to.name(*name_relative_to_crl_issuer);
      to.end_choice();
    }
    if (reasons) reasons->visit(kReasons, to.member("reasons"));
    if (crl_issuer) peercert::visit(*crl_issuer, to.member("cRLIssuer"));
    to.end_object();
  }

 private:
  void read_name(der::Reader name) noexcept {
    if (name.next_is(der::context_constructed(0))) {
      full_name = read_general_names(name, der::context_constructed(0));
    } else {
      name_relative_to_crl_issuer = NameView(name.rest());
    }
  }
};

/// Where lists of revoked certificates are. RFC 5280, 4.2.1.13.
///
///     CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
struct CrlDistributionPoints {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 31>();
  static constexpr Field kField = extension_field(9);

  der::SequenceOf<CrlDistributionPoint> points;  // in encoded order

  static Result<CrlDistributionPoints> parse(Bytes value) noexcept {
    const auto points = parse_crl_distribution_points(value);
    if (!points) return points.error();
    return CrlDistributionPoints{der::SequenceOf<CrlDistributionPoint>(points->content())};
  }
  void visit(FieldVisitor& to) const { peercert::visit(points, to); }
};

/// Where lists of what was revoked since are. RFC 5280, 4.2.1.15.
///
///     FreshestCRL ::= CRLDistributionPoints
struct FreshestCrl {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 46>();
  static constexpr Field kField = extension_field(15);

  der::SequenceOf<CrlDistributionPoint> points;  // in encoded order

  static Result<FreshestCrl> parse(Bytes value) noexcept {
    const auto points = parse_crl_distribution_points(value);
    if (!points) return in_field(points.error(), kField);
    return FreshestCrl{der::SequenceOf<CrlDistributionPoint>(points->content())};
  }
  void visit(FieldVisitor& to) const { peercert::visit(points, to); }
};

}  // namespace peercert
