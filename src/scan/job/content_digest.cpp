// SPDX-License-Identifier: Apache-2.0
#include "scan/job/content_digest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <peercert/crypto/fingerprint.hpp>

#include "render/json_object.hpp"

namespace peercert::scan {
namespace {

constexpr std::size_t kPortionLen = std::size_t{1} << 20;

crypto::Sha256Digest sha256_of(std::string_view text) {
  return crypto::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// A text of any length, a MiB at a time.
class ContentDigest {
 public:
  void add(std::string_view portion) {
    const crypto::Sha256Digest digest = sha256_of(portion);
    digests_.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  }
  std::string text() const {
    Output hex;
    hex.append(kContentDigest);
    render::append_hex(hex, sha256_of(digests_));
    return std::string(hex.view());
  }

 private:
  std::string digests_;
};

// As much as there is, up to the size of the buffer.
std::size_t read_portion(const Descriptor& file, std::array<char, kPortionLen>& buffer, off_t at,
                         const std::string& path) {
  std::size_t len = 0;
  while (len < buffer.size()) {
    const ssize_t got =
        ::pread(file.get(), buffer.data() + len, buffer.size() - len, at + static_cast<off_t>(len));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), path);
    if (got == 0) break;
    len += static_cast<std::size_t>(got);
  }
  return len;
}

// "9d66eef0.0", and "9d66eef0.r0" for a CRL.
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t kHashLen = 8;
  if (name.size() < kHashLen + 2 || name[kHashLen] != '.') return false;
  if (name.find_first_not_of("0123456789abcdef") != kHashLen) return false;
  std::string_view number = name.substr(kHashLen + 1);
  if (number.starts_with('r')) number.remove_prefix(1);
  return !number.empty() && number.find_first_not_of("0123456789") == number.npos;
}

// By name: the order in a directory is by chance.
std::map<std::string, std::string> digests_in(const std::string& directory) {
  std::map<std::string, std::string> digests;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!is_hashed_name(name) || !entry->is_regular_file()) continue;
    digests[name] = file_digest(entry->path()).value_or("");
  }
  if (error) throw std::system_error(error, directory);
  return digests;
}

}  // namespace

std::string content_digest(std::string_view text) {
  ContentDigest digest;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kPortionLen))) {
    digest.add(text.substr(0, kPortionLen));
  }
  return digest.text();
}

std::optional<std::string> file_digest(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  const off_t begin = ::lseek(file.get(), 0, SEEK_CUR);
  const auto buffer = std::make_unique<std::array<char, kPortionLen>>();
  ContentDigest digest;
  for (off_t at = begin;; at += static_cast<off_t>(kPortionLen)) {
    const std::size_t len = read_portion(file, *buffer, at, path);
    if (len > 0) digest.add({buffer->data(), len});
    if (len < kPortionLen) return digest.text();
  }
}

std::optional<std::string> file_digest(const std::filesystem::path& path) {
  // Of a FIFO it would take a writer to open it, and what was written would be gone.
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown)) {
    return std::nullopt;
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) throw std::system_error(errno, std::generic_category(), path);
  return file_digest(file, path);
}

std::string directory_digest(const std::string& directories) {
  ContentDigest all;
  std::istringstream parts(directories);
  for (std::string directory; std::getline(parts, directory, ':');) {
    for (const auto& [name, digest] : digests_in(directory)) all.add(name + digest);
  }
  return all.text();
}

}  // namespace peercert::scan
