// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <peercert/render/python_repr.hpp>

#include "render/dict.hpp"
#include "render/escape.hpp"
#include "render/plain_text.hpp"

namespace peercert {
namespace {

// Python prefers ' and takes " only for a string that holds ' and no ".
char choose_quote(bool has_single, bool has_double) noexcept {
  return has_single && !has_double ? '"' : '\'';
}

char choose_quote(der::StringView text) noexcept {
  bool has_single = false;
  bool has_double = false;
  while (!text.octets.empty()) {
    const char32_t c = der::next_code_point(text);
    has_single |= c == '\'';
    has_double |= c == '"';
  }
  return choose_quote(has_single, has_double);
}

std::size_t plain_run_len(der::StringView text) noexcept {
  return der::is_ascii_superset(text.encoding) ? render::plain_run_len(text.octets) : 0;
}

bool is_plain_copied(der::StringView text, char* to) noexcept {
  return der::is_ascii_superset(text.encoding) && render::copy_if_plain(text.octets, to);
}

template <std::size_t N>
char* put_literal(const char (&literal)[N], char* at) noexcept {
  std::memcpy(at, literal, N - 1);
  return at + N - 1;
}

class PythonReprWriter {
 public:
  explicit PythonReprWriter(Output& out) noexcept : out_(out) {}

  void begin_dict() { out_.append('{'); }
  void end_dict() { out_.append('}'); }
  void key(std::string_view name) {
    if (!first_key_) out_.append(", ");
    first_key_ = false;
    num_items_ = 0;
    ascii(name);
    out_.append(": ");
    num_items_ = 0;
  }
  void begin_tuple() {
    char* at = separate(out_.reserve(kSeparatorLen + 1));
    *at++ = '(';
    out_.set_end(at);
    stack_[depth_++] = num_items_;
    num_items_ = 0;
  }
  void end_tuple() {
    char* at = out_.reserve(2);
    *at = ',';
    at += num_items_ == 1 ? 1 : 0;
    *at++ = ')';
    out_.set_end(at);
    num_items_ = stack_[--depth_];
  }

  void number(std::int64_t value) {
    char* const at = out_.reserve(kMaxNumberLen);
    out_.set_end(std::to_chars(at, at + kMaxNumberLen, value).ptr);
  }
  void none() {
    out_.set_end(separate(out_.reserve(kSeparatorLen)));
    out_.append("None");
  }
  void ascii(std::string_view text) {
    char* at = separate(out_.reserve(kSeparatorLen + text.size() + 2));
    *at++ = '\'';
    at = std::copy_n(text.data(), text.size(), at);
    *at++ = '\'';
    out_.set_end(at);
  }
  void text(std::string_view prefix, der::StringView text);
  void pair(std::string_view first, std::string_view prefix, der::StringView second);
  template <class Octets>
  void octets(const Octets& octets);

 private:
  // Puts ", " before every item of a tuple but the first; `at` has room for it in any case.
  char* separate(char* at) noexcept {
    at[0] = ',';
    at[1] = ' ';
    return at + (num_items_++ > 0 ? kSeparatorLen : 0);
  }
  void escaped_text(std::string_view prefix, der::StringView text);

  static constexpr std::size_t kSeparatorLen = 2;
  static constexpr std::size_t kMaxNumberLen = 20;
  // subjectAltName: tuple of pairs of Names of RDNs of pairs.
  static constexpr std::size_t kMaxDepth = 6;

  Output& out_;
  bool first_key_ = true;
  std::size_t num_items_ = 0;
  std::size_t depth_ = 0;
  std::array<std::size_t, kMaxDepth> stack_{};
};

// ('first', 'second') in one go.
void PythonReprWriter::pair(std::string_view first, std::string_view prefix,
                            der::StringView second) {
  constexpr std::size_t kPunctuationLen = sizeof(", ('', '')");
  const std::size_t len = first.size() + prefix.size() + second.octets.size() + kPunctuationLen;
  char* at = separate(out_.reserve(len));
  at = put_literal("('", at);
  at = std::copy_n(first.data(), first.size(), at);
  at = put_literal("', '", at);
  at = std::copy_n(prefix.data(), prefix.size(), at);
  if (is_plain_copied(second, at)) {
    out_.set_end(put_literal("')", at + second.octets.size()));
    return;
  }
  --num_items_;  // once more, character by character
  begin_tuple();
  ascii(first);
  text(prefix, second);
  end_tuple();
}

void PythonReprWriter::text(std::string_view prefix, der::StringView text) {
  char* at = separate(out_.reserve(kSeparatorLen + prefix.size() + text.octets.size() + 2));
  out_.set_end(at);
  *at++ = '\'';
  at = std::copy_n(prefix.data(), prefix.size(), at);
  if (!is_plain_copied(text, at)) {
    escaped_text(prefix, text);
    return;
  }
  at += text.octets.size();
  *at++ = '\'';
  out_.set_end(at);
}

// Character by character, but for runs of plain ones.
void PythonReprWriter::escaped_text(std::string_view prefix, der::StringView text) {
  const char quote = choose_quote(text);
  out_.append(quote);
  out_.append(prefix);
  while (!text.octets.empty()) {
    const std::size_t run = plain_run_len(text);
    out_.append({reinterpret_cast<const char*>(text.octets.data()), run});
    text.octets = text.octets.subspan(run);
    if (text.octets.empty()) break;
    char* const at = out_.reserve(render::kMaxEscapedLen);
    out_.set_end(render::put_escaped(at, der::next_code_point(text), quote));
  }
  out_.append(quote);
}

// bytes_repr(): as a string, but everything over ASCII is escaped.
template <class Octets>
void PythonReprWriter::octets(const Octets& octets) {
  out_.set_end(separate(out_.reserve(kSeparatorLen)));
  const std::size_t size = octets.size();
  bool has_single = false;
  bool has_double = false;
  for (std::size_t i = 0; i < size; ++i) {
    has_single |= octets[i] == '\'';
    has_double |= octets[i] == '"';
  }
  const char quote = choose_quote(has_single, has_double);
  out_.append('b');
  out_.append(quote);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t c = octets[i];
    char* const at = out_.reserve(render::kMaxEscapedLen);
    out_.set_end(c < 0x80 ? render::put_escaped(at, c, quote) : render::put_hex_escape(at, c));
  }
  out_.append(quote);
}

template <class Cert>
std::string render_to_string(const Cert& cert) {
  Output out;
  PythonReprWriter writer(out);
  render::write_dict(writer, cert);
  return std::string(out.view());
}

}  // namespace

std::string to_python_repr(const PeerCert& cert) {
  return cert.empty() ? "{}" : render_to_string(cert);
}

std::string to_python_repr(const PeerCertView& cert) { return render_to_string(cert); }

void append_python_repr(Output& out, const PeerCertView& cert) {
  PythonReprWriter writer(out);
  render::write_dict(writer, cert);
}

std::string to_python_repr(std::string_view utf8) {
  Output out;
  PythonReprWriter(out).text({}, render::utf8_view(utf8));
  return std::string(out.view());
}

}  // namespace peercert
