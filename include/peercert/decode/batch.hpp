// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <peercert/decode/certificate_framer.hpp>

namespace peercert::decode {

/// Certificates that follow each other in a file: what one thread decodes at a time. A batch has at
/// most kMaxFrames frames, and about 1 MiB, or up to twice the length of a longer certificate.
struct Batch {
  std::string source;               // the file's name, or "standard input"
  std::vector<std::uint8_t> bytes;  // of the file
  std::vector<Frame> frames;        // of `bytes`
  std::string failure;             // why reading the file ended early, or why it has no certificate
  std::uint64_t offset = 0;        // of `bytes` in the file
  std::uint64_t num_bytes = 0;     // of the file that are finished, since the batch before
  std::uint64_t first_number = 1;  // of the first frame, counted over the file
  bool is_alone = false;           // the file has this one frame
  bool is_pem = false;
  bool has_more = false;  // the file has another batch

  /// How many items FrameDecoder::decode() gives: one for each frame, and one for the failure.
  std::size_t num_items() const noexcept { return frames.size() + (failure.empty() ? 0 : 1); }
};

}  // namespace peercert::decode
