// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <streambuf>
#include <string>

namespace peercert::scan {

/// A file or standard input, whose readers another thread can end while they wait for a pipe or a
/// terminal. Nothing more is then read, as at the end.
class DescriptorInput : public std::streambuf {
 public:
  /// "-" is standard input. Throws std::system_error whose text is the path.
  explicit DescriptorInput(const std::string& path);
  DescriptorInput(const DescriptorInput&) = delete;
  DescriptorInput& operator=(const DescriptorInput&) = delete;
  ~DescriptorInput() override;

  /// From any thread.
  void end() noexcept { is_ended_ = true; }
  /// How many bytes were read so far. From any thread.
  std::uint64_t num_read() const noexcept { return num_read_; }
  /// How many there are to read; 0 where only reading them tells.
  std::uint64_t size() const noexcept { return size_; }

 protected:
  /// Throws std::system_error if the file cannot be read.
  int_type underflow() override;

 private:
  bool wait() const;

  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
  std::atomic<bool> is_ended_ = false;
  std::atomic<std::uint64_t> num_read_ = 0;
  std::array<char, 1 << 16> buffer_;
};

}  // namespace peercert::scan
