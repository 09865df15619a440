// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace peercert::decode {

/// A file that is read from its beginning to its end, or standard input for "-", which is left
/// open. Its functions throw std::system_error whose text begins with the name.
class InputFile {
 public:
  explicit InputFile(const std::string& name);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  /// Reads what there is, up to the size of `into`. 0 bytes are the end of the file.
  std::size_t read(std::span<std::uint8_t> into) const;

 private:
  std::string name_;
  bool owned_;
  int fd_;
};

/// The size of the file if it is a regular one, else 0.
std::uint64_t regular_size(const std::string& name);

}  // namespace peercert::decode
