// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// NoticeReference ::= SEQUENCE {
///     organization   DisplayText,
///     noticeNumbers  SEQUENCE OF INTEGER }
struct NoticeReference {
  der::AnyValue organization;     // who numbers its notices
  der::AnyValues notice_numbers;  // contents of INTEGERs
};

/// UserNotice ::= SEQUENCE {
///     noticeRef     NoticeReference OPTIONAL,
///     explicitText  DisplayText OPTIONAL }
struct UserNotice {
  std::optional<NoticeReference> notice_ref;   // notices of an organization
  std::optional<der::AnyValue> explicit_text;  // the notice itself

  static UserNotice read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    UserNotice notice;
    if (fields.next_is(der::kSequence)) {
      der::Reader reference = fields.enter(der::kSequence);
      const der::AnyValue organization = read_display_text(reference);
      notice.notice_ref = NoticeReference{organization, read_integers(reference)};
      reference.finish();
    }
    if (fields.more()) notice.explicit_text = read_display_text(fields);
    fields.finish();
    return notice;
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (notice_ref) {
      to.member("noticeRef").begin_object();
      to.member("organization").text(notice_ref->organization.text());
      peercert::visit(notice_ref->notice_numbers, to.member("noticeNumbers"));
      to.end_object();
    }
    if (explicit_text) to.member("explicitText").text(explicit_text->text());
    to.end_object();
  }

 private:
  // DisplayText ::= CHOICE { IA5String, VisibleString, BMPString, UTF8String }
  static der::AnyValue read_display_text(der::Reader& in) noexcept {
    const der::Element text = in.read_any();
    switch (text.identifier()) {
      case der::kIa5String:
      case der::kVisibleString:
      case der::kBmpString:
      case der::kUtf8String: break;
      default: in.fail(Errc::unexpected_tag, text.encoded().data());
    }
    return {text};
  }
};

/// PolicyQualifierInfo ::= SEQUENCE {
///     policyQualifierId  PolicyQualifierId,
///     qualifier          ANY DEFINED BY policyQualifierId }
struct PolicyQualifierInfo {
  /// Id-qt-cps: where the CPS is.
  static constexpr auto kCps = der::make_oid<1, 3, 6, 1, 5, 5, 7, 2, 1>();
  /// Id-qt-unotice: a text to show.
  static constexpr auto kUserNotice = der::make_oid<1, 3, 6, 1, 5, 5, 7, 2, 2>();

  Bytes policy_qualifier_id;  // an OBJECT IDENTIFIER
  der::AnyValue qualifier;    // of the type that it says

  /// Whether cps_uri() may be called.
  bool is_cps_uri() const noexcept { return std::ranges::equal(policy_qualifier_id, kCps); }
  /// Whether user_notice() may be called.
  bool is_user_notice() const noexcept {
    return std::ranges::equal(policy_qualifier_id, kUserNotice);
  }
  /// The bytes of an IA5String; empty for other qualifiers.
  Bytes cps_uri() const noexcept { return is_cps_uri() ? qualifier.content() : Bytes{}; }
  /// Empty for other qualifiers.
  UserNotice user_notice() const noexcept {
    return is_user_notice() ? read_again<UserNotice>(qualifier.element) : UserNotice{};
  }

  static PolicyQualifierInfo read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    PolicyQualifierInfo info;
    info.policy_qualifier_id = fields.read_oid();
    const Bytes encoded = fields.rest();
    if (info.is_cps_uri()) {
      fields.read(der::kIa5String);
    } else if (info.is_user_notice()) {
      UserNotice::read(fields);
    } else {
      fields.read_any();
    }
    fields.finish();
    info.qualifier = *der::AnyValues(encoded).begin();
    return info;
  }
  static PolicyQualifierInfo from_element(const der::Element& element) noexcept {
    return read_again<PolicyQualifierInfo>(element);
  }
  void visit(FieldVisitor& to) const {
    if (is_cps_uri()) {
      to.begin_choice("cPSuri").text(utf8_text(cps_uri()));
      return to.end_choice();
    }
    if (is_user_notice()) {
      user_notice().visit(to.begin_choice("userNotice"));
      return to.end_choice();
    }
    to.begin_object();
    to.member("policyQualifierId").oid(policy_qualifier_id);
    peercert::visit(qualifier, to.member("qualifier"));
    to.end_object();
  }
};

/// PolicyInformation ::= SEQUENCE {
///     policyIdentifier  CertPolicyId,
///     policyQualifiers  SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
struct PolicyInformation {
  Bytes policy_identifier;                                                // an OBJECT IDENTIFIER
  std::optional<der::SequenceOf<PolicyQualifierInfo>> policy_qualifiers;  // absent is not empty

  static PolicyInformation read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    PolicyInformation policy;
    policy.policy_identifier = fields.read_oid();
    if (fields.more()) policy.policy_qualifiers = read_items<PolicyQualifierInfo>(fields);
    fields.finish();
    return policy;
  }
  static PolicyInformation from_element(const der::Element& element) noexcept {
    return read_again<PolicyInformation>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("policyIdentifier").oid(policy_identifier);
    if (policy_qualifiers) peercert::visit(*policy_qualifiers, to.member("policyQualifiers"));
    to.end_object();
  }
};

/// Under which policies the certificate was issued. RFC 5280, 4.2.1.4.
///
///     CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
struct CertificatePolicies {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 32>();
  static constexpr Field kField = extension_field(10);

  der::SequenceOf<PolicyInformation> policies;  // in encoded order

  static Result<CertificatePolicies> parse(Bytes value) noexcept {
    return parse_extension<CertificatePolicies>(value, [](der::Reader& in) noexcept {
      return CertificatePolicies{read_items<PolicyInformation>(in)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(policies, to); }
};

}  // namespace peercert
