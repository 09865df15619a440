// SPDX-License-Identifier: Apache-2.0
#include "scan/job/finished_targets.hpp"

#include <algorithm>
#include <utility>

namespace peercert::scan {

FinishedTargets::FinishedTargets(std::uint64_t below, std::set<std::uint64_t> beyond)
    : below_(below), next_(below), beyond_(std::move(beyond)) {}

void FinishedTargets::take(std::uint64_t index) {
  in_flight_.insert(in_flight_.end(), index);
  next_ = std::max(next_, index + 1);
}

void FinishedTargets::finish(std::uint64_t index) {
  in_flight_.erase(index);
  beyond_.insert(index);
  advance();
}

void FinishedTargets::advance() {
  below_ = std::max(below_, in_flight_.empty() ? next_ : *in_flight_.begin());
  beyond_.erase(beyond_.begin(), beyond_.lower_bound(below_));
}

bool FinishedTargets::contains(std::uint64_t index) const {
  return index < below_ || beyond_.contains(index);
}

}  // namespace peercert::scan
