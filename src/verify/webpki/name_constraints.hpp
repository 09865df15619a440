// SPDX-License-Identifier: Apache-2.0
// Whether a name lies in a subtree: RFC 5280, 4.2.1.10.
#pragma once

#include <peercert/x509/extensions.hpp>

namespace peercert::verify {

/// Of a wildcard's names all, or at least one, lie in the subtree: what a permitted and what an
/// excluded subtree asks.
enum class SubtreeKind : std::uint8_t { permitted, excluded };

enum class Relation : std::uint8_t {
  other_form,  // the subtree does not concern such a name
  outside,
  inside,
  not_evaluated,  // it does, and the two cannot be compared
};

/// Whether the subtree is one that RFC 5280 knows: without minimum and maximum, and with a base
/// that its form allows.
bool is_well_formed(const GeneralSubtree& subtree) noexcept;

/// How the name stands to the subtree's base. A SmtpUTF8Mailbox counts as an rfc822Name, RFC 9598,
/// 6.
Relation relation(const GeneralName& name, const GeneralName& base, SubtreeKind kind) noexcept;
/// The same for a subject.
Relation relation(NameView name, const GeneralName& base, SubtreeKind kind) noexcept;

}  // namespace peercert::verify
