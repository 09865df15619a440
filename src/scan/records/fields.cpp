// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <peercert/scan/fields.hpp>

#include "render/safe_text.hpp"

namespace peercert::scan {
namespace {

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

constexpr std::size_t kMaxShownName = 64;
constexpr std::size_t kMaxDistance = 3;  // beyond that two names have nothing in common

[[noreturn]] void refuse(std::string_view name) {
  name = render::cut(name, kMaxShownName);
  std::string nearest;
  for (std::size_t wanted = 1; wanted <= kMaxDistance && nearest.empty(); ++wanted) {
    for (const CertificateColumn& field : columns::certificate_columns()) {
      const bool is_near = distance(name, field.name) == wanted ||
                           (name.size() > 2 && field.name.find(name) != std::string_view::npos);
      if (is_near) nearest.append(nearest.empty() ? "" : ", ").append(field.name);
    }
  }
  std::string text = "no field is called \"" + std::string(name) + '"';
  throw std::invalid_argument(nearest.empty() ? text : text + "; there is " + nearest);
}

}  // namespace

Fields::Fields(std::string_view names) {
  const auto all = columns::certificate_columns();
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, end);
    const auto column = std::ranges::find(all, name, &CertificateColumn::name);
    if (column == all.end()) refuse(name);
    if (contains(name)) {
      throw std::invalid_argument("the field " + std::string(name) + " is asked for twice");
    }
    chosen_.push_back(&*column);
    needs_ = static_cast<std::uint8_t>(needs_ | column->needs);
    if (end + 1 == names.size()) refuse("");
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

bool Fields::contains(std::string_view name) const noexcept {
  return std::ranges::find(chosen_, name, &CertificateColumn::name) != chosen_.end();
}

std::string fields_help() {
  constexpr std::size_t kNameWidth = 22;
  std::string text;
  for (const CertificateColumn& field : columns::certificate_columns()) {
    text.append("  ").append(field.name);
    text.append(kNameWidth - field.name.size(), ' ').append(field.about).append("\n");
  }
  return text;
}

}  // namespace peercert::scan
