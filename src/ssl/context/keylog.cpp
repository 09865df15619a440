// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <peercert/ssl/socket.hpp>

#include "ssl/context/context_state.hpp"

namespace peercert::ssl {

namespace {

void free_file(void*, void* file, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Socket*>(file);
}

/// The context's slot for the file, which lives as long as the SSL_CTX and closes itself.
int file_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_file);
  return index;
}

void append_line(const SSL* ssl, const char* line) {
  const auto* file =
      static_cast<const Socket*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), file_index()));
  if (file == nullptr) return;
  // One write of the whole line: with O_APPEND the lines of several threads do not mix. A log that
  // cannot be written must not fail the connection.
  const std::string whole = std::string(line) + "\n";
  [[maybe_unused]] const ssize_t written = ::write(file->fileno(), whole.data(), whole.size());
}

}  // namespace

const std::filesystem::path& SSLContext::keylog_filename() const& noexcept {
  return state_->keylog_filename;
}

void SSLContext::set_keylog_filename(const std::filesystem::path& file) {
  // The secrets decrypt the connections: for the owner's eyes alone.
  constexpr int kMode = 0600;
  std::unique_ptr<Socket> opened;
  if (!file.empty()) {
    opened = std::make_unique<Socket>(
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode));
    if (opened->fileno() < 0)
      throw std::system_error(errno, std::generic_category(), file.string());
  }
  SSL_CTX* ctx = native_handle();
  auto* const former = static_cast<Socket*>(SSL_CTX_get_ex_data(ctx, file_index()));
  if (SSL_CTX_set_ex_data(ctx, file_index(), opened.get()) != 1) throw std::bad_alloc();
  delete former;
  SSL_CTX_set_keylog_callback(ctx, opened.release() == nullptr ? nullptr : append_line);
  state_->keylog_filename = file;
}

}  // namespace peercert::ssl
