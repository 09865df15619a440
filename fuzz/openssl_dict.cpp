// SPDX-License-Identifier: Apache-2.0
#include "openssl_dict.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include <openssl/x509v3.h>

#include <peercert/render/python_repr.hpp>

#include "crypto/openssl_ptr.hpp"

namespace peercert::fuzz {
namespace {

using AccessPtr = OpenSSLPtr<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;
using CrlPointsPtr = OpenSSLPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using Items = std::vector<std::string>;

// CPython's buffer for what OpenSSL prints.
constexpr int kBufferSize = 2048;

std::string_view octets_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    unsigned long code_point = 0;
    const int len = UTF8_getc(at, static_cast<int>(end - at), &code_point);
    if (len <= 0) return false;
    at += len;
  }
  return true;
}

std::string tuple(const Items& items) {
  std::string out = "(";
  for (std::size_t i = 0; i < items.size(); ++i) out += (i > 0 ? ", " : "") + items[i];
  return out + (items.size() == 1 ? ",)" : ")");
}

std::string format(const char* pattern, unsigned number) {
  char text[16];
  std::snprintf(text, sizeof(text), pattern, number);
  return text;
}

std::string bytes_repr(std::string_view octets) {
  const bool has_single = octets.find('\'') != std::string_view::npos;
  const bool has_double = octets.find('"') != std::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string out = {'b', quote};
  for (const char c : octets) {
    const std::size_t control = std::string_view("\t\n\r").find(c);
    if (control != std::string_view::npos) {
      out += {'\\', "tnr"[control]};
    } else if (c == '\\' || c == quote) {
      out += {'\\', c};
    } else {
      const bool is_printable = c >= ' ' && c <= '~';
      out += is_printable ? std::string(1, c) : format("\\x%02x", static_cast<std::uint8_t>(c));
    }
  }
  return out + quote;
}

std::string ip_address(std::string_view octets) {
  if (octets.size() != 4 && octets.size() != 16) return "<invalid>";
  const auto octet = [&](std::size_t i) -> unsigned {
    return static_cast<std::uint8_t>(octets[i]);
  };
  std::string out;
  if (octets.size() == 4) {
    for (std::size_t i = 0; i < 4; ++i) out += format(i > 0 ? ".%u" : "%u", octet(i));
  } else {
    for (std::size_t i = 0; i < 16; i += 2)
      out += format(i > 0 ? ":%X" : "%X", octet(i) << 8 | octet(i + 1));
  }
  return out;
}

BioPtr memory() { return BioPtr(BIO_new(BIO_s_mem())); }

std::string first_line(BIO* bio) {
  char text[kBufferSize];
  const int len = BIO_gets(bio, text, kBufferSize - 1);
  return {text, static_cast<std::size_t>(len > 0 ? len : 0)};
}

// Makes the parts in the order of the dict. The first that Python cannot make decides its error.
class DictWriter {
 public:
  OpenSSLDict write(const X509* certificate);

 private:
  void fail(Errc error) { error_ = error_ == Errc::ok ? error : error_; }
  void item(std::string_view key, const std::string& value) {
    repr_ += repr_.empty() ? "{'" : ", '";
    repr_.append(key).append("': ").append(value);
  }
  std::string str(std::string_view utf8) {
    if (is_utf8(utf8)) return to_python_repr(utf8);
    fail(Errc::invalid_characters);
    return {};
  }

  std::string object(const ASN1_OBJECT* object);
  std::string value(const ASN1_STRING* value);
  std::string name(const X509_NAME* name);
  std::string serial(const ASN1_INTEGER* serial);
  std::string time(const ASN1_TIME* time);
  std::string registered_id(const ASN1_OBJECT* object);
  std::string printed(GENERAL_NAME* name);
  std::string alt_name(GENERAL_NAME* name);
  void alt_names(const X509* certificate);
  void access_uris(const X509* certificate, int method, std::string_view key);
  void crl_uris(const X509* certificate);
  void add_uri(const GENERAL_NAME* name, Items& uris) {
    if (name->type == GEN_URI) uris.push_back(str(octets_of(name->d.uniformResourceIdentifier)));
  }

  Errc error_ = Errc::ok;
  std::string repr_;
};

std::string DictWriter::object(const ASN1_OBJECT* object) {
  const int len = OBJ_obj2txt(nullptr, 0, object, 0);
  if (len < 0) {
    fail(Errc::oid_too_long);
    return {};
  }
  std::string text(static_cast<std::size_t>(len) + 1, '\0');
  OBJ_obj2txt(text.data(), len + 1, object, 0);
  text.pop_back();
  return str(text);
}

std::string DictWriter::value(const ASN1_STRING* value) {
  if (ASN1_STRING_type(value) == V_ASN1_BIT_STRING) {
    return ASN1_STRING_length(value) == 0 ? "None" : bytes_repr(octets_of(value));
  }
  unsigned char* utf8 = nullptr;
  const int len = ASN1_STRING_to_UTF8(&utf8, value);
  if (len < 0) {
    fail(Errc::unsupported_value);
    return {};
  }
  const std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(len));
  OPENSSL_free(utf8);
  return str(text);
}

std::string DictWriter::name(const X509_NAME* name) {
  std::vector<Items> rdns;
  int rdn = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    if (X509_NAME_ENTRY_set(entry) != rdn) rdns.emplace_back();
    rdn = X509_NAME_ENTRY_set(entry);
    const std::string type = object(X509_NAME_ENTRY_get_object(entry));
    rdns.back().push_back(tuple({type, value(X509_NAME_ENTRY_get_data(entry))}));
  }
  Items tuples;
  for (const Items& attributes : rdns) tuples.push_back(tuple(attributes));
  return tuple(tuples);
}

std::string DictWriter::serial(const ASN1_INTEGER* serial) {
  const BioPtr bio = memory();
  i2a_ASN1_INTEGER(bio.get(), serial);
  return str(first_line(bio.get()));
}

std::string DictWriter::time(const ASN1_TIME* time) {
  const BioPtr bio = memory();
  ASN1_TIME_print(bio.get(), time);
  return str(first_line(bio.get()));
}

std::string DictWriter::registered_id(const ASN1_OBJECT* object) {
  char text[kBufferSize];
  const int len = i2t_ASN1_OBJECT(text, kBufferSize - 1, object);
  if (len < 0) fail(Errc::oid_too_long);
  if (len < 0 || len >= kBufferSize) return str("<INVALID>");
  return str({text, static_cast<std::size_t>(len)});
}

// OpenSSL's "kind:text" as two.
std::string DictWriter::printed(GENERAL_NAME* name) {
  const BioPtr bio = memory();
  GENERAL_NAME_print(bio.get(), name);
  const std::string line = first_line(bio.get());
  const std::size_t colon = line.find(':');
  return tuple({str(line.substr(0, colon)), str(line.substr(colon + 1))});
}

std::string DictWriter::alt_name(GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DIRNAME: return tuple({"'DirName'", this->name(name->d.directoryName)});
    case GEN_EMAIL: return tuple({"'email'", str(octets_of(name->d.rfc822Name))});
    case GEN_DNS: return tuple({"'DNS'", str(octets_of(name->d.dNSName))});
    case GEN_URI: return tuple({"'URI'", str(octets_of(name->d.uniformResourceIdentifier))});
    case GEN_RID: return tuple({"'Registered ID'", registered_id(name->d.registeredID)});
    case GEN_IPADD: return tuple({"'IP Address'", str(ip_address(octets_of(name->d.iPAddress)))});
    default: return printed(name);
  }
}

void DictWriter::alt_names(const X509* certificate) {
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return;
  Items items;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    items.push_back(alt_name(sk_GENERAL_NAME_value(names.get(), i)));
  }
  item("subjectAltName", tuple(items));
}

void DictWriter::access_uris(const X509* certificate, int method, std::string_view key) {
  const AccessPtr access(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  Items uris;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* const description = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(description->method) == method) add_uri(description->location, uris);
  }
  if (!uris.empty()) item(key, tuple(uris));
}

void DictWriter::crl_uris(const X509* certificate) {
  const CrlPointsPtr points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  Items uris;
  for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT_NAME* const name = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (name == nullptr || name->type != 0) continue;  // 0: fullName
    const GENERAL_NAMES* const full_name = name->name.fullname;
    for (int k = 0; k < sk_GENERAL_NAME_num(full_name); ++k) {
      add_uri(sk_GENERAL_NAME_value(full_name, k), uris);
    }
  }
  if (!uris.empty()) item("crlDistributionPoints", tuple(uris));
}

OpenSSLDict DictWriter::write(const X509* certificate) {
  // One more than encoded, and wraps as C's long does.
  const auto version = static_cast<std::uint64_t>(X509_get_version(certificate)) + 1;
  item("subject", name(X509_get_subject_name(certificate)));
  item("issuer", name(X509_get_issuer_name(certificate)));
  item("version", std::to_string(static_cast<std::int64_t>(version)));
  item("serialNumber", serial(X509_get0_serialNumber(certificate)));
  item("notBefore", time(X509_get0_notBefore(certificate)));
  item("notAfter", time(X509_get0_notAfter(certificate)));
  alt_names(certificate);
  access_uris(certificate, NID_ad_OCSP, "OCSP");
  access_uris(certificate, NID_ad_ca_issuers, "caIssuers");
  crl_uris(certificate);
  return {error_, repr_ + '}'};
}

}  // namespace

OpenSSLDict openssl_dict(const X509* certificate) { return DictWriter().write(certificate); }

}  // namespace peercert::fuzz
