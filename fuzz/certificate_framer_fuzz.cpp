// SPDX-License-Identifier: Apache-2.0
// CertificateFramer: the frames lie in order inside the input, every byte is finished, and an input
// that arrives in portions has the same frames as the whole.
#include <algorithm>
#include <vector>

#include <peercert/decode/certificate_framer.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

using decode::CertificateFramer;
using decode::Frame;
using decode::FrameError;
using decode::InputForm;

constexpr InputForm kForms[] = {InputForm::detected, InputForm::pem, InputForm::der,
                                InputForm::length_prefixed};

// The frames, counted from the start of the input, as a caller gets them that has `portion_len`
// bytes more each time.
std::vector<Frame> frames_of(CertificateFramer& framer, Bytes input, std::size_t portion_len) {
  std::vector<Frame> found;
  std::size_t begin = 0;
  std::size_t end = std::min(portion_len, input.size());
  for (;;) {
    const std::vector<std::uint8_t> bytes(input.begin() + static_cast<std::ptrdiff_t>(begin),
                                          input.begin() + static_cast<std::ptrdiff_t>(end));
    const bool is_last = end == input.size();
    std::vector<Frame> frames;
    const std::size_t len = framer.append_frames(bytes, is_last, frames);
    check(len <= bytes.size() && frames.size() <= decode::kMaxFrames);
    for (Frame frame : frames) {
      check(frame.begin < bytes.size());
      check(frame.error != FrameError::none || frame.len <= bytes.size() - frame.begin);
      frame.begin += static_cast<std::uint32_t>(begin);
      found.push_back(frame);
    }
    begin += len;
    if (is_last && begin == end) return found;
    check(!is_last || len > 0);
    end = std::min(end + portion_len, input.size());
  }
}

void check_order(const std::vector<Frame>& frames) {
  std::size_t end = 0;
  for (const Frame& frame : frames) {
    check(frame.begin >= end);
    end = frame.begin + (frame.error == FrameError::none ? frame.len : 1);
  }
}

bool is_same(const Frame& a, const Frame& b) {
  return a.begin == b.begin && a.error == b.error &&
         (a.error != FrameError::none || a.len == b.len);
}

}  // namespace

// Two bytes choose the form and the length of the portions, the rest is the input.
void run(Bytes input) {
  if (input.size() < 3) return;
  const std::size_t portion_len = std::size_t{1} + input[1];
  CertificateFramer whole(kForms[input[0] % std::size(kForms)]);
  input = input.subspan(2);
  const std::vector<Frame> frames = frames_of(whole, input, input.size());
  check_order(frames);
  // The first portion decides the form. In use it is never this short.
  CertificateFramer in_portions(whole.form());
  check(std::ranges::equal(frames, frames_of(in_portions, input, portion_len), is_same));
}

}  // namespace peercert::fuzz
