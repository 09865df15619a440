// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <peercert/x509/certificate.hpp>

namespace peercert::tool {

/// A file that does not hold what it should.
class FileError : public std::runtime_error {
 public:
  FileError(std::string source, const std::string& what, std::optional<std::uint64_t> offset)
      : std::runtime_error(what), source_(std::move(source)), offset_(offset) {}

  const std::string& source() const noexcept { return source_; }
  /// The byte of the file at which what is wrong begins, unless all of the file is meant.
  std::optional<std::uint64_t> offset() const noexcept { return offset_; }

 private:
  std::string source_;
  std::optional<std::uint64_t> offset_;
};

/// All certificates of a file, at least one; "-" is standard input. Throws FileError.
std::vector<Der> read_certificates(const std::string& name);

/// All octets of a file. Throws FileError.
std::string read_whole(const std::string& name);

/// What a file is called in messages.
std::string source_of(const std::string& name);

}  // namespace peercert::tool
