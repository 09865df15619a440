// SPDX-License-Identifier: Apache-2.0
#include "ssl/context/read_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <peercert/ssl/socket.hpp>

namespace peercert::ssl {

std::string read_file(const std::filesystem::path& path) {
  const auto fail = [&] { throw std::system_error(errno, std::generic_category(), path.string()); };
  const Socket file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));  // closes the descriptor
  if (file.fileno() < 0) fail();
  std::string text;
  std::array<char, 16384> chunk;
  for (;;) {
    const ssize_t len = ::read(file.fileno(), chunk.data(), chunk.size());
    if (len == 0) return text;
    if (len > 0) text.append(chunk.data(), static_cast<std::size_t>(len));
    if (len < 0 && errno != EINTR) fail();
  }
}

}  // namespace peercert::ssl
