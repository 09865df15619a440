// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <peercert/decode/frame_decoder.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/pem.hpp>

#include "x509/name_syntax.hpp"

namespace peercert::decode {
namespace {

std::string at_byte(std::string_view what, std::uint64_t offset) {
  return std::string(what) + " at byte " + std::to_string(offset);
}

std::string pem_error_text(Error error, std::uint64_t offset) {
  std::string text;
  if (error.field != Field::none) text.append(to_string(error.field)).append(": ");
  return text + at_byte(to_string(error.code), offset + error.offset);
}

}  // namespace

DecodedCertificate FrameDecoder::decode(const Batch& batch, std::size_t index) & {
  DecodedCertificate item;
  item.source = batch.source;
  if (index == batch.frames.size()) {
    item.error = batch.failure;
    return item;
  }
  const Frame& frame = batch.frames[index];
  const std::uint64_t offset = batch.offset + frame.begin;
  item.number = batch.is_alone ? 0 : batch.first_number + index;
  item.offset = offset;
  if (frame.error != FrameError::none) {
    item.error = at_byte(to_string(frame.error), offset);
    return item;
  }
  item.input = Bytes(batch.bytes).subspan(frame.begin, frame.len);
  if (batch.is_pem) {
    const Error error = PemReader(as_text(item.input)).next(der_).error();
    item.input = der_;
    if (error.code != Errc::ok) {
      item.input = {};
      item.error = pem_error_text(error, offset);
      return item;
    }
  }
  decode_input(item);
  return item;
}

void FrameDecoder::decode_input(DecodedCertificate& item) {
  const Result<PeerCertView> dict = decoder_.decode(item.input);
  if (decoder_.has_certificate()) {
    item.der = decoder_.encoded();
    item.certificate = &decoder_.certificate();
  }
  if (dict) {
    item.dict = *dict;
  } else {
    item.error = to_string(dict.error());
  }
}

}  // namespace peercert::decode
