// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/reader.hpp>

namespace peercert {

/// A cursor over the presentation language of TLS (RFC 8446, 3) inside of DER: big-endian numbers,
/// and vectors with their length in front. Its first error is that of the Progress.
class TlsReader {
 public:
  /// Reads `octets`, and keeps errors in `progress`.
  TlsReader(Bytes octets, der::Progress& progress) noexcept : rest_(octets), progress_(&progress) {}

  /// Whether something is left; false after an error.
  bool more() const noexcept { return !rest_.empty() && !progress_->failed(); }
  /// What is left.
  Bytes rest() const noexcept { return rest_; }

  /// Empty after a failure.
  Bytes read(std::size_t len) noexcept {
    if (progress_->failed() || len > rest_.size()) {
      progress_->fail(Errc::truncated, rest_.data());
      return {};
    }
    const Bytes octets = rest_.first(len);
    rest_ = rest_.subspan(len);
    return octets;
  }
  /// A number of `len` bytes; 0 after an error.
  std::uint64_t read_number(std::size_t len) noexcept {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : read(len)) number = number << 8 | octet;
    return number;
  }
  /// opaque<0..2^16-1>
  Bytes read_vector() noexcept { return read(read_number(2)); }

  /// Says that nothing may follow.
  void finish() noexcept {
    if (more()) progress_->fail(Errc::trailing_data, rest_.data());
  }
  /// Keeps this error at the place reached, if it is the first.
  void fail(Errc code) noexcept { progress_->fail(code, rest_.data()); }

 private:
  Bytes rest_;
  der::Progress* progress_;
};

}  // namespace peercert
