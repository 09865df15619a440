// SPDX-License-Identifier: Apache-2.0
// Which targets of the input are done.
#pragma once

#include <cstdint>
#include <set>

namespace peercert::scan {

/// The finished ones among targets that are taken in the order of their index: all below one index,
/// and those of a set above it. The set is no larger than what is finished while the target that
/// was taken first is not. Indices that are never taken count as finished once a later one is
/// taken: a shard leaves most of them out.
class FinishedTargets {
 public:
  FinishedTargets() = default;
  /// What an earlier run has finished.
  FinishedTargets(std::uint64_t below, std::set<std::uint64_t> beyond);

  /// A target is taken, whose index is greater than all that were taken before.
  void take(std::uint64_t index);
  /// One that was taken is finished.
  void finish(std::uint64_t index);

  bool contains(std::uint64_t index) const;
  /// All indices below this are finished.
  std::uint64_t below() const noexcept { return below_; }
  /// Those above it that are, too.
  const std::set<std::uint64_t>& beyond() const noexcept { return beyond_; }

 private:
  void advance();

  std::uint64_t below_ = 0;
  std::uint64_t next_ = 0;  // behind the last that was taken
  std::set<std::uint64_t> in_flight_, beyond_;
};

}  // namespace peercert::scan
