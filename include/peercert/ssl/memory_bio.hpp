// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include <peercert/base/result.hpp>

struct bio_st;  // OpenSSL's BIO

namespace peercert::ssl {

/// Python's ssl.MemoryBIO: bytes on their way between an SSLObject and whoever carries them, first
/// in, first out. Moved, never copied; SSLObjects keep their part in it. One thread at a time.
class MemoryBIO {
 public:
  /// The size that means: all there is.
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  /// Empty. Throws std::bad_alloc.
  MemoryBIO();
  MemoryBIO(MemoryBIO&&) noexcept = default;
  MemoryBIO& operator=(MemoryBIO&&) noexcept = default;
  ~MemoryBIO() = default;

  /// Appends the bytes, and gives their number. Throws SSLError after write_eof(), ValueError for
  /// 2 GiB or more at once, std::bad_alloc.
  std::size_t write(Bytes octets);
  /// Takes the first bytes, at most `max` of them; none if it is empty.
  std::vector<std::uint8_t> read(std::size_t max = kAll);
  /// Takes as many as there are and fit, and gives their number.
  std::size_t read_into(std::span<std::uint8_t> into);

  /// The number of bytes that read() would give.
  std::size_t pending() const noexcept;

  /// No more will be written: once it is empty, an SSLObject that reads from it throws SSLEOFError
  /// rather than SSLWantReadError.
  void write_eof() noexcept;
  /// After write_eof(), once everything has been read.
  bool eof() const noexcept;

  /// OpenSSL's BIO, owned by this and the SSLObjects.
  bio_st* native_handle() const& noexcept PEERCERT_LIFETIMEBOUND;
  bio_st* native_handle() && = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace peercert::ssl
