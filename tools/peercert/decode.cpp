// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/output.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/render/text.hpp>
#include <peercert/ssl/fingerprint.hpp>
#include <peercert/x509/pem.hpp>

#include "certificate_source.hpp"
#include "commands.hpp"
#include "json.hpp"
#include "terminal.hpp"

namespace peercert::tool {
namespace {

constexpr std::size_t kChunkLen = 1 << 16;

class Decoder {
 public:
  explicit Decoder(Format format) : format_(format) {}

  void decode_file(const std::string& file) {
    const std::string source = file == "-" ? "standard input" : file;
    try {
      const std::string octets = read_file(file);
      decode_all(CertificateSource(octets), source);
    } catch (const OutputError&) {
      throw;
    } catch (const std::system_error& error) {
      fail(source, error.code().message());
    }
  }

  void flush() {
    write_stdout(out_.view());
    out_.clear();
  }

  ExitCode exit_code() const { return failed_ ? ExitCode::undecodable : ExitCode::ok; }

 private:
  void decode_all(CertificateSource certificates, const std::string& source) {
    auto current = certificates.next();
    for (std::size_t number = 1; current; ++number) {
      const auto following = certificates.next();
      const bool alone = number == 1 && !following;
      decode_one(*current, alone ? source : fmt::format("{}#{}", source, number));
      if (out_.size() >= kChunkLen) flush();
      current = following;
    }
  }

  void decode_one(const Result<Bytes>& octets, const std::string& source) {
    if (!octets) return fail(source, to_string(octets.error()));
    const auto dict = decoder_.decode(*octets);
    if (!decoder_.has_certificate()) return fail(source, to_string(dict.error()));
    switch (format_) {
      case Format::python:
      case Format::json: return show_dict(dict, source);
      case Format::text: return show_text(source);
      case Format::pem: return out_.append(to_pem(decoder_.encoded()));
      case Format::der: return out_.append(as_text(decoder_.encoded()));
    }
  }

  void show_dict(const Result<PeerCertView>& dict, const std::string& source) {
    if (!dict) return fail(source, to_string(dict.error()));
    if (format_ == Format::python) {
      append_python_repr(out_, *dict);
      return out_.append('\n');
    }
    out_.append(R"({"schema":"peercert.decode/1","source":)");
    out_.append(to_json(source));
    out_.append(R"(,"sha256":")");
    out_.append(to_hex(ssl::sha256(decoder_.encoded())));
    out_.append(R"(","peercert":)");
    append_json(out_, *dict);
    out_.append("}\n");
  }

  void show_text(const std::string& source) {
    if (shown_++ > 0) out_.append('\n');
    out_.append(style_.bold(printable(source)));
    out_.append('\n');
    const auto digest = ssl::sha256(decoder_.encoded());
    out_.append(to_text(decoder_.certificate(), {.now = now_, .sha256 = digest}));
  }

  // Where the format has a place for it the failure stands in the output too, in order.
  void fail(const std::string& source, const std::string& message) {
    failed_ = true;
    if (format_ == Format::python) {
      out_.append(fmt::format("# {}: ERROR: {}\n", printable(source), message));
    } else if (format_ == Format::json) {
      out_.append(fmt::format(
          "{{\"schema\":\"peercert.decode/1\",\"source\":{},\"error\":{{\"message\":{}}}}}\n",
          to_json(source), to_json(message)));
    }
    flush();
    complain(source, message);
  }

  Format format_;
  Style style_ = Style::of_stdout();
  std::chrono::sys_seconds now_ =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  PeerCertDecoder decoder_;
  Output out_;
  std::size_t shown_ = 0;
  bool failed_ = false;
};

}  // namespace

ExitCode run_decode(const DecodeOptions& options) {
  Decoder decoder(options.format);
  if (options.files.empty()) {
    if (stdin_is_terminal())
      complain("", "reading certificates from the terminal; end with Ctrl-D");
    decoder.decode_file("-");
  }
  for (const std::string& file : options.files) decoder.decode_file(file);
  decoder.flush();
  return decoder.exit_code();
}

}  // namespace peercert::tool
