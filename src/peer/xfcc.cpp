// SPDX-License-Identifier: Apache-2.0
// X-Forwarded-Client-Cert, as Envoy's documentation describes it:
//
//     value   = element *( "," element )
//     element = pair *( ";" pair )
//     pair    = key "=" ( text / DQUOTE text DQUOTE )
//
// In a quoted text \" is a quotation mark, and every other backslash itself. Cert and Chain are PEM
// in the percent-encoding of RFC 3986.
#include <algorithm>

#include <peercert/peer/client_cert_header.hpp>
#include <peercert/x509/pem.hpp>

#include "x509/name_syntax.hpp"

namespace peercert {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_text(char c) noexcept { return c >= ' ' && c < '\x7f'; }

// The value of a hexadecimal digit; 16 if it is none.
std::size_t hex_value(char c) noexcept {
  return std::min(kHexDigits.find(to_lower(c)), kHexDigits.size());
}

// Two hexadecimal digits; nullopt if they are something else.
std::optional<std::uint8_t> hex_octet(std::string_view digits) noexcept {
  if (digits.size() < 2) return std::nullopt;
  const std::size_t high = hex_value(digits[0]);
  const std::size_t low = hex_value(digits[1]);
  if (high > 0xf || low > 0xf) return std::nullopt;
  return static_cast<std::uint8_t>(high << 4 | low);
}

// pct-encoded = "%" HEXDIG HEXDIG. RFC 3986, 2.1.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text[0] != '%') {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::optional<std::uint8_t> octet = hex_octet(text.substr(1));
    if (!octet) return std::nullopt;
    out += static_cast<char>(*octet);
    text.remove_prefix(3);
  }
  return out;
}

HeaderDefect read_certificates(std::string_view encoded, std::vector<Der>& out) {
  const std::optional<std::string> pem = percent_decoded(encoded);
  if (!pem) return HeaderDefect::bad_syntax;
  PemReader reader(*pem);
  for (;;) {
    Der der;
    const Result<bool> found = reader.next(der);
    if (found && !*found) break;
    if (out.size() == kMaxForwardedCertificates) return HeaderDefect::too_many;
    const bool is_certificate = found && CertificateView::parse(der) &&
                                CertificateView::parse(der)->der().size() == der.size();
    if (!is_certificate) return HeaderDefect::not_a_certificate;
    out.push_back(std::move(der));
  }
  return out.empty() ? HeaderDefect::not_a_certificate : HeaderDefect::none;
}

HeaderDefect read_certificate(std::string_view encoded, Der& out) {
  std::vector<Der> certificates;
  const HeaderDefect defect = read_certificates(encoded, certificates);
  if (defect != HeaderDefect::none) return defect;
  if (certificates.size() != 1) return HeaderDefect::not_a_certificate;
  out = std::move(certificates.front());
  return HeaderDefect::none;
}

HeaderDefect read_hash(std::string_view digits, std::optional<std::array<std::uint8_t, 32>>& out) {
  out.emplace();
  if (digits.size() != 2 * out->size()) return HeaderDefect::bad_hash;
  for (std::size_t i = 0; i < out->size(); ++i) {
    const std::optional<std::uint8_t> octet = hex_octet(digits.substr(2 * i));
    if (!octet) return HeaderDefect::bad_hash;
    (*out)[i] = *octet;
  }
  return HeaderDefect::none;
}

class XfccParser {
 public:
  explicit XfccParser(std::string_view value) noexcept : rest_(value) {}

  HeaderDefect parse(std::vector<AssertedClient>& out) {
    do {
      if (out.size() == kMaxForwardedElements) return HeaderDefect::too_many;
      skip_spaces();
      const HeaderDefect defect = parse_element(out.emplace_back());
      if (defect != HeaderDefect::none) return defect;
    } while (take(','));
    return rest_.empty() ? HeaderDefect::none : HeaderDefect::bad_syntax;
  }

 private:
  void skip_spaces() noexcept {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }
  bool take(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  HeaderDefect parse_element(AssertedClient& client) {
    do {
      const std::size_t end = rest_.find_first_of("=,;\"");
      if (end == std::string_view::npos || end == 0 || rest_[end] != '=')
        return HeaderDefect::bad_syntax;
      const std::string_view key = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      const std::optional<std::string> text = parse_text();
      if (!text) return HeaderDefect::bad_syntax;
      const HeaderDefect defect = set(client, key, *text);
      if (defect != HeaderDefect::none) return defect;
    } while (take(';'));
    skip_spaces();
    return HeaderDefect::none;
  }

  std::optional<std::string> parse_text() {
    if (take('"')) return parse_quoted_text();
    const std::string_view text = rest_.substr(0, rest_.find_first_of(",;"));
    rest_.remove_prefix(text.size());
    const bool is_good = std::ranges::all_of(text, is_text) && text.find('"') == text.npos;
    return is_good ? std::optional<std::string>(text) : std::nullopt;
  }
  std::optional<std::string> parse_quoted_text() {
    std::string text;
    while (!rest_.empty() && is_text(rest_[0])) {
      if (take('"')) return text;
      if (rest_.starts_with("\\\"")) rest_.remove_prefix(1);
      text += rest_[0];
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

  // Keys are compared without regard to case.
  static HeaderDefect set(AssertedClient& client, std::string_view key, const std::string& text) {
    if (equal_ignoring_case(key, "Subject")) {
      if (client.subject) return HeaderDefect::repeated_key;
      client.subject = text;
      return HeaderDefect::none;
    }
    if (text.empty()) return HeaderDefect::none;
    if (equal_ignoring_case(key, "By")) return add(client, client.by, text);
    if (equal_ignoring_case(key, "URI")) return add(client, client.uris, text);
    if (equal_ignoring_case(key, "DNS")) return add(client, client.dns_names, text);
    if (equal_ignoring_case(key, "Hash")) {
      return client.hash ? HeaderDefect::repeated_key : read_hash(text, client.hash);
    }
    if (equal_ignoring_case(key, "Cert")) {
      if (!client.certificate.empty()) return HeaderDefect::repeated_key;
      return read_certificate(text, client.certificate);
    }
    if (!equal_ignoring_case(key, "Chain")) return HeaderDefect::none;
    if (!client.chain.empty()) return HeaderDefect::repeated_key;
    return read_certificates(text, client.chain);
  }
  static HeaderDefect add(const AssertedClient& client, std::vector<std::string>& to,
                          const std::string& text) {
    const std::size_t num_names = client.by.size() + client.uris.size() + client.dns_names.size();
    if (num_names == kMaxForwardedNames) return HeaderDefect::too_many;
    to.push_back(text);
    return HeaderDefect::none;
  }

  std::string_view rest_;
};

class XfccWriter {
 public:
  void element(const AssertedClient& client) {
    if (!out_.empty()) out_ += ',';
    is_first_ = true;
    for (const std::string& uri : client.by) pair("By", uri);
    if (client.hash) pair("Hash", hex_text(*client.hash));
    if (!client.certificate.empty()) pair("Cert", percent_encoded(to_pem(client.certificate)));
    std::string chain;
    for (const Der& der : client.chain) chain += to_pem(der);
    if (!chain.empty()) pair("Chain", percent_encoded(chain));
    if (client.subject) pair("Subject", *client.subject);
    for (const std::string& uri : client.uris) pair("URI", uri);
    for (const std::string& name : client.dns_names) pair("DNS", name);
    is_good_ = is_good_ && !is_first_;  // there is no empty element
  }
  std::optional<std::string> take() {
    return is_good_ ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  void pair(std::string_view key, std::string_view text) {
    is_good_ = is_good_ && std::ranges::all_of(text, is_text) && !text.ends_with('\\') &&
               text.find("\\\"") == std::string_view::npos;
    if (!is_first_) out_ += ';';
    is_first_ = false;
    (out_ += key) += "=\"";
    for (const char c : text) {
      if (c == '"') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }
  static std::string hex_text(Bytes octets) {
    std::string text;
    for (const std::uint8_t octet : octets) {
      text += kHexDigits[octet >> 4];
      text += kHexDigits[octet & 0xf];
    }
    return text;
  }
  // RFC 3986, 2.3: what of PEM is not unreserved.
  static std::string percent_encoded(std::string_view pem) {
    std::string text;
    for (const char c : pem) {
      const bool is_unreserved =
          (c >= '0' && c <= '9') || c == '-' || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
      if (is_unreserved) {
        text += c;
        continue;
      }
      const auto octet = static_cast<std::uint8_t>(c);
      ((text += '%') += hex_text(Bytes(&octet, 1)));
    }
    return text;
  }

  std::string out_;
  bool is_first_ = true;
  bool is_good_ = true;
};

}  // namespace

HeaderResult<std::vector<AssertedClient>> parse_xfcc(std::string_view value) {
  if (value.size() > kMaxClientCertHeaderLen) return {{}, HeaderDefect::too_long};
  HeaderResult<std::vector<AssertedClient>> result;
  result.defect = XfccParser(value).parse(result.value);
  if (!result) result.value.clear();
  return result;
}

std::optional<std::string> to_xfcc(const std::vector<AssertedClient>& clients) {
  XfccWriter writer;
  for (const AssertedClient& client : clients) writer.element(client);
  return writer.take();
}

}  // namespace peercert
