// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <peercert/decode/batch.hpp>
#include <peercert/peer/peer_cert.hpp>

namespace peercert::decode {

/// A certificate of a file, or why there is none in its place. Borrows from the batch and the
/// decoder.
struct DecodedCertificate {
  std::string_view source;  // the file's name, or "standard input"
  /// Counted over the file from 1. 0 if the file has no other, or if the whole file is meant.
  std::uint64_t number = 0;
  /// Of the first byte in the file. Absent if the whole file is meant: it cannot be read (further),
  /// or holds no certificate.
  std::optional<std::uint64_t> offset;
  /// The bytes in this place, without PEM. Empty if they are not a certificate by their first look.
  Bytes input{};
  /// The certificate as the file has it: DER or BER. Empty if it cannot be decoded.
  Bytes der{};
  /// The certificate, decoded; nullptr if it cannot be. It is there without a dict where Python's
  /// getpeercert() cannot present a value.
  const CertificateView* certificate = nullptr;
  std::optional<PeerCertView> dict;
  /// Why there is no dict: a sentence. Empty if there is one.
  std::string error;
};

/// Decodes the frames of batches. Its memory is used again.
class FrameDecoder {
 public:
  /// The item of the batch with this index, which is below num_items(). Borrows the batch and this
  /// object: valid until the next decode().
  DecodedCertificate decode(const Batch& batch, std::size_t index) & PEERCERT_LIFETIMEBOUND;
  DecodedCertificate decode(const Batch& batch, std::size_t index) && = delete;

 private:
  void decode_input(DecodedCertificate& item);

  PeerCertDecoder decoder_;
  Der der_;  // of a PEM block
};

}  // namespace peercert::decode
