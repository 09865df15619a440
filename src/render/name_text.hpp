// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <peercert/x509/general_name.hpp>

namespace peercert::render {

/// One name of a list of them: what separates the others is escaped in it. Names that do not tell
/// by themselves what they are say so first: "Registered ID 1.2.3.4".
std::string alt_name_text(const GeneralName& name);

}  // namespace peercert::render
