// SPDX-License-Identifier: Apache-2.0
#include "scan/job/file_uses.hpp"

#include <exception>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "scan/outputs/own_file.hpp"

namespace peercert::scan {
namespace {

// What a path leads to; nullopt if there is nothing yet. "-" is the descriptor.
std::optional<struct stat> status_of(const std::string& name, int standard) {
  struct stat status {};
  const int result = name == "-" ? ::fstat(standard, &status) : ::stat(name.c_str(), &status);
  return result == 0 ? std::optional(status) : std::nullopt;
}

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 3);  // devices.txt of Linux
}

// One text for all names of what a path leads to, also of what is not there yet.
std::string final_place(const std::string& name) {
  try {
    return canonical_place(follow_own_links(name));
  } catch (const std::exception&) {  // who opens it is told why it cannot be
    return canonical_place(name);
  }
}

class FileUses {
 public:
  void add_input(const std::string& name) {
    const auto status = status_of(name, STDIN_FILENO);
    const bool is_file = status && S_ISREG(status->st_mode);  // a terminal is read and written
    if (name != "-" || is_file) add(name, is_file ? status : std::nullopt);
  }
  void add_output(const std::string& name) {
    const auto status = status_of(name, STDOUT_FILENO);
    add(name, status && !is_null_device(*status) ? status : std::nullopt);
  }
  void add_next_to(const std::string& name, const std::vector<std::string>& endings) {
    for (const std::string& ending : endings) add_output(final_place(name) + ending);
  }

 private:
  void add(const std::string& name, const std::optional<struct stat>& status) {
    const bool is_new_name = name == "-" || names_.insert(final_place(name)).second;
    const bool is_new_file = !status || files_.emplace(status->st_dev, status->st_ino).second;
    if (!is_new_name || !is_new_file) {
      throw std::invalid_argument(name + ": has another use, too");
    }
  }

  std::set<std::string> names_{};
  std::set<std::pair<dev_t, ino_t>> files_{};
};

}  // namespace

void refuse_second_uses(const ScanJobOptions& options) {
  FileUses uses;
  if (options.stream == nullptr) uses.add_input(options.input);
  for (const JobOutput& output : options.outputs) {
    if (!output.file.empty()) uses.add_output(output.file);
  }
  if (!options.resume.empty()) uses.add_output(options.resume);
  for (const JobOutput& output : options.outputs) {
    uses.add_next_to(output.file, output.endings_next_to_it);
  }
  if (!options.resume.empty()) uses.add_next_to(options.resume, {".new", ".lock"});
}

}  // namespace peercert::scan
