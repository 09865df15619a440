// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

#include <peercert/scan/network_lists.hpp>
#include <peercert/ssl/error.hpp>

#include "scan/job/content_digest.hpp"
#include "scan/targets/descriptor_input.hpp"

namespace peercert::scan {
namespace {

std::string contents_of(const std::string& file) {
  DescriptorInput input(file);
  return {std::istreambuf_iterator<char>(&input), {}};
}

void add_text(NetworkSet& set, const std::string& file, const std::string& text) {
  try {
    std::istringstream lines(text);
    set.add_lines(lines);
  } catch (const ssl::ValueError& error) {
    throw std::invalid_argument(file + ": " + error.what());
  }
}

// Adds the networks of each file, and gives the digests of the files in an order of their own.
std::string add_files(NetworkSet& set, const std::vector<std::string>& files) {
  std::set<std::string> digests;
  for (const std::string& file : files) {
    const std::string text = contents_of(file);
    digests.insert(content_digest(text));
    add_text(set, file, text);
  }
  std::string all;
  for (const std::string& digest : digests) all.append(all.empty() ? "" : " ").append(digest);
  return all;
}

}  // namespace

NetworkLists::NetworkLists(const std::vector<std::string>& allow,
                           const std::vector<std::string>& deny)
    : allowed_digest_(add_files(networks_.allowed, allow)),
      denied_digest_(add_files(networks_.denied, deny)) {
  if (networks_.allowed.empty() && !allow.empty()) {
    throw std::invalid_argument(allow.front() + ": it allows no network");
  }
}

}  // namespace peercert::scan
