// SPDX-License-Identifier: Apache-2.0
// What the files that define options share. Includes CLI11, which is slow to compile.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <peercert/ssl/constants.hpp>

namespace peercert::tool {

/// What follows the options, and what follows "--".
using Words = std::vector<std::string>;

template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;

inline const Choices<ssl::TLSVersion> kVersions{{"1.0", ssl::TLSVersion::tls1},
                                                {"1.1", ssl::TLSVersion::tls1_1},
                                                {"1.2", ssl::TLSVersion::tls1_2},
                                                {"1.3", ssl::TLSVersion::tls1_3}};

/// An option whose value is one of a few words.
template <class Value, class Variable>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Variable& variable,
                        const Choices<Value>& choices, const std::string& description) {
  std::string words;
  for (const auto& choice : choices) words += (words.empty() ? "" : "|") + choice.first;
  const auto assign = [&variable, &choices, name, words](const std::string& word) {
    const auto found = std::ranges::find(choices, word, &std::pair<std::string, Value>::first);
    if (found == choices.end()) throw CLI::ValidationError(name, "'" + word + "' is not " + words);
    variable = found->second;
  };
  return app.add_option_function<std::string>(name, assign, description)->type_name(words);
}

}  // namespace peercert::tool
