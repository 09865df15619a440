// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <peercert/x509/certificate.hpp>

namespace peercert::decode {

/// A file that does not hold what it should. what() says why, without the file's name.
class FileError : public std::runtime_error {
 public:
  FileError(std::string source, const std::string& what, std::optional<std::uint64_t> offset)
      : std::runtime_error(what), source_(std::move(source)), offset_(offset) {}

  /// The file's name, or "standard input".
  const std::string& source() const& noexcept PEERCERT_LIFETIMEBOUND { return source_; }
  std::string source() && noexcept { return std::move(source_); }
  /// Where in the file the certificate that is wrong begins. Absent if the whole file is meant.
  std::optional<std::uint64_t> offset() const noexcept { return offset_; }

 private:
  std::string source_;
  std::optional<std::uint64_t> offset_;
};

/// All certificates of a small file, at least one, each decodable; "-" is standard input. Throws
/// FileError at the first that is not a certificate.
std::vector<Der> read_certificates(const std::string& name);

/// All bytes of a file, or of standard input for "-". Throws std::system_error whose text begins
/// with the name.
std::string read_file(const std::string& name);

/// What messages call a file: its name, or "standard input" for "-".
std::string source_name(const std::string& name);

/// The size of all files together. 0 if it is not known, since one is not a regular file.
std::uint64_t total_size(const std::vector<std::string>& names);

}  // namespace peercert::decode
