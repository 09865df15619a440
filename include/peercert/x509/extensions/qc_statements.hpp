// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// QCStatement ::= SEQUENCE {
///     statementId    OBJECT IDENTIFIER,
///     statementInfo  ANY DEFINED BY statementId OPTIONAL }
struct QcStatement {
  /// ETSI EN 319 412-5, 4.2.1.
  static constexpr auto kQcCompliance = der::make_oid<0, 4, 0, 1862, 1, 1>();
  /// ETSI EN 319 412-5, 4.3.2.
  static constexpr auto kQcLimitValue = der::make_oid<0, 4, 0, 1862, 1, 2>();
  /// ETSI EN 319 412-5, 4.3.3.
  static constexpr auto kQcRetentionPeriod = der::make_oid<0, 4, 0, 1862, 1, 3>();
  static constexpr auto kQcSscd = der::make_oid<0, 4, 0, 1862, 1, 4>();  // ETSI EN 319 412-5, 4.2.2
  static constexpr auto kQcPds = der::make_oid<0, 4, 0, 1862, 1, 5>();   // ETSI EN 319 412-5, 4.3.4
  static constexpr auto kQcType = der::make_oid<0, 4, 0, 1862, 1, 6>();  // ETSI EN 319 412-5, 4.2.3
  /// ETSI EN 319 412-5, 4.2.4.
  static constexpr auto kQcCcLegislation = der::make_oid<0, 4, 0, 1862, 1, 7>();
  static constexpr auto kPsd2QcStatement = der::make_oid<0, 4, 0, 19495, 2>();  // ETSI TS 119 495
  /// RFC 3739, 3.2.6.
  static constexpr auto kPkixQcSyntaxV1 = der::make_oid<1, 3, 6, 1, 5, 5, 7, 11, 1>();
  /// RFC 3739, 3.2.6.
  static constexpr auto kPkixQcSyntaxV2 = der::make_oid<1, 3, 6, 1, 5, 5, 7, 11, 2>();

  Bytes statement_id;                           // an OBJECT IDENTIFIER
  std::optional<der::AnyValue> statement_info;  // not looked into

  /// The name that ETSI EN 319 412-5, ETSI TS 119 495 or RFC 3739 gives it, without what all of
  /// them begin with: "QcCompliance". Empty if they give none. Static storage.
  std::string_view name() const noexcept {
    struct Known {
      Bytes id;
      std::string_view name;
    };
    for (const auto& [id, name] : {
             Known{kQcCompliance, "QcCompliance"},
             Known{kQcLimitValue, "QcLimitValue"},
             Known{kQcRetentionPeriod, "QcRetentionPeriod"},
             Known{kQcSscd, "QcSSCD"},
             Known{kQcPds, "QcPDS"},
             Known{kQcType, "QcType"},
             Known{kQcCcLegislation, "QcCClegislation"},
             Known{kPsd2QcStatement, "psd2-qcStatement"},
             Known{kPkixQcSyntaxV1, "pkixQCSyntax-v1"},
             Known{kPkixQcSyntaxV2, "pkixQCSyntax-v2"},
         }) {
      if (std::ranges::equal(statement_id, id)) return name;
    }
    return {};
  }

  static QcStatement read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    QcStatement statement;
    statement.statement_id = fields.read_oid();
    if (fields.more()) statement.statement_info = der::AnyValue{fields.read_any()};
    fields.finish();
    return statement;
  }
  static QcStatement from_element(const der::Element& element) noexcept {
    return read_again<QcStatement>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("statementId").oid(statement_id);
    if (!name().empty()) to.member("name").word(name());
    if (statement_info) peercert::visit(*statement_info, to.member("statementInfo"));
    to.end_object();
  }
};

/// What makes the certificate a qualified one. RFC 3739, 3.2.6; ETSI EN 319 412-5.
///
///     QCStatements ::= SEQUENCE OF QCStatement
struct QcStatements {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 3>();
  static constexpr Field kField = extension_field(19);

  der::SequenceOf<QcStatement> statements;  // in encoded order

  static Result<QcStatements> parse(Bytes value) noexcept {
    return parse_extension<QcStatements>(
        value, [](der::Reader& in) noexcept { return QcStatements{read_items<QcStatement>(in)}; });
  }
  void visit(FieldVisitor& to) const { peercert::visit(statements, to); }
};

}  // namespace peercert
