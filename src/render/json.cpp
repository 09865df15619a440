// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <peercert/render/json.hpp>

#include "render/dict.hpp"
#include "render/escape.hpp"
#include "render/plain_text.hpp"

namespace peercert {
namespace {

// The longest form of one character: a surrogate pair, \udb40\udc01.
constexpr std::size_t kMaxEscapedLen = 12;

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

class JsonWriter {
 public:
  explicit JsonWriter(Output& out) noexcept : out_(out) {}

  void begin_dict() { open('{'); }
  void end_dict() { close('}'); }
  void begin_tuple() { open('['); }
  void end_tuple() { close(']'); }
  void key(std::string_view name) {
    ascii(name);
    out_.append(':');
    needs_comma_ = false;
  }

  void number(std::int64_t value) {
    char* const at = separate(out_.reserve(1 + kMaxNumberLen));
    out_.set_end(std::to_chars(at, at + kMaxNumberLen, value).ptr);
  }
  void none() {
    out_.set_end(separate(out_.reserve(1)));
    out_.append("null");
  }
  void ascii(std::string_view text) {
    char* at = separate(out_.reserve(text.size() + 3));
    *at++ = '"';
    at = std::copy_n(text.data(), text.size(), at);
    *at++ = '"';
    out_.set_end(at);
  }
  void text(std::string_view prefix, der::StringView text);
  void pair(std::string_view first, std::string_view prefix, der::StringView second) {
    begin_tuple();
    ascii(first);
    text(prefix, second);
    end_tuple();
  }
  template <class Octets>
  void octets(const Octets& octets);

 private:
  static constexpr std::size_t kMaxNumberLen = 20;

  void open(char bracket) {
    char* at = separate(out_.reserve(2));
    *at++ = bracket;
    out_.set_end(at);
    needs_comma_ = false;
  }
  void close(char bracket) {
    out_.append(bracket);
    needs_comma_ = true;
  }
  // Puts a comma before every item but the first; `at` has room for it in any case.
  char* separate(char* at) noexcept {
    *at = ',';
    at += needs_comma_ ? 1 : 0;
    needs_comma_ = true;
    return at;
  }
  void escaped_text(der::StringView text);

  Output& out_;
  bool needs_comma_ = false;
};

void JsonWriter::text(std::string_view prefix, der::StringView text) {
  char* at = separate(out_.reserve(prefix.size() + text.octets.size() + 3));
  *at++ = '"';
  at = std::copy_n(prefix.data(), prefix.size(), at);
  const bool has_ascii = der::is_ascii_superset(text.encoding);
  if (has_ascii && render::copy_if_plain(text.octets, at)) {
    at += text.octets.size();
    *at++ = '"';
    out_.set_end(at);
  } else {
    out_.set_end(at);
    escaped_text(text);
  }
}

// The rest of a string, character by character but for runs of plain ones, and its closing quote.
void JsonWriter::escaped_text(der::StringView text) {
  const bool has_ascii = der::is_ascii_superset(text.encoding);
  while (!text.octets.empty()) {
    const std::size_t run = has_ascii ? render::plain_run_len(text.octets) : 0;
    out_.append({reinterpret_cast<const char*>(text.octets.data()), run});
    text.octets = text.octets.subspan(run);
    if (text.octets.empty()) break;
    char* const at = out_.reserve(kMaxEscapedLen);
    out_.set_end(put_character(at, der::next_code_point(text)));
  }
  out_.append('"');
}

template <class Octets>
void JsonWriter::octets(const Octets& octets) {
  begin_dict();
  key("hex");
  needs_comma_ = true;
  out_.append('"');
  for (std::size_t i = 0; i < octets.size(); ++i) {
    out_.append("0123456789ABCDEF"[octets[i] >> 4]);
    out_.append("0123456789ABCDEF"[octets[i] & 0x0f]);
  }
  out_.append('"');
  end_dict();
}

template <class Cert>
std::string render_to_string(const Cert& cert) {
  Output out;
  JsonWriter writer(out);
  render::write_dict(writer, cert);
  return std::string(out.view());
}

}  // namespace

std::string to_json(const PeerCert& cert) { return cert.empty() ? "{}" : render_to_string(cert); }

std::string to_json(const PeerCertView& cert) { return render_to_string(cert); }

void append_json(Output& out, const PeerCertView& cert) {
  JsonWriter writer(out);
  render::write_dict(writer, cert);
}

std::string to_json(std::string_view utf8) {
  Output out;
  JsonWriter writer(out);
  der::StringView rest = render::utf8_view(utf8);
  std::string valid;
  // Each octet that is not part of a character becomes U+FFFD.
  for (;;) {
    const std::size_t len = der::utf8_error(rest.octets);
    valid.append(reinterpret_cast<const char*>(rest.octets.data()), len);
    if (len == rest.octets.size()) break;
    valid.append("\xef\xbf\xbd");
    rest.octets = rest.octets.subspan(len + 1);
  }
  writer.text({}, render::utf8_view(valid));
  return std::string(out.view());
}

}  // namespace peercert
