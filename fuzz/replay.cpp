// SPDX-License-Identifier: Apache-2.0
// A target without libFuzzer: runs the files of the given folders, and single files, one by one.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "fuzz.hpp"

namespace {

using Path = std::filesystem::path;

std::vector<Path> files_of(const Path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<Path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

void replay(const Path& file) {
  std::ifstream in(file, std::ios::binary);
  peercert::fuzz::check(in.is_open());
  const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
  // Exactly as large as the input, so that a sanitizer sees the first octet behind it.
  const auto input = std::make_unique<std::uint8_t[]>(read.size());
  std::ranges::copy(read, input.get());
  std::fprintf(stderr, "%s\n", file.c_str());  // the last one named is the one that failed
  peercert::fuzz::run({input.get(), read.size()});
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t num_files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const Path& file : files_of(argv[i])) {
      replay(file);
      ++num_files;
    }
  }
  std::fprintf(stderr, "%zu inputs\n", num_files);
  return num_files > 0 ? 0 : 1;
}
