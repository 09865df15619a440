// SPDX-License-Identifier: Apache-2.0
// Each distinct certificate once; what cannot be read as one is left to the records.
#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <peercert/scan/outputs.hpp>
#include <peercert/x509/pem.hpp>

#include "render/json_object.hpp"
#include "render/rfc3339.hpp"
#include "scan/outputs/digest_set.hpp"
#include "scan/outputs/file_output.hpp"

namespace peercert::scan {
namespace {

// What stands in front of the digest, in the line that begins a certificate.
constexpr std::string_view kJsonBegin = R"({"schema":"peercert.certificate/1","sha256":")";
constexpr std::string_view kPemBegin = "# sha256 ";

class CertificateStore final : public Sink {
 public:
  explicit CertificateStore(const std::string& path)
      : file_(path), is_pem_(path.ends_with(".pem")) {}

  void write(const RecordView& view) override {
    for (const CertificateEntry& entry : view.certificates()) add(entry, view.record().time);
    file_.write_if_large();
  }
  std::string commit() override { return file_.commit(); }
  void rewind(std::string_view committed) override {
    file_.rewind(committed);
    known_.clear();
    if (!committed.empty()) read_known();
  }
  void close() override { file_.close(); }

 private:
  using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

  void add(const CertificateEntry& entry, Milliseconds time) {
    const crypto::Sha256Digest& digest = entry.sha256();
    if (known_.contains(digest) || entry.certificate() == nullptr) return;
    known_.insert(digest);
    is_pem_ ? append_pem(digest, entry.der(), time) : append_json(digest, entry.der(), time);
  }

  void append_pem(const crypto::Sha256Digest& digest, Bytes der, Milliseconds time) {
    Output& out = file_.buffer();
    out.append(kPemBegin);
    render::append_hex(out, digest);
    out.append(" first seen ");
    render::append_rfc3339(out, time);
    out.append('\n');
    out.append(to_pem(der));
  }

  void append_json(const crypto::Sha256Digest& digest, Bytes der, Milliseconds time) {
    Output& out = file_.buffer();
    out.append(kJsonBegin);
    render::append_hex(out, digest);
    out.append(R"(","der":")");
    render::append_base64(out, der);
    out.append(R"(","first_seen":")");
    render::append_rfc3339(out, time);
    out.append("\"}\n");
  }

  // The digests of the certificates that are in the file, which was cut at a commit.
  void read_known() {
    const std::string_view begin = is_pem_ ? kPemBegin : kJsonBegin;
    const Descriptor opened = file_.open_to_read();
    std::ifstream file("/dev/fd/" + std::to_string(opened.get()), std::ios::binary);
    if (!file) throw std::system_error(errno, std::generic_category(), file_.name());
    for (std::string line; std::getline(file, line);) {
      const auto digest = line.starts_with(begin)
                              ? parse_digest(std::string_view(line).substr(begin.size()))
                              : std::nullopt;
      if (digest) {
        known_.insert(*digest);
      } else if (!is_pem_) {
        throw std::invalid_argument(file_.name() + ": not what a scan has left");
      }
    }
  }

  FileOutput file_;
  bool is_pem_;
  DigestSet known_;
};

}  // namespace

std::unique_ptr<Sink> open_certificate_store(const std::string& path) {
  if (path == kStandardOutput || path.ends_with(".zst")) {
    throw std::invalid_argument(path + ": certificates go to a file, and are not compressed");
  }
  return std::make_unique<CertificateStore>(path);
}

}  // namespace peercert::scan
