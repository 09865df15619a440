// SPDX-License-Identifier: Apache-2.0
// A batch of certificates as the text that `decode` prints for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/base/finding.hpp>
#include <peercert/decode/frame_decoder.hpp>
#include <peercert/render/output.hpp>

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
class BatchRenderer {
 public:
  explicit BatchRenderer(const DecodeOptions& options)
      : format_(options.format),
        shows_details_(options.details),
        shows_fingerprint_(!options.no_fingerprint),
        shows_findings_(options.findings),
        is_strict_(options.strict) {}

  /// Decodes all of a batch. With Format::text an empty line comes before each certificate.
  void render(const decode::Batch& batch);

  /// What the last render() made.
  std::string_view text() const noexcept { return out_.view(); }
  const std::vector<Complaint>& complaints() const noexcept { return complaints_; }

 private:
  using Item = decode::DecodedCertificate;

  void show_item(const Item& item);
  void show(const Item& item);
  void show_json(const Item& item);
  void show_text(const Item& item);
  void show_partial_text(const Item& item);
  void show_heading(const Item& item);
  void add_source(render::JsonObject& record, const Item& item) const;
  void fail(const Item& item, const std::string& message);

  Format format_;
  bool shows_details_;
  bool shows_fingerprint_;
  bool shows_findings_;
  bool is_strict_;
  Style style_ = Style::of_stdout();
  std::chrono::sys_seconds now_ =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  decode::FrameDecoder decoder_;
  Findings findings_;  // of the item in hand, if somebody wants to know
  Output out_;
  std::vector<Complaint> complaints_;
  std::string source_json_;  // of the batch, without the closing quote
};

}  // namespace peercert::tool
