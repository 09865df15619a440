// SPDX-License-Identifier: Apache-2.0
// What an SSLContext is given: trust anchors, and the certificate and key to present.
#include <cstring>
#include <exception>
#include <limits>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/x509err.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>

#include "ssl/connection/outcome.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/context/read_file.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "verify/path/pem_or_der.hpp"

namespace peercert::ssl {

namespace {

void free_infos(STACK_OF(X509_INFO) * infos) { sk_X509_INFO_pop_free(infos, X509_INFO_free); }
using X509InfosPtr = OpenSSLPtr<STACK_OF(X509_INFO), free_infos>;

/// Octets with the name that errors give them: a file's, or what they are.
struct Source {
  std::string name;
  std::string_view text;
};

/// A text that does not stay in memory: a password or a private key.
struct Secret {
  std::string text;
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
};

BioPtr open_source(std::string_view text) {
  if (text.size() > std::numeric_limits<int>::max()) throw ValueError("over 2 GiB of PEM or DER");
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) throw std::bad_alloc();
  return bio;
}

/// Gives OpenSSL the password that it asks for. Never asks a terminal, as OpenSSL would by itself.
class PasswordReader {
 public:
  explicit PasswordReader(Password password = {}) : password_(std::move(password)) {}

  /// A pem_password_cb; `self` is a PasswordReader.
  static int answer(char* into, int size, int, void* self) noexcept {
    return static_cast<PasswordReader*>(self)->write(into, static_cast<std::size_t>(size));
  }

  /// Throws why there is no password, or that it is wrong, if one was asked for.
  void throw_if_asked(const std::string& name) const {
    if (failure_) std::rethrow_exception(failure_);
    if (!asked_) return;
    throw make_ssl_error(QueuedError(ERR_LIB_SSL, ERR_R_PEM_LIB),
                         name + (password_.callback ? ": the password is wrong"
                                                    : ": it is encrypted, a password is needed"));
  }

 private:
  static constexpr int kNoPassword = -1;

  int write(char* into, std::size_t size) noexcept {
    const bool asked_before = std::exchange(asked_, true);
    if (!password_.callback || failure_) return kNoPassword;
    try {
      // OpenSSL may ask several times, as each of its decoders tries.
      if (!asked_before) answer_.text = password_.callback();
      if (answer_.text.size() > size) {
        throw ValueError("password cannot be longer than " + std::to_string(size) + " bytes");
      }
    } catch (...) {
      failure_ = std::current_exception();  // C code must not be thrown through
      return kNoPassword;
    }
    std::memcpy(into, answer_.text.data(), answer_.text.size());
    return static_cast<int>(answer_.text.size());
  }

  Password password_;
  Secret answer_{};
  bool asked_ = false;
  std::exception_ptr failure_;
};

/// Python reports that some library could not read PEM; a person wants to know why.
[[noreturn]] void throw_bad_pem(int reporting_library, const std::string& name, const char* label) {
  const QueuedError cause = take_last_error();
  std::string text = name + ": " + std::string(cause.text());
  if (cause == QueuedError(ERR_LIB_PEM, PEM_R_NO_START_LINE)) {
    text += ": it needs a PEM block, -----BEGIN " + std::string(label) + "-----";
  } else if (cause == QueuedError(ERR_LIB_PEM, PEM_R_BAD_END_LINE)) {
    text += ": it is cut off inside a PEM block";
  } else if (cause.reason().empty()) {
    text = name + ": a PEM block does not hold what its BEGIN line says";
  }
  throw make_ssl_error(QueuedError(reporting_library, ERR_R_PEM_LIB), text);
}

/// For what OpenSSL's decoders read, which leave no error that says why they did not.
[[noreturn]] void throw_no_readable_block(const std::string& name, const char* label) {
  clear_errors();
  throw make_ssl_error(
      QueuedError(ERR_LIB_SSL, ERR_R_PEM_LIB),
      name + ": it has no readable PEM block, -----BEGIN " + std::string(label) + "-----");
}

Bytes octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void add_anchors(X509_STORE* store, const Source& source, const verify::TrustAnchors& anchors) {
  for (const Der& der : anchors.certificates) {
    const X509Ptr certificate = verify::decode_anchor(der);
    if (X509_STORE_add_cert(store, certificate.get()) != 1) throw_last_error(source.name);
  }
  for (const verify::X509CrlPtr& crl : anchors.crls) {
    if (X509_STORE_add_crl(store, crl.get()) != 1) throw_last_error(source.name);
  }
}

/// Adds what OpenSSL's reader makes of the text, or throws what it has against it.
void add_pem_by_openssl(X509_STORE* store, const Source& source) {
  const BioPtr bio = open_source(source.text);
  PasswordReader no_password;
  const X509InfosPtr infos(
      PEM_X509_INFO_read_bio(bio.get(), nullptr, PasswordReader::answer, &no_password));
  if (!infos) throw_bad_pem(ERR_LIB_X509, source.name, "CERTIFICATE");
  int num_added = 0;
  for (int i = 0; i < sk_X509_INFO_num(infos.get()); ++i) {
    const X509_INFO* info = sk_X509_INFO_value(infos.get(), i);
    if (info->x509 == nullptr && info->crl == nullptr) continue;
    const bool added = (info->x509 == nullptr || X509_STORE_add_cert(store, info->x509) == 1) &&
                       (info->crl == nullptr || X509_STORE_add_crl(store, info->crl) == 1);
    if (!added) throw_last_error(source.name);
    ++num_added;
  }
  if (num_added == 0) {
    const QueuedError error(ERR_LIB_X509, X509_R_NO_CERTIFICATE_OR_CRL_FOUND);
    throw make_ssl_error(error, source.name + ": no start line: it has no PEM block, " +
                                    "-----BEGIN CERTIFICATE-----");
  }
}

/// Adds the certificates and CRLs of a PEM text. Python knows no DER here, and no text without one.
void add_pem_file(X509_STORE* store, const Source& source) {
  verify::TrustAnchors anchors;
  const Bytes octets = octets_of(source.text);
  const bool is_read =
      !verify::is_der(octets) && !verify::read_trust_anchors(octets, anchors).has_value();
  clear_errors();
  if (!is_read || (anchors.certificates.empty() && anchors.crls.empty())) {
    return add_pem_by_openssl(store, source);
  }
  add_anchors(store, source, anchors);
}

/// Adds certificates until there is none; gives their number and leaves why it ended in the queue.
template <class ReadNext>
int add_all(X509_STORE* store, ReadNext read_next) {
  int num_added = 0;
  while (const X509Ptr certificate{read_next()}) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1) break;
    ++num_added;
  }
  return num_added;
}

[[noreturn]] void throw_no_certificate(const char* why) {
  clear_errors();
  throw SSLError(SSLErrorNumber::none, "", "",
                 std::string(why) + ": cadata does not contain a certificate");
}

void add_cadata(X509_STORE* store, std::string_view cadata) {
  const BioPtr bio = open_source(cadata);
  PasswordReader no_password;
  const bool der = verify::is_der(octets_of(cadata));
  const int num_added = add_all(store, [&]() -> X509* {
    if (!der) return PEM_read_bio_X509(bio.get(), nullptr, PasswordReader::answer, &no_password);
    return BIO_pending(bio.get()) == 0 ? nullptr : d2i_X509_bio(bio.get(), nullptr);
  });
  if (num_added == 0) throw_no_certificate(der ? "not enough data" : "no start line");
  const QueuedError end = take_last_error();
  if (!end || end == QueuedError(ERR_LIB_PEM, PEM_R_NO_START_LINE)) return;
  throw make_ssl_error(end, python_text(end, end.text()));
}

void use_certificate_chain(SSL_CTX* ctx, const Source& source, PasswordReader& password) {
  const BioPtr bio = open_source(source.text);
  const auto answer = PasswordReader::answer;
  const X509Ptr leaf(PEM_read_bio_X509_AUX(bio.get(), nullptr, answer, &password));
  if (!leaf) throw_bad_pem(ERR_LIB_SSL, source.name, "CERTIFICATE");
  if (SSL_CTX_use_certificate(ctx, leaf.get()) != 1) throw_last_error(source.name);
  SSL_CTX_clear_chain_certs(ctx);
  while (const X509Ptr issuer{PEM_read_bio_X509(bio.get(), nullptr, answer, &password)}) {
    if (SSL_CTX_add1_chain_cert(ctx, issuer.get()) != 1) throw_last_error(source.name);
  }
  const QueuedError end = take_last_error();
  if (end != QueuedError(ERR_LIB_PEM, PEM_R_NO_START_LINE)) {
    throw make_ssl_error(QueuedError(ERR_LIB_SSL, ERR_R_PEM_LIB),
                         source.name + ": " + std::string(end.text()));
  }
}

void use_private_key(SSL_CTX* ctx, const Source& source, const Source& certificates,
                     PasswordReader& password) {
  const BioPtr bio = open_source(source.text);
  const EvpPkeyPtr key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, PasswordReader::answer, &password));
  if (!key) {
    clear_errors();
    password.throw_if_asked(source.name);
    throw_no_readable_block(source.name, "PRIVATE KEY");
  }
  if (SSL_CTX_use_PrivateKey(ctx, key.get()) != 1 || SSL_CTX_check_private_key(ctx) != 1) {
    throw_last_error(source.name + " with " + certificates.name);
  }
}

void load_certificates_and_key(SSL_CTX* ctx, const Source& certificates, const Source& key,
                               const Password& password) {
  clear_errors();
  PasswordReader reader(password);
  use_certificate_chain(ctx, certificates, reader);
  use_private_key(ctx, key, certificates, reader);
  clear_errors();
}

}  // namespace

void SSLContext::load_verify_locations(const VerifyLocations& locations) {
  if (locations.cafile.empty() && locations.capath.empty() && locations.cadata.empty()) {
    throw ValueError("cafile, capath and cadata cannot be all omitted");
  }
  clear_errors();
  X509_STORE* store = SSL_CTX_get_cert_store(native_handle());
  if (!locations.cadata.empty()) {
    note_trust_input(native_handle(), "cadata", locations.cadata);
    add_cadata(store, locations.cadata);
  }
  if (!locations.cafile.empty()) {
    const std::string text = read_file(locations.cafile);
    note_trust_input(native_handle(), "cafile", text);
    add_pem_file(store, {locations.cafile.string(), text});
  }
  if (!locations.capath.empty()) {
    // OpenSSL would say nothing of a directory that is not there.
    std::error_code unreadable;
    const std::filesystem::directory_iterator entries(locations.capath, unreadable);
    if (unreadable) throw std::system_error(unreadable, locations.capath.string());
    note_trust_input(native_handle(), "capath", locations.capath.native());
    if (SSL_CTX_load_verify_dir(native_handle(), locations.capath.c_str()) != 1) {
      throw_last_error(locations.capath.string());
    }
  }
  clear_errors();
  state_->policy_has_changed();
}

void SSLContext::load_cert_chain(const std::filesystem::path& certfile,
                                 const std::filesystem::path& keyfile, const Password& password) {
  const Secret certificates{read_file(certfile)};
  const Source source{certfile.string(), certificates.text};
  if (keyfile.empty()) {
    return load_certificates_and_key(native_handle(), source, source, password);
  }
  const Secret key{read_file(keyfile)};
  load_certificates_and_key(native_handle(), source, {keyfile.string(), key.text}, password);
}

void SSLContext::load_cert_chain_data(std::string_view certificates_pem,
                                      std::string_view private_key_pem, const Password& password) {
  load_certificates_and_key(native_handle(), {"certificates_pem", certificates_pem},
                            {"private_key_pem", private_key_pem}, password);
}

void SSLContext::load_dh_params(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  clear_errors();
  EvpPkeyPtr parameters(PEM_read_bio_Parameters(open_source(text).get(), nullptr));
  if (!parameters) throw_no_readable_block(file.string(), "DH PARAMETERS");
  if (SSL_CTX_set0_tmp_dh_pkey(native_handle(), parameters.get()) != 1) {
    throw_last_error(file.string());
  }
  static_cast<void>(parameters.release());  // the context owns it now
}

}  // namespace peercert::ssl
