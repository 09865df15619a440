// SPDX-License-Identifier: Apache-2.0
// The certificates of a file, in batches of bounded size.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <peercert/base/result.hpp>

#include "input_file.hpp"
#include "splitter.hpp"

namespace peercert::tool {

/// Certificates that stand one behind the other in a file. To be used again and again, so that its
/// memory is asked for once.
struct Batch {
  std::string source;                // the file's name
  std::vector<std::uint8_t> octets;  // of the file
  std::vector<Piece> pieces;         // of the octets
  std::uint64_t num_octets = 0;      // of the file, from the end of the batch before to its end
  std::string failure;               // why the file has no more, unless it has come to its end
  std::uint64_t offset = 0;          // of the octets in the file
  std::uint64_t first_number = 1;    // the first piece's, counted over the file
  bool is_alone = false;             // the file has one piece, which then needs no number
  bool is_pem = false;
  bool has_more = false;  // the file goes on behind it
};

class CertificateSource {
 public:
  /// Throws std::system_error.
  CertificateSource(const std::string& name, InputForm form);

  /// Gives the next batch; false at the end of the file. A file without a certificate gives a
  /// failure, and so does one that cannot be read to its end, behind what it had before.
  bool next(Batch& batch);

 private:
  bool read_batch(Batch& batch);
  void fill(Batch& batch);

  InputFile file_;
  std::string name_;
  Splitter splitter_;
  std::size_t portion_len_;
  std::vector<std::uint8_t> rest_;  // what has been read and belongs to the next batch
  bool needs_more_ = true;          // before the rest can be split
  bool is_read_ = false;            // to its end
  bool is_done_ = false;
  std::uint64_t num_read_ = 0;
  std::uint64_t num_pieces_ = 0;
  std::string failure_;
  Batch ahead_;
  bool has_ahead_ = false;
};

}  // namespace peercert::tool
