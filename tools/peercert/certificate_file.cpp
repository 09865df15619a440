// SPDX-License-Identifier: Apache-2.0
#include "certificate_file.hpp"

#include <system_error>

#include <peercert/x509/pem.hpp>

#include "certificate_source.hpp"
#include "octets.hpp"

namespace peercert::tool {
namespace {

Der read_piece(const Batch& batch, const Piece& piece) {
  const std::uint64_t offset = batch.offset + piece.begin;
  const auto fail = [&](std::string_view what) {
    throw FileError(batch.source, std::string(what), offset);
  };
  if (piece.trouble != Trouble::none) fail(to_string(piece.trouble));
  const Bytes octets = Bytes(batch.octets).subspan(piece.begin, piece.len);
  Der der(octets.begin(), octets.end());
  if (batch.is_pem) {
    const Error error = PemReader(as_text(octets)).next(der).error();
    if (error.code != Errc::ok) fail(to_string(error.code));
  }
  const auto certificate = Certificate::from_der(der);
  if (!certificate) fail(to_string(certificate.error()));
  return der;
}

}  // namespace

std::string source_of(const std::string& name) { return name == "-" ? "standard input" : name; }

std::vector<Der> read_certificates(const std::string& name) try {
  std::vector<Der> certificates;
  CertificateSource source(name, InputForm::detected);
  Batch batch;
  while (source.next(batch)) {
    for (const Piece& piece : batch.pieces) certificates.push_back(read_piece(batch, piece));
    if (!batch.failure.empty()) throw FileError(batch.source, batch.failure, std::nullopt);
  }
  return certificates;
} catch (const std::system_error& error) {
  throw FileError(source_of(name), error.code().message(), std::nullopt);
}

std::string read_whole(const std::string& name) try {
  return read_file(name);
} catch (const std::system_error& error) {
  throw FileError(source_of(name), error.code().message(), std::nullopt);
}

}  // namespace peercert::tool
