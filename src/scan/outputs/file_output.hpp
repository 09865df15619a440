// SPDX-License-Identifier: Apache-2.0
// The file of an output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <peercert/render/output.hpp>

#include "scan/outputs/descriptor.hpp"

struct ZSTD_CCtx_s;  // Zstandard's ZSTD_CCtx

namespace peercert::scan {

/// What standard output is called on the command line.
inline constexpr std::string_view kStandardOutput = "-";

/// A file that grows and can be set back to a commit(); compressed by Zstandard if its name ends
/// with ".zst", and locked against other scans. A pipe, a device and what is open already (standard
/// output, /dev/fd/63) are written, but not set back and not locked. All calls throw
/// std::system_error whose text begins with the file's name; a regular file then ends where the
/// last commit() was, and nothing more can be written.
class FileOutput {
 public:
  /// Opens the file, or makes it; follows symbolic links as follow_own_links() does. What it holds
  /// stays until rewind(). Throws std::invalid_argument if another scan writes to it.
  explicit FileOutput(const std::string& path);
  /// One that is open, whose maker has its name on the disk. The path is for errors.
  FileOutput(Descriptor file, const std::string& path);
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;

  /// What is appended here is written by and by, after each write_if_large().
  Output& buffer() noexcept { return buffer_; }
  void write_if_large() {
    if (buffer_.size() >= kLarge) write_buffer_or_end();
  }

  /// Has everything on the disk, and gives the place, a decimal number of octets. A compressed file
  /// is whole there: a frame ends.
  std::string commit();
  /// Drops what is after the place; empty: everything. Throws std::invalid_argument if the file
  /// does not reach as far, cannot be set back, or has no end of a line or of a frame there.
  void rewind(std::string_view committed);
  void close();

  /// Whether nothing was written behind the beginning.
  bool is_empty() const noexcept { return buffer_.size() == 0 && size_ == 0 && !is_in_frame_; }
  const std::string& name() const noexcept { return name_; }
  /// The same file, to be read from its beginning. Throws std::invalid_argument if something else
  /// has its name by now.
  Descriptor open_to_read() const;

 private:
  static constexpr std::size_t kLarge = std::size_t{256} * 1024;
  struct FreeCompressor {
    void operator()(ZSTD_CCtx_s* compressor) const noexcept;
  };

  FileOutput(const std::string& path, const std::string& place);
  template <class Call>
  void or_end(const Call& call);
  void end_at_commit() noexcept;
  void write_buffer_or_end();
  void write_buffer();
  void compress(std::string_view text, bool ends_frame);
  void write_all(std::string_view octets);
  void set_size(std::uint64_t size);
  void check_boundary(std::uint64_t size) const;
  void sync();
  [[noreturn]] void fail(int error_number) const;

  std::string name_;
  std::string place_;  // of the file, with links followed
  Descriptor file_;
  bool is_regular_ = false;
  bool is_entered_ = true;       // in its folder, on the disk
  std::uint64_t size_ = 0;       // octets that were handed to the operating system
  std::uint64_t committed_ = 0;  // of them, those of the last commit
  Output buffer_;
  std::unique_ptr<ZSTD_CCtx_s, FreeCompressor> compressor_;
  std::unique_ptr<char[]> compressed_;
  bool is_in_frame_ = false;
};

/// Has the names of a file's folder on the disk, where the filesystem can do that. Throws
/// std::system_error whose text begins with the path.
void sync_folder_of(const std::string& path);

/// The number that a whole text is. Throws std::invalid_argument, which says that `name` was not
/// left by a scan, if it is none.
std::uint64_t parse_commit(std::string_view text, const std::string& name);

}  // namespace peercert::scan
