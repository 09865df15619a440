// SPDX-License-Identifier: Apache-2.0
// A batch of certificates as the text that `decode` prints for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <peercert/base/finding.hpp>
#include <peercert/base/result.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/output.hpp>

#include "certificate_source.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "render/json_object.hpp"

namespace peercert::tool {

/// What goes to standard error once standard output has come as far as `at`.
struct Complaint {
  std::size_t at = 0;
  std::string subject;
  std::string what;
  std::string advice;
};

/// One for each thread.
class BatchDecoder {
 public:
  explicit BatchDecoder(const DecodeOptions& options)
      : format_(options.format),
        shows_details_(options.details),
        shows_fingerprint_(!options.no_fingerprint),
        shows_findings_(options.findings),
        is_strict_(options.strict) {}

  /// Decodes all of a batch. With Format::text each certificate stands behind an empty line.
  void decode(const Batch& batch);

  /// What the last decode() gave.
  std::string_view text() const noexcept { return out_.view(); }
  const std::vector<Complaint>& complaints() const noexcept { return complaints_; }

 private:
  void decode_piece(const Batch& batch, const Piece& piece);
  Result<PeerCertView> decode_octets(const Batch& batch, const Piece& piece);
  void show(const Result<PeerCertView>& dict);
  void show_json(const PeerCertView& dict);
  void show_text();
  void show_partial_text(Bytes octets);
  void add_source(render::JsonObject& record) const;
  void fail(const std::string& message, std::optional<std::uint64_t> offset);
  std::string source() const;

  Format format_;
  bool shows_details_;
  bool shows_fingerprint_;
  bool shows_findings_;
  bool is_strict_;
  Style style_ = Style::of_stdout();
  std::chrono::sys_seconds now_ =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  PeerCertDecoder decoder_;
  Der der_;            // of a PEM block
  Findings findings_;  // of the certificate in hand, if somebody wants to know
  Output out_;
  std::vector<Complaint> complaints_;

  std::string source_;        // of the batch
  std::string source_json_;   // the same, without the closing quote
  std::uint64_t number_ = 0;  // of the piece in hand; 0: it needs none
};

}  // namespace peercert::tool
