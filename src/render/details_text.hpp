// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/render/text.hpp>

namespace peercert::render {

/// All that the certificate says, in its own order.
std::string details_text(const CertificateView& certificate, const TextOptions& options);

}  // namespace peercert::render
