// SPDX-License-Identifier: Apache-2.0
// What is in a context's store of trust anchors and CRLs.
#include <openssl/x509_vfy.h>

#include <peercert/ssl/context.hpp>

#include "crypto/error_queue.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

namespace {

/// Keeps other threads, which may add what a directory or file holds, out of the store.
class StoreLock {
 public:
  explicit StoreLock(X509_STORE* store) : store_(store) { X509_STORE_lock(store); }
  ~StoreLock() { X509_STORE_unlock(store_); }
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  X509_STORE* store_;
};

template <class Visit>
void for_each_object(SSL_CTX* ctx, Visit visit) {
  X509_STORE* store = SSL_CTX_get_cert_store(ctx);
  load_lazy_file(store);
  const StoreLock lock(store);
  const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store);
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) visit(sk_X509_OBJECT_value(objects, i));
}

/// What `present` makes of each CA's certificate.
template <class Present>
auto present_cas(SSL_CTX* ctx, Present present) {
  std::vector<decltype(present(nullptr))> cas;
  for_each_object(ctx, [&](const X509_OBJECT* object) {
    X509* certificate = X509_OBJECT_get0_X509(object);
    if (certificate != nullptr && X509_check_ca(certificate) != 0) {
      cas.push_back(present(certificate));
    }
  });
  return cas;
}

}  // namespace

std::vector<PeerCert> SSLContext::get_ca_certs() const {
  const DroppedErrors dropped;
  return present_cas(native_handle(), [](const X509* certificate) { return to_dict(certificate); });
}

std::vector<Der> SSLContext::get_ca_certs(binary_form_t) const {
  const DroppedErrors dropped;
  return present_cas(native_handle(), [](const X509* certificate) { return to_der(certificate); });
}

CertStoreStats SSLContext::cert_store_stats() const {
  const DroppedErrors dropped;
  CertStoreStats stats;
  for_each_object(native_handle(), [&](const X509_OBJECT* object) {
    X509* certificate = X509_OBJECT_get0_X509(object);
    if (certificate != nullptr) ++stats.x509;
    if (certificate != nullptr && X509_check_ca(certificate) != 0) ++stats.x509_ca;
    if (X509_OBJECT_get_type(object) == X509_LU_CRL) ++stats.crl;
  });
  return stats;
}

}  // namespace peercert::ssl
