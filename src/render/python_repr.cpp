// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <peercert/render/python_repr.hpp>

#include "render/dict.hpp"
#include "render/dict_writer.hpp"
#include "render/escape.hpp"

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

struct PythonRepr {
  static constexpr char kQuote = '\'';
  static constexpr char kColon[] = ": ";
  static constexpr char kSeparator[] = ", ";
  static constexpr char kOpenTuple = '(';
  static constexpr char kCloseTuple = ')';
  static constexpr char kLoneItemEnd[] = ",)";
  static constexpr char kNone[] = "None";
  static constexpr char kPairBegin[] = "('";
  static constexpr char kPairMiddle[] = "', '";
  static constexpr char kPairEnd[] = "'), ";
  static constexpr char kRdnBegin[] = "(('";
  static constexpr char kRdnEnd[] = "'),), ";

  static void put_escaped_text(Output& out, std::string_view prefix, der::StringView text);
  template <class Octets>
  static void put_octets(Output& out, const Octets& octets);
};

void PythonRepr::put_escaped_text(Output& out, std::string_view prefix, der::StringView text) {
  const char quote = choose_quote(text);
  out.append(quote);
  out.append(prefix);
  render::append_escaped(out, text, kQuote, [quote](char* at, char32_t c) {
    return render::put_escaped(at, c, quote);
  });
  out.append(quote);
}

// bytes_repr(): as a string, but everything over ASCII is escaped.
template <class Octets>
void PythonRepr::put_octets(Output& out, const Octets& octets) {
  const std::size_t size = octets.size();
  bool has_single = false;
  bool has_double = false;
  for (std::size_t i = 0; i < size; ++i) {
    has_single |= octets[i] == '\'';
    has_double |= octets[i] == '"';
  }
  const char quote = choose_quote(has_single, has_double);
  out.append('b');
  out.append(quote);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t c = octets[i];
    char* const at = out.reserve(render::kMaxEscapedLen);
    out.set_end(c < 0x80 ? render::put_escaped(at, c, quote) : render::put_hex_escape(at, c));
  }
  out.append(quote);
}

template <class Cert>
void append_repr(Output& out, const Cert& cert) {
  render::append_item<PythonRepr>(out, [&cert](auto& w) { render::write_dict(w, cert); });
}

template <class Cert>
std::string repr_of(const Cert& cert) {
  Output out;
  append_repr(out, cert);
  return std::string(out.view());
}

}  // namespace

std::string to_python_repr(const PeerCert& cert) { return cert.empty() ? "{}" : repr_of(cert); }

std::string to_python_repr(const PeerCertView& cert) { return repr_of(cert); }

void append_python_repr(Output& out, const PeerCertView& cert) { append_repr(out, cert); }

std::string to_python_repr(std::string_view utf8) {
  Output out;
  render::append_item<PythonRepr>(out, [utf8](auto& w) { w.text(render::utf8_view(utf8)); });
  return std::string(out.view());
}

}  // namespace peercert
