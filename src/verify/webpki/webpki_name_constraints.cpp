// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/name_constraints.hpp"
#include "verify/webpki/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

using Subtrees = der::SequenceOf<GeneralSubtree>;

constexpr auto kEmailAddress = der::make_oid<1, 2, 840, 113549, 1, 9, 1>();  // RFC 5280, 4.1.2.6

// The names of one certificate against the constraints of one above it.
class ConstraintRules {
 public:
  ConstraintRules(const NameConstraints& constraints, Report& report) noexcept
      : constraints_(constraints), report_(report) {}

  // RFC 5280, 4.2.1.10: the subject, the e-mail addresses in it, and subjectAltName.
  void check(const PathCertificate& certificate) const {
    const NameView subject = certificate.view.subject();
    if (!subject.empty()) check(subject);
    for (const RdnView rdn : subject) {
      for (const Attribute attribute : rdn) {
        const bool is_email = oids::equal(attribute.type, kEmailAddress);
        if (is_email) check(GeneralName{GeneralNameType::rfc822_name, attribute.value});
      }
    }
    if (!certificate.subject_alt_name) return;
    for (const GeneralName name : certificate.subject_alt_name->names) check(name);
  }

 private:
  // A name is a GeneralName, or a NameView: the subject.
  template <class Name>
  void check(const Name& name) const {
    if (constraints_.permitted_subtrees) check_permitted(name, *constraints_.permitted_subtrees);
    if (constraints_.excluded_subtrees) check_excluded(name, *constraints_.excluded_subtrees);
  }

  // In one of the subtrees of its form, if there are any.
  template <class Name>
  void check_permitted(const Name& name, Subtrees subtrees) const {
    bool is_concerned = false;
    for (const GeneralSubtree subtree : subtrees) {
      if (!report_.may_compare(octets_of(name).size())) return;
      switch (relation(name, subtree.base, SubtreeKind::permitted)) {
        case Relation::inside: return;
        case Relation::not_evaluated: return tell(RuleId::name_not_evaluated, name);
        case Relation::outside: is_concerned = true; break;
        case Relation::other_form: break;
      }
    }
    if (is_concerned) tell(RuleId::name_not_permitted, name);
  }

  template <class Name>
  void check_excluded(const Name& name, Subtrees subtrees) const {
    for (const GeneralSubtree subtree : subtrees) {
      if (!report_.may_compare(octets_of(name).size())) return;
      const Relation found = relation(name, subtree.base, SubtreeKind::excluded);
      if (found == Relation::inside) return tell(RuleId::name_excluded, name);
      if (found == Relation::not_evaluated) return tell(RuleId::name_not_evaluated, name);
    }
  }

  static Bytes octets_of(NameView name) noexcept { return name.content(); }
  static Bytes octets_of(const GeneralName& name) noexcept { return name.value; }

  void tell(RuleId rule, NameView) const { report_.add(rule, "the subject"); }
  void tell(RuleId rule, const GeneralName& name) const {
    const bool is_text = name.type != GeneralNameType::directory_name;
    report_.add(rule, is_text ? quoted(name.value) : std::string("a directoryName"));
  }

  const NameConstraints& constraints_;
  Report& report_;
};

void check_subtrees(const std::optional<Subtrees>& subtrees, Report& report) {
  if (!subtrees) return;
  for (const GeneralSubtree subtree : *subtrees) {
    if (!is_well_formed(subtree)) report.add(RuleId::subtree_malformed, quoted(subtree.base.value));
  }
}

}  // namespace

void check_name_constraints(const PathCertificate& certificate, Report& report) {
  const Found<NameConstraints>& constraints = certificate.name_constraints;
  report.expect(!constraints.is_present() || certificate.is_ca(),
                RuleId::name_constraints_without_ca);
  if (!constraints) return;
  check_subtrees(constraints->permitted_subtrees, report);
  check_subtrees(constraints->excluded_subtrees, report);
}

// RFC 5280, 6.1.3 (b) and (c): self-issued certificates are free, unless they come last.
void check_constrained_names(std::span<const PathCertificate> path,
                             const PathCertificate& certificate, Report& report) {
  if (certificate.is_self_issued && !certificate.is_leaf) return;
  for (const PathCertificate& above :
       path.subspan(static_cast<std::size_t>(certificate.depth) + 1)) {
    if (!above.name_constraints || report.is_exhausted()) continue;
    ConstraintRules(*above.name_constraints.value, report).check(certificate);
  }
}

}  // namespace peercert::verify
