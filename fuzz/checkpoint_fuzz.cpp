// SPDX-License-Identifier: Apache-2.0
// Of each state that is read there is one text: what to_text() writes is what parse_checkpoint()
// read.
#include <stdexcept>
#include <string>

#include <peercert/crypto/fingerprint.hpp>

#include "fuzz.hpp"
#include "render/json_object.hpp"
#include "scan/job/checkpoint.hpp"

namespace peercert::fuzz {
namespace {

void check_text(std::string_view text) try {
  const scan::Checkpoint checkpoint = scan::parse_checkpoint(text, "state");
  check(to_text(checkpoint) == text);
  check(scan::difference(checkpoint.command, checkpoint.command).empty());
  const scan::FinishedTargets& finished = checkpoint.finished;
  check(finished.beyond().empty() || *finished.beyond().begin() >= finished.below());
  for (const auto& [name, committed] : checkpoint.outputs) check(!committed.empty());
} catch (const std::invalid_argument& error) {
  check(std::string_view(error.what()).starts_with("state: "));
}

}  // namespace

void run(Bytes input) {
  check_text(as_text(input));
  // With the digest that no fuzzer guesses.
  Output line;
  line.append("sha256\t");
  render::append_hex(line, crypto::sha256(input));
  line.append('\n');
  check_text(std::string(as_text(input)).append(line.view()));
}

}  // namespace peercert::fuzz
