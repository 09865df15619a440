// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <span>
#include <string_view>
#include <system_error>

#include <peercert/decode/batch.hpp>
#include <peercert/decode/read_files.hpp>
#include <peercert/x509/pem.hpp>

#include "decode/certificate_source.hpp"
#include "decode/input_file.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::decode {
namespace {

Der read_frame(const Batch& batch, const Frame& frame) {
  const std::uint64_t offset = batch.offset + frame.begin;
  const auto fail = [&](std::string_view what) {
    throw FileError(batch.source, std::string(what), offset);
  };
  if (frame.error != FrameError::none) fail(to_string(frame.error));
  const Bytes bytes = Bytes(batch.bytes).subspan(frame.begin, frame.len);
  Der der(bytes.begin(), bytes.end());
  if (batch.is_pem) {
    const Error error = PemReader(as_text(bytes)).next(der).error();
    if (error.code != Errc::ok) fail(to_string(error.code));
  }
  const auto certificate = Certificate::from_der(der);
  if (!certificate) fail(to_string(certificate.error()));
  return der;
}

}  // namespace

std::vector<Der> read_certificates(const std::string& name) try {
  std::vector<Der> certificates;
  CertificateSource source(name, InputForm::detected);
  Batch batch;
  while (source.next(batch)) {
    for (const Frame& frame : batch.frames) certificates.push_back(read_frame(batch, frame));
    if (!batch.failure.empty()) throw FileError(batch.source, batch.failure, std::nullopt);
  }
  return certificates;
} catch (const std::system_error& error) {
  throw FileError(source_name(name), error.code().message(), std::nullopt);
}

std::string read_file(const std::string& name) {
  constexpr std::size_t kReadLen = 1 << 12;
  const InputFile file(name);
  std::array<std::uint8_t, kReadLen> portion;
  std::string text;
  while (const std::size_t len = file.read(portion)) {
    text.append(as_text(Bytes(portion).first(len)));
  }
  return text;
}

std::string source_name(const std::string& name) { return name == "-" ? "standard input" : name; }

std::uint64_t total_size(const std::vector<std::string>& names) {
  std::uint64_t total = 0;
  for (const std::string& name : names) {
    const std::uint64_t size = regular_size(name);
    if (size == 0) return 0;
    total += size;
  }
  return total;
}

}  // namespace peercert::decode
