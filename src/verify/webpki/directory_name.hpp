// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/x509/name.hpp>

namespace peercert::verify {

/// Whether the name's first RDNs are those of the base. Attributes are compared as RFC 5280, 7.1,
/// says for ASCII: without regard to case, to spaces in front and behind, and to how many there
/// are; other characters have to be the same.
/// An RDN of more than 16 attributes is like no other.
bool starts_with(NameView name, NameView base) noexcept;

/// Whether no RDN has more attributes than starts_with() compares.
bool is_comparable(NameView name) noexcept;

}  // namespace peercert::verify
