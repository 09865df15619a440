// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <peercert/render/json.hpp>

#include "render/dict.hpp"
#include "render/dict_writer.hpp"
#include "render/escape.hpp"
#include "render/plain_text.hpp"

namespace peercert {
namespace {

char* put_escape(char* at, char letter) noexcept {
  at[0] = '\\';
  at[1] = letter;
  return at + 2;
}

char* put_code_unit(char* at, unsigned unit) noexcept {
  at = put_escape(at, 'u');
  for (const int shift : {12, 8, 4, 0}) *at++ = "0123456789abcdef"[unit >> shift & 0xf];
  return at;
}

// One character as RFC 8259, section 7 writes it. More than it asks for is escaped: characters that
// are not printable, since JSON is looked at in terminals too.
char* put_character(char* at, char32_t c) noexcept {
  switch (c) {
    case '"': return put_escape(at, '"');
    case '\\': return put_escape(at, '\\');
    case '\b': return put_escape(at, 'b');
    case '\f': return put_escape(at, 'f');
    case '\n': return put_escape(at, 'n');
    case '\r': return put_escape(at, 'r');
    case '\t': return put_escape(at, 't');
    default: break;
  }
  if (render::is_printable(c)) return at + der::encode_utf8(c, at);
  if (c < 0x10000) return put_code_unit(at, c);
  const char32_t rest = c - 0x10000;
  return put_code_unit(put_code_unit(at, 0xd800 | rest >> 10), 0xdc00 | (rest & 0x3ff));
}

struct Json {
  static constexpr char kQuote = '"';
  static constexpr char kColon[] = ":";
  static constexpr char kSeparator[] = ",";
  static constexpr char kOpenTuple = '[';
  static constexpr char kCloseTuple = ']';
  static constexpr char kLoneItemEnd[] = "]";
  static constexpr char kNone[] = "null";
  static constexpr char kPairBegin[] = "[\"";
  static constexpr char kPairMiddle[] = "\",\"";
  static constexpr char kPairEnd[] = "\"],";
  static constexpr char kRdnBegin[] = "[[\"";
  static constexpr char kRdnEnd[] = "\"]],";

  static void put_escaped_text(Output& out, std::string_view prefix, der::StringView text);
  template <class Octets>
  static void put_octets(Output& out, const Octets& octets);
};

void Json::put_escaped_text(Output& out, std::string_view prefix, der::StringView text) {
  out.append(kQuote);
  out.append(prefix);
  render::append_escaped(out, text, kQuote, put_character);
  out.append(kQuote);
}

template <class Octets>
void Json::put_octets(Output& out, const Octets& octets) {
  out.append(R"({"hex":")");
  for (std::size_t i = 0; i < octets.size(); ++i) {
    out.append("0123456789ABCDEF"[octets[i] >> 4]);
    out.append("0123456789ABCDEF"[octets[i] & 0x0f]);
  }
  out.append(R"("})");
}

template <class Cert>
void append_dict(Output& out, const Cert& cert) {
  render::append_item<Json>(out, [&cert](auto& w) { render::write_dict(w, cert); });
}

template <class Cert>
std::string render_to_string(const Cert& cert) {
  Output out;
  append_dict(out, cert);
  return std::string(out.view());
}

}  // namespace

std::string to_json(const PeerCert& cert) { return cert.empty() ? "{}" : render_to_string(cert); }

std::string to_json(const PeerCertView& cert) { return render_to_string(cert); }

void append_json(Output& out, const PeerCertView& cert) { append_dict(out, cert); }

void append_json(Output& out, std::string_view utf8) {
  constexpr std::size_t kQuotesLen = 2;
  char* const at = out.reserve(utf8.size() + kQuotesLen);
  if (render::copy_if_plain(render::utf8_view(utf8).octets, at + 1, Json::kQuote)) {
    *at = Json::kQuote;
    at[utf8.size() + 1] = Json::kQuote;
    return out.set_end(at + utf8.size() + kQuotesLen);
  }
  const auto append = [&out](std::string_view text) {
    render::append_item<Json>(out, [text](auto& w) { w.text(render::utf8_view(text)); });
  };
  der::StringView rest = render::utf8_view(utf8);
  std::size_t len = der::utf8_error(rest.octets);
  if (len == rest.octets.size()) return append(utf8);
  // Each octet that is not part of a character becomes U+FFFD.
  std::string valid;
  for (; len < rest.octets.size(); len = der::utf8_error(rest.octets)) {
    valid.append(reinterpret_cast<const char*>(rest.octets.data()), len);
    valid.append("\xef\xbf\xbd");
    rest.octets = rest.octets.subspan(len + 1);
  }
  valid.append(reinterpret_cast<const char*>(rest.octets.data()), len);
  append(valid);
}

std::string to_json(std::string_view utf8) {
  Output out;
  append_json(out, utf8);
  return std::string(out.view());
}

}  // namespace peercert
