// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace peercert::scan {

/// What outputs with columns say of every certificate, in the words of Fields.
inline constexpr std::string_view kCertificateColumns =
    "subject,issuer,serial,not_before,not_after,names,key_type,key_bits,signature_algorithm,is_ca";

}  // namespace peercert::scan
