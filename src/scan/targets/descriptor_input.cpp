// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/descriptor_input.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace peercert::scan {
namespace {

// How long a reader may take to see that it was ended.
constexpr int kPollMs = 100;

int open_input(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  // A FIFO is open at once, and wait() waits for its writer until it is ended.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), path);
  return fd;
}

}  // namespace

DescriptorInput::DescriptorInput(const std::string& path)
    : path_(path == "-" ? "standard input" : path), fd_(open_input(path)) {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return;
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
  if (S_ISDIR(status.st_mode)) {
    ::close(fd_);
    throw std::system_error(EISDIR, std::generic_category(), path_);
  }
}

DescriptorInput::~DescriptorInput() {
  if (fd_ != STDIN_FILENO) ::close(fd_);
}

bool DescriptorInput::wait() const {
  while (!is_ended_) {
    pollfd readable{fd_, POLLIN, 0};
    const int ready = ::poll(&readable, 1, kPollMs);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
  return false;
}

DescriptorInput::int_type DescriptorInput::underflow() {
  for (;;) {
    if (!wait()) return traits_type::eof();
    const ssize_t len = ::read(fd_, buffer_.data(), buffer_.size());
    if (len == 0) return traits_type::eof();
    if (len > 0) {
      num_read_ += static_cast<std::uint64_t>(len);
      setg(buffer_.data(), buffer_.data(), buffer_.data() + len);
      return traits_type::to_int_type(buffer_.front());
    }
    if (errno != EINTR && errno != EAGAIN) {
      throw std::system_error(errno, std::generic_category(), path_);
    }
  }
}

}  // namespace peercert::scan
