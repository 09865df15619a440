// SPDX-License-Identifier: Apache-2.0
#include "certificate_source.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <peercert/der/ber.hpp>

namespace peercert::tool {
namespace {

constexpr std::size_t kReadLen = 1 << 18;

// Closes what was opened here, and leaves standard input alone.
class InputFile {
 public:
  explicit InputFile(const std::string& name)
      : owned_(name != "-"),
        fd_(owned_ ? ::open(name.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {
    if (fd_ == -1) throw std::system_error(errno, std::generic_category());
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() {
    if (owned_) ::close(fd_);
  }

  /// The size of a regular file, 0 if it is something else.
  std::size_t size_hint() const {
    struct stat status {};
    const bool regular = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    return regular ? static_cast<std::size_t>(status.st_size) : 0;
  }

  std::size_t read(char* into, std::size_t len) const {
    for (;;) {
      const ssize_t got = ::read(fd_, into, len);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category());
    }
  }

 private:
  bool owned_;
  int fd_;
};

Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A certificate of any size in use starts with SEQUENCE and a long length, which no text does.
// Without a PEM block a short one is taken for DER as well, for the better error.
bool looks_like_der(std::string_view octets) {
  if (octets.size() < 2 || octets[0] != '\x30') return false;
  return (octets[1] & 0x80) != 0 || octets.find("-----BEGIN ") == std::string_view::npos;
}

}  // namespace

std::string read_file(const std::string& name) {
  const InputFile file(name);
  std::string octets;
  octets.resize(file.size_hint() + 1);  // one more, so that the end is met without growing
  std::size_t len = 0;
  while (const std::size_t got = file.read(octets.data() + len, octets.size() - len)) {
    len += got;
    if (len == octets.size()) octets.resize(len + len / 2 + kReadLen);
  }
  octets.resize(len);
  return octets;
}

CertificateSource::CertificateSource(std::string_view octets)
    : is_der_(looks_like_der(octets)), der_(as_bytes(octets)), pem_(octets) {}

std::optional<Result<Bytes>> CertificateSource::next() { return is_der_ ? next_der() : next_pem(); }

std::optional<Result<Bytes>> CertificateSource::next_pem() {
  block_ = 1 - block_;
  Der& block = blocks_[block_];
  const Result<bool> more = pem_.next(block);
  const bool first = !found_any_;
  found_any_ = true;
  if (!more) return more.error();
  if (*more) return Bytes(block);
  if (!first) return std::nullopt;
  const Errc code = der_.empty() ? Errc::empty_input : Errc::pem_no_certificate;
  return Error{code, Field::none, 0};
}

std::optional<Result<Bytes>> CertificateSource::next_der() {
  if (der_.empty()) return std::nullopt;
  der::BerElement element;
  const std::uint8_t* at = der_.data();
  const Errc code = der::read_ber_element(at, der_.data() + der_.size(), element);
  // What has no readable length may still be a certificate, but hides where the next one starts.
  const Bytes found = code == Errc::ok ? element.encoded : der_;
  der_ = der_.subspan(found.size());
  return found;
}

}  // namespace peercert::tool
