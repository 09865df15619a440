// SPDX-License-Identifier: Apache-2.0
// The fields of TBSCertificate that are nobody else's. CertificateView and PartialCertificate read
// them alike.
#pragma once

#include <peercert/der/reader.hpp>
#include <peercert/der/values.hpp>

namespace peercert {

/// version [0] EXPLICIT Version: the content of the INTEGER.
inline Bytes read_version(der::Reader& in) noexcept {
  der::Reader version = in.enter(der::context_constructed(0));
  const Bytes content = version.read_integer();
  version.finish();
  return content;
}

/// [number] IMPLICIT UniqueIdentifier; UniqueIdentifier ::= BIT STRING. Its content.
inline Bytes read_unique_id(der::Reader& in, int number) noexcept {
  const der::Element id = in.read(der::context(number));
  const Errc error = der::check_bit_string(id.content());
  if (id.exists() && error != Errc::ok) in.fail(error, id.encoded().data());
  return id.content();
}

}  // namespace peercert
