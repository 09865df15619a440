// SPDX-License-Identifier: Apache-2.0
// Files of certificates, decoded on all cores in bounded memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <peercert/decode/frame_decoder.hpp>

namespace peercert::decode {

struct FileOptions {
  std::vector<std::string> files;  // names; "-" is standard input
  InputForm form = InputForm::detected;
  unsigned jobs = 0;  // threads that decode; 0: as many as there are cores
};

/// Decodes the files, and calls `visit` for each certificate, in the order of the input. Frames
/// without a certificate and files that cannot be read are items too, in their place; the rest goes
/// on. `visit` runs on several threads, but never at the same time; what it gets is valid until it
/// returns. Its exception ends the call and is thrown here.
void decode_files(const FileOptions& options,
                  const std::function<void(const DecodedCertificate&)>& visit);

/// What is done with each batch, in two steps. A worker belongs to one thread.
class BatchWorker {
 public:
  BatchWorker() = default;
  BatchWorker(const BatchWorker&) = delete;
  BatchWorker& operator=(const BatchWorker&) = delete;
  virtual ~BatchWorker() = default;

  /// The work that all threads do at the same time, such as decoding and rendering.
  virtual void work(const Batch& batch) = 0;
  /// Passes on what work() made of the batch. Called in the order of the input, by one thread at a
  /// time.
  virtual void deliver(const Batch& batch) = 0;
};

/// The same for those who render or write: a worker does more of the work in parallel.
/// `make_worker` runs on each thread, once. There are at most `jobs` batches in memory. An
/// exception of a worker ends the call and is thrown here.
void decode_batches(const FileOptions& options,
                    const std::function<std::unique_ptr<BatchWorker>()>& make_worker);

}  // namespace peercert::decode
