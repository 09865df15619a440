// SPDX-License-Identifier: Apache-2.0
#include "decode/certificate_source.hpp"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include <peercert/decode/read_files.hpp>

namespace peercert::decode {
namespace {

// Small enough to stay in a core's cache from reading to rendering, large enough to make the costs
// of handing it over small.
constexpr std::size_t kPortionLen = std::size_t{1} << 20;

}  // namespace

CertificateSource::CertificateSource(const std::string& name, InputForm form)
    : file_(name), name_(source_name(name)), framer_(form), portion_len_(kPortionLen) {
  const std::uint64_t size = regular_size(name);
  // One more, so that the end is met at once.
  if (size > 0)
    portion_len_ = static_cast<std::size_t>(std::min<std::uint64_t>(size + 1, kPortionLen));
}

bool CertificateSource::next(Batch& batch) {
  if (std::exchange(has_ahead_, false)) {
    batch = std::exchange(ahead_, {});
    return true;
  }
  const bool is_first = num_frames_ == 0;
  if (!read_batch(batch)) return false;
  if (is_first && batch.frames.size() == 1) {
    has_ahead_ = read_batch(ahead_);
    batch.is_alone = !has_ahead_ || ahead_.frames.empty();
  }
  return true;
}

bool CertificateSource::read_batch(Batch& batch) {
  if (is_done_) return false;
  batch.source = name_;
  batch.frames.clear();
  batch.failure.clear();
  batch.first_number = num_frames_ + 1;
  batch.is_alone = false;
  batch.num_bytes = 0;
  while (batch.frames.empty() && !is_done_) {
    fill(batch);
    const std::size_t len = framer_.append_frames(batch.bytes, is_read_, batch.frames);
    rest_.assign(batch.bytes.begin() + static_cast<std::ptrdiff_t>(len), batch.bytes.end());
    batch.num_bytes += len;
    needs_more_ = batch.frames.size() < kMaxFrames;
    is_done_ = is_read_ && rest_.empty();
  }
  batch.is_pem = framer_.form() == InputForm::pem;
  num_frames_ += batch.frames.size();
  batch.has_more = !is_done_;
  if (is_done_) batch.failure = failure_;
  if (is_done_ && num_frames_ == 0 && failure_.empty()) {
    const Errc code = num_read_ == 0 ? Errc::empty_input : Errc::pem_no_certificate;
    batch.failure = to_string(code);
  }
  return !batch.frames.empty() || !batch.failure.empty();
}

// Puts the rest, and if need be what follows it in the file, into the batch.
void CertificateSource::fill(Batch& batch) {
  batch.offset = num_read_ - rest_.size();
  if (!needs_more_ || is_read_) {
    batch.bytes = rest_;
    return;
  }
  batch.bytes.resize(std::max(portion_len_, 2 * rest_.size()));
  std::ranges::copy(rest_, batch.bytes.begin());
  std::size_t len = rest_.size();
  try {
    while (len < batch.bytes.size() && !is_read_) {
      const std::size_t got = file_.read(std::span(batch.bytes).subspan(len));
      is_read_ = got == 0;
      len += got;
    }
  } catch (const std::system_error& error) {
    failure_ = error.code().message();
    is_read_ = true;
  }
  batch.bytes.resize(len);
  num_read_ += len - rest_.size();
}

}  // namespace peercert::decode
