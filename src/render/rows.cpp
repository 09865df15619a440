// SPDX-License-Identifier: Apache-2.0
#include "render/rows.hpp"

#include "render/field_values.hpp"

namespace peercert::render {
namespace {

constexpr std::size_t kLabelWidth = 12;

}  // namespace

void Rows::start(std::string_view label, std::string_view value) {
  out_.append(indent_).append(label);
  if (value.empty()) return;
  out_.append(kLabelWidth - label.size(), ' ').append(value);
}

void Rows::add(std::string_view label, std::string_view value) {
  start(label, value);
  out_ += '\n';
}

void Rows::add_list(std::string_view label, const std::vector<std::string>& items) {
  std::string line;
  for (std::size_t i = 0; i < items.size(); ++i) {
    line += items[i];
    const bool is_last = i + 1 == items.size();
    if (!is_last) line += ',';
    if (!is_last && line.size() + items[i + 1].size() < kTextWidth) {
      line += ' ';
      continue;
    }
    add(label, line);
    label = {};
    line.clear();
  }
}

std::string key_text(const PublicKeyView& key) {
  std::string text(key.name());
  if (text.empty()) text = dotted_text(key.algorithm.algorithm);
  if (key.type() == KeyType::ec && text == key.algorithm.name()) text = "EC, curve not named";
  // The other names tell the size, or there is but one.
  switch (key.type()) {
    case KeyType::rsa:
    case KeyType::rsassa_pss:
    case KeyType::dsa:
    case KeyType::dh: return text.append(" ").append(std::to_string(key.bits())).append(" bits");
    default: return text;
  }
}

std::string algorithm_text(const AlgorithmIdentifier& algorithm) {
  const std::string_view name = algorithm.name();
  return name.empty() ? dotted_text(algorithm.algorithm) : std::string(name);
}

}  // namespace peercert::render
