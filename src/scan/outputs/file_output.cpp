// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/file_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <peercert/scan/outputs.hpp>

#include "scan/outputs/file_lock.hpp"
#include "scan/outputs/own_file.hpp"

namespace peercert::scan {
namespace {

// The descriptor that a path names and that is open already.
std::optional<int> stream_of(const std::string& path) {
  if (path == kStandardOutput) return STDOUT_FILENO;
  return own_descriptor(path);
}

int open_output(const std::string& place) {
  if (const auto open = stream_of(place)) return ::fcntl(*open, F_DUPFD_CLOEXEC, 0);
  constexpr int kMode = 0666;  // less what the umask says
  return ::open(place.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, kMode);
}

std::string place_of(const std::string& path) {
  return path == kStandardOutput ? path : follow_own_links(path);
}

}  // namespace

void FileOutput::FreeCompressor::operator()(ZSTD_CCtx_s* compressor) const noexcept {
  ZSTD_freeCCtx(compressor);
}

FileOutput::FileOutput(const std::string& path) : FileOutput(path, place_of(path)) {}

FileOutput::FileOutput(const std::string& path, const std::string& place)
    : FileOutput(Descriptor(open_output(place)), path) {
  place_ = place;
  is_entered_ = false;
  if (stream_of(place)) is_regular_ = false;  // it is not ours alone
  if (is_regular_) lock_file(file_, name_);
}

FileOutput::FileOutput(Descriptor file, const std::string& path)
    : name_(path == kStandardOutput ? "standard output" : path),
      place_(path),
      file_(std::move(file)) {
  struct stat status {};
  if (file_.get() < 0 || ::fstat(file_.get(), &status) != 0) fail(errno);
  is_regular_ = S_ISREG(status.st_mode);
  committed_ = static_cast<std::uint64_t>(status.st_size);  // nothing of it is ours to drop yet
  if (!path.ends_with(".zst")) return;
  compressor_.reset(ZSTD_createCCtx());
  if (compressor_ == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_checksumFlag, 1);
  compressed_ = std::make_unique<char[]>(ZSTD_CStreamOutSize());
}

// Whatever fails, the file ends where the last commit was.
template <class Call>
void FileOutput::or_end(const Call& call) {
  try {
    call();
  } catch (...) {
    end_at_commit();
    throw;
  }
}

// A torn end would make the whole file hard to read; if it cannot be cut off, it stays. Without a
// descriptor nothing follows, at a place where the file does not end any more.
void FileOutput::end_at_commit() noexcept {
  if (is_regular_) static_cast<void>(::ftruncate(file_.get(), static_cast<off_t>(committed_)));
  file_ = Descriptor();
  buffer_.clear();
}

void FileOutput::write_buffer_or_end() {
  or_end([this] { write_buffer(); });
}

void FileOutput::write_buffer() {
  if (buffer_.size() == 0) return;
  if (compressor_ != nullptr) {
    compress(buffer_.view(), false);
  } else {
    write_all(buffer_.view());
  }
  buffer_.clear();
}

void FileOutput::compress(std::string_view text, bool ends_frame) {
  ZSTD_inBuffer input{text.data(), text.size(), 0};
  std::size_t left = 0;
  do {
    ZSTD_outBuffer output{compressed_.get(), ZSTD_CStreamOutSize(), 0};
    left = ZSTD_compressStream2(compressor_.get(), &output, &input,
                                ends_frame ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) throw std::runtime_error(name_ + ": " + ZSTD_getErrorName(left));
    write_all({compressed_.get(), output.pos});
  } while (ends_frame ? left > 0 : input.pos < input.size);
  is_in_frame_ = !ends_frame;
}

void FileOutput::write_all(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t len = ::write(file_.get(), octets.data(), octets.size());
    if (len < 0 && errno == EINTR) continue;
    if (len < 0) fail(errno);
    size_ += static_cast<std::uint64_t>(len);
    octets.remove_prefix(static_cast<std::size_t>(len));
  }
}

std::string FileOutput::commit() {
  or_end([this] {
    write_buffer();
    if (is_in_frame_) compress({}, true);
    if (size_ != committed_) sync();
  });
  committed_ = size_;
  return std::to_string(size_);
}

void FileOutput::sync() {
  if (!is_regular_) return;
  if (::fdatasync(file_.get()) != 0) fail(errno);
  if (!std::exchange(is_entered_, true)) sync_folder_of(place_);
}

void FileOutput::rewind(std::string_view committed) {
  const std::uint64_t size = committed.empty() ? 0 : parse_commit(committed, name_);
  if (!is_regular_ && size > 0) {
    throw std::invalid_argument(name_ + ": no file, so that a scan cannot be resumed there");
  }
  buffer_.clear();
  if (compressor_ != nullptr) ZSTD_CCtx_reset(compressor_.get(), ZSTD_reset_session_only);
  is_in_frame_ = false;
  if (is_regular_) set_size(size);
  size_ = committed_ = size;
}

void FileOutput::set_size(std::uint64_t size) {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) fail(errno);
  if (static_cast<std::uint64_t>(status.st_size) < size) {
    throw std::invalid_argument(name_ +
                                ": shorter than the scan that is to be resumed has left it");
  }
  if (size > 0) check_boundary(size);
  const auto offset = static_cast<off_t>(size);
  const int fd = file_.get();
  if (::ftruncate(fd, offset) != 0 || ::lseek(fd, offset, SEEK_SET) < 0) fail(errno);
}

// Where a commit was a line ended, or the next frame begins, unless nothing followed.
void FileOutput::check_boundary(std::uint64_t size) const {
  const bool is_compressed = compressor_ != nullptr;
  const std::uint64_t from = is_compressed ? size : size - 1;
  std::array<std::uint8_t, 4> octets{};
  const Descriptor file = open_to_read();
  const ssize_t len = ::pread(file.get(), octets.data(), octets.size(), static_cast<off_t>(from));
  if (len < 0) throw std::system_error(errno, std::generic_category(), name_);
  constexpr std::array<std::uint8_t, 4> kFrame = {0x28, 0xb5, 0x2f, 0xfd};  // RFC 8878, 3.1.1
  const bool is_boundary = is_compressed
                               ? std::equal(octets.begin(), octets.begin() + len, kFrame.begin())
                               : len > 0 && octets.front() == '\n';
  if (!is_boundary) throw std::invalid_argument(name_ + ": not what a scan has left");
}

Descriptor FileOutput::open_to_read() const {
  Descriptor file = open_regular(place_, O_RDONLY);
  struct stat mine {
  }, found{};
  if (::fstat(file_.get(), &mine) != 0 || ::fstat(file.get(), &found) != 0 ||
      mine.st_dev != found.st_dev || mine.st_ino != found.st_ino) {
    throw std::invalid_argument(name_ + ": was replaced while it was opened");
  }
  return file;
}

void FileOutput::close() {
  if (is_empty() && compressor_ != nullptr) {
    or_end([this] { compress({}, true); });  // no frame is not a file of its own
  }
  commit();
  if (::close(file_.release()) != 0) fail(errno);
}

void FileOutput::fail(int error_number) const {
  throw std::system_error(error_number, std::generic_category(), name_);
}

bool is_stream(const std::string& path) {
  try {
    return stream_of(place_of(path)).has_value();
  } catch (const std::exception&) {  // who opens it is told why it cannot be
    return false;
  }
}

void sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0) return;  // a folder may be written to, and yet not read
  const bool is_synced = ::fsync(opened.get()) == 0;
  const bool cannot = errno == EINVAL || errno == EOPNOTSUPP;  // some filesystems
  if (!is_synced && !cannot) throw std::system_error(errno, std::generic_category(), path);
}

std::uint64_t parse_commit(std::string_view text, const std::string& name) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) {
    throw std::invalid_argument(name + ": not what a scan has left");
  }
  return number;
}

}  // namespace peercert::scan
