// SPDX-License-Identifier: Apache-2.0
// What `peercert verify` prints.
#pragma once

#include <string>

#include <peercert/decode/read_files.hpp>

#include "cli/options.hpp"
#include "cli/terminal.hpp"

namespace peercert::tool {

std::string verify_text(const verify::VerifyResult& result, const VerifyOptions& options,
                        const Style& style);
std::string verify_json(const verify::VerifyResult& result, const VerifyOptions& options);
/// That it was not verified, since a file is not what it should be.
std::string verify_json(const decode::FileError& error, const VerifyOptions& options);

}  // namespace peercert::tool
