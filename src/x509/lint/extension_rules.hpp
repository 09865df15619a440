// SPDX-License-Identifier: Apache-2.0
// The rules of RFC 5280, 4.2.1 and 4.2.2, on the values of the extensions.
#pragma once

#include <optional>

#include <peercert/x509/extensions.hpp>

#include "x509/lint/inspection.hpp"

namespace peercert {

/// What an extension has to fit to: the others. A malformed one counts as absent, as does one that
/// is there twice.
struct ExtensionSet {
  explicit ExtensionSet(ExtensionsView extensions) noexcept;

  bool is_ca() const noexcept { return basic_constraints && basic_constraints->ca; }

  std::optional<BasicConstraints> basic_constraints;
  std::optional<KeyUsage> key_usage;
  bool has_subject_alt_name = false;
  bool has_subject_key_identifier = false;
  bool has_authority_key_identifier = false;
};

/// `at` is the whole extension.
void check_extension_value(const Extension& extension, const der::Element& at,
                           const ExtensionSet& all, Inspection& in) noexcept;
void check_missing_extensions(const ExtensionSet& all, Inspection& in) noexcept;

}  // namespace peercert
