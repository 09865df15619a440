// SPDX-License-Identifier: Apache-2.0
// Iterates over everything that a view gives: all of it lies inside the octets that it borrows.
#pragma once

#include <functional>

#include <peercert/der/strings.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/x509/general_name.hpp>
#include <peercert/x509/name.hpp>
#include <peercert/x509/object_names.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {

inline void check_inside(Bytes part, Bytes whole) {
  if (part.empty()) return;
  const std::less_equal<> before;  // a total order, which < is not for unrelated pointers
  check(before(whole.data(), part.data()));
  check(before(part.data() + part.size(), whole.data() + whole.size()));
}

inline void check_oid(Bytes oid, Bytes whole) {
  check_inside(oid, whole);
  const ObjectText text(oid);
  check(oid.size() > kMaxOidLen || !text.view().empty());
}

inline void walk(NameView name, Bytes whole) {
  check_inside(name.content(), whole);
  for (const RdnView rdn : name) {
    for (const Attribute attribute : rdn) {
      check_oid(attribute.type, whole);
      check_inside(attribute.value, whole);
      const der::StringView text = attribute.text();
      check(der::encoding_error(text) == text.octets.size());
    }
  }
}

inline void walk(const GeneralName& name, Bytes whole) {
  check_inside(name.value, whole);
  walk(name.directory_name(), whole);
  const OtherName other = name.other_name();
  check_inside(other.type_id, whole);
  check_inside(other.value, whole);
  check((name.type == GeneralNameType::other_name) == !other.type_id.empty());

  const AltNameText text(name);
  check(!text.kind().empty());
  const Bytes value = text.text().octets;
  check((text.error() == Errc::invalid_characters) == (der::utf8_error(value) != value.size()));
}

inline void walk(GeneralNamesView names, Bytes whole) {
  check_inside(names.content(), whole);
  for (const GeneralName name : names) walk(name, whole);
}

}  // namespace peercert::fuzz
