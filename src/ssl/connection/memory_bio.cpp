// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <new>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/memory_bio.hpp>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

struct MemoryBIO::State {
  BioPtr bio{BIO_new(BIO_s_mem())};
  bool eof_written = false;
};

MemoryBIO::MemoryBIO() : state_(std::make_shared<State>()) {
  const DroppedErrors dropped;
  if (!state_->bio) throw std::bad_alloc();
  // Empty means "later", until write_eof().
  BIO_set_mem_eof_return(state_->bio.get(), -1);
}

std::size_t MemoryBIO::write(Bytes octets) {
  if (octets.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw ValueError("string longer than " + std::to_string(std::numeric_limits<int>::max()) +
                     " bytes");
  }
  if (state_->eof_written) {
    throw SSLError(SSLErrorNumber::none, "", "", "cannot write() after write_eof()");
  }
  if (octets.empty()) return 0;
  const DroppedErrors dropped;
  const int len = static_cast<int>(octets.size());
  if (BIO_write(native_handle(), octets.data(), len) != len) throw std::bad_alloc();
  return octets.size();
}

std::vector<std::uint8_t> MemoryBIO::read(std::size_t max) {
  std::vector<std::uint8_t> octets(std::min(max, pending()));
  octets.resize(read_into(octets));
  return octets;
}

std::size_t MemoryBIO::read_into(std::span<std::uint8_t> into) {
  std::size_t len = 0;
  if (!into.empty()) BIO_read_ex(native_handle(), into.data(), into.size(), &len);
  return len;
}

std::size_t MemoryBIO::pending() const noexcept { return BIO_ctrl_pending(native_handle()); }

void MemoryBIO::write_eof() noexcept {
  state_->eof_written = true;
  BIO_set_mem_eof_return(native_handle(), 0);
}

bool MemoryBIO::eof() const noexcept { return state_->eof_written && pending() == 0; }

bio_st* MemoryBIO::native_handle() const& noexcept { return state_->bio.get(); }

}  // namespace peercert::ssl
