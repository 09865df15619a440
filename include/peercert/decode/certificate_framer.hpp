// SPDX-License-Identifier: Apache-2.0
// Where certificates begin and end in a file, found without decoding them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

namespace peercert::decode {

/// How a file holds certificates. docs/formats.md describes the forms.
enum class InputForm : std::uint8_t { detected, pem, der, length_prefixed };

/// Longest certificate accepted. A longer one is an error; the search continues after it.
inline constexpr std::size_t kMaxFrameLen = std::size_t{16} << 20;
/// Most frames that append_frames() finds before it returns. An input of errors alone stays a small
/// batch.
inline constexpr std::size_t kMaxFrames = 4096;

/// Why there is no certificate where one should begin.
enum class FrameError : std::uint8_t {
  none,
  not_a_certificate,
  wrong_length,  // the length matches neither the content nor what follows
  too_long,      // over kMaxFrameLen
  truncated,     // the input ends before the certificate does
  no_end,        // an indefinite length without end-of-contents
  no_end_line,   // PEM: a BEGIN line without its END line
};

/// The sentence for an error. Static storage.
std::string_view to_string(FrameError error) noexcept;

/// The place of one certificate, or of an error.
struct Frame {
  std::uint32_t begin = 0;
  std::uint32_t len = 0;  // means nothing if there is an error
  FrameError error = FrameError::none;
};

/// Finds the certificates of an input that arrives in portions. After a broken one it searches for
/// bytes that begin like a certificate. It gives up only after FrameError::no_end, because nothing
/// says where the next one begins. Work is linear in the input, whatever it holds.
class CertificateFramer {
 public:
  explicit CertificateFramer(InputForm form) noexcept : form_(form) {}

  /// The form. The first call of append_frames() replaces InputForm::detected.
  InputForm form() const noexcept { return form_; }

  /// Appends the frames that are whole in `bytes`, and returns how many bytes are finished. The
  /// bytes of the next call start with the unfinished ones. Stops when `frames` holds kMaxFrames.
  /// `is_last` says that nothing follows `bytes`.
  std::size_t append_frames(Bytes bytes, bool is_last, std::vector<Frame>& frames);

 private:
  struct Extent {
    std::size_t len = 0;  // with the prefix; may be more than there is
    FrameError error = FrameError::none;
  };

  std::size_t frame_pem(std::string_view text, bool is_last, std::vector<Frame>& frames) const;
  std::size_t frame_der(Bytes bytes, bool is_last, std::vector<Frame>& frames);
  Extent measure(Bytes rest) const noexcept;
  static Extent measure_ber(Bytes rest) noexcept;
  FrameError error_of(Bytes rest, Extent extent) const noexcept;
  bool starts_here(Bytes rest) const noexcept;
  std::size_t skip_to_start(Bytes rest) const noexcept;
  std::size_t prefix_len() const noexcept;

  InputForm form_;
  bool lost_ = false;       // searching for the first bytes of a certificate
  bool abandoned_ = false;  // nothing says where the next one begins
};

}  // namespace peercert::decode
