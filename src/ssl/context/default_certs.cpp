// SPDX-License-Identifier: Apache-2.0
// The system's trust anchors. A directory of hashed names is looked up issuer by issuer; a file has
// to be parsed as a whole, some 140 certificates, and so is left alone until an issuer is in no
// directory.
#include <cstdlib>
#include <mutex>

#include <openssl/x509_vfy.h>

#include <peercert/ssl/context.hpp>

#include "ssl/connection/outcome.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/identity/trust_digest.hpp"

namespace peercert::ssl {

namespace {

/// A file of trust anchors that an X509_STORE has not read yet.
struct LazyFile {
  std::filesystem::path path{};
  X509_LOOKUP* lookup = nullptr;  // the store's
  std::once_flag loaded{};
};

void free_lazy_file(void*, void* file, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<LazyFile*>(file);
}

int lazy_file_index() {
  static const int index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0, nullptr, nullptr,
                                                   nullptr, free_lazy_file);
  return index;
}

LazyFile* lazy_file_of(X509_STORE* store) {
  return static_cast<LazyFile*>(X509_STORE_get_ex_data(store, lazy_file_index()));
}

void load(LazyFile& file) {
  std::call_once(file.loaded, [&] {
    const DroppedErrors dropped;  // the file need not exist
    X509_load_cert_crl_file(file.lookup, file.path.c_str(), X509_FILETYPE_PEM);
  });
}

/// The store's get_issuer: where OpenSSL's finds none, the file is read and asked too.
int get_issuer(X509** issuer, X509_STORE_CTX* ctx, X509* certificate) {
  const int found = X509_STORE_CTX_get1_issuer(issuer, ctx, certificate);
  LazyFile* file = lazy_file_of(X509_STORE_CTX_get0_store(ctx));
  if (found != 0 || file == nullptr) return found;
  load(*file);
  return X509_STORE_CTX_get1_issuer(issuer, ctx, certificate);
}

const char* variable_or(const char* variable, const char* otherwise) {
  const char* value = ::secure_getenv(variable);
  return value != nullptr ? value : otherwise;
}

std::filesystem::path default_directory() {
  return variable_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
}

std::filesystem::path default_file() {
  return variable_or(X509_get_default_cert_file_env(), X509_get_default_cert_file());
}

/// The path if there is something.
std::optional<std::filesystem::path> existing(std::filesystem::path path, bool is_there) {
  if (!is_there) return std::nullopt;
  return path;
}

}  // namespace

X509_STORE_CTX_get_issuer_fn lazy_get_issuer() noexcept { return get_issuer; }

void load_lazy_file(X509_STORE* store) {
  if (LazyFile* file = lazy_file_of(store)) load(*file);
}

DefaultVerifyPaths get_default_verify_paths() {
  std::error_code ignored;  // what cannot be asked about is not there
  const std::filesystem::path file = default_file(), directory = default_directory();
  return {.cafile = existing(file, std::filesystem::is_regular_file(file, ignored)),
          .capath = existing(directory, std::filesystem::is_directory(directory, ignored)),
          .openssl_cafile_env = X509_get_default_cert_file_env(),
          .openssl_cafile = X509_get_default_cert_file(),
          .openssl_capath_env = X509_get_default_cert_dir_env(),
          .openssl_capath = X509_get_default_cert_dir()};
}

void SSLContext::load_default_certs() {
  clear_errors();
  X509_STORE* store = SSL_CTX_get_cert_store(native_handle());
  if (lazy_file_of(store) != nullptr) return;  // loaded before
  if (X509_STORE_load_path(store, default_directory().c_str()) != 1)
    clear_errors();  // it need not exist
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr) throw_last_error();
  auto file = std::make_unique<LazyFile>();
  file->path = default_file();
  file->lookup = lookup;
  if (X509_STORE_set_ex_data(store, lazy_file_index(), file.get()) != 1) throw_last_error();
  static_cast<void>(file.release());
  X509_STORE_set_get_issuer(store, get_issuer);
  note_trust_input(native_handle(), "default directory", default_directory().native());
  note_trust_input(native_handle(), "default file", default_file().native());
  state_->policy_has_changed();
}

}  // namespace peercert::ssl
