// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <peercert/decode/batch.hpp>

#include "decode/input_file.hpp"

namespace peercert::decode {

/// The batches of one file.
class CertificateSource {
 public:
  /// Throws std::system_error.
  CertificateSource(const std::string& name, InputForm form);

  /// Gives the next batch; false at the end of the file. The memory of `batch` is used again. A
  /// file without a certificate gives a failure. So does one that cannot be read to its end, after
  /// what was read.
  bool next(Batch& batch);

 private:
  bool read_batch(Batch& batch);
  void fill(Batch& batch);

  InputFile file_;
  std::string name_;
  CertificateFramer framer_;
  std::size_t portion_len_;
  std::vector<std::uint8_t> rest_;  // what has been read and belongs to the next batch
  bool needs_more_ = true;          // before the rest can be framed
  bool is_read_ = false;            // to its end
  bool is_done_ = false;
  std::uint64_t num_read_ = 0;
  std::uint64_t num_frames_ = 0;
  std::string failure_;
  Batch ahead_;
  bool has_ahead_ = false;
};

}  // namespace peercert::decode
