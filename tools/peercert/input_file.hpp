// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace peercert::tool {

/// A file that is read from its beginning to its end, or standard input for "-", which is left
/// open. Its functions throw std::system_error.
class InputFile {
 public:
  explicit InputFile(const std::string& name);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  /// The size of a regular file, 0 if it is something else.
  std::uint64_t size_hint() const;

  /// Reads what there is, up to the size of `into`; 0 octets are the end of the file.
  std::size_t read(std::span<std::uint8_t> into) const;

 private:
  bool owned_;
  int fd_;
};

/// All octets of a file, or of standard input for "-". Throws std::system_error.
std::string read_file(const std::string& name);

}  // namespace peercert::tool
