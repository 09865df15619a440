// SPDX-License-Identifier: Apache-2.0
#include "verify/path/openssl_path.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/error_queue.hpp"
#include "verify/path/constraint_work.hpp"
#include "verify/path/revocation.hpp"

namespace peercert::verify {
namespace {

// As Python's default context: no keys or digests of less than 112 bits of strength.
constexpr int kSecurityLevel = 2;
constexpr unsigned long kFlags =
    X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST;

constexpr std::string_view kOtherError = "openssl-error";
constexpr PathProblem kTooMuchWork{
    "too-much-work", "there are too many names and name constraints to compare them all"};

struct PathError {
  int error;
  std::string_view code;
};
constexpr std::array kPathErrors{
#define PEERCERT_PATH_ERROR(error, code) PathError{X509_V_ERR_##error, code},
#include "verify/path/path_errors.inc"
};

std::string_view code_of(int error) noexcept {
  const auto* const found = std::ranges::find(kPathErrors, error, &PathError::error);
  return found != kPathErrors.end() ? found->code : kOtherError;
}

// What OpenSSL says while it works, and where it is then.
struct Objection {
  const OpenSSLQuestion& question;
  X509_STORE_CTX* ctx;
  int error;
  int depth;
};

bool is_at(const ASN1_TIME* time, const OpenSSLQuestion& question) {
  return time != nullptr && ASN1_TIME_cmp_time_t(time, question.at) == 0;
}

bool is_last_second(const Objection& it) {
  X509* const certificate = X509_STORE_CTX_get_current_cert(it.ctx);
  return certificate != nullptr && is_at(X509_get0_notAfter(certificate), it.question);
}

bool is_last_second_of_crl(const Objection& it) {
  const X509_CRL* const crl = X509_STORE_CTX_get0_current_crl(it.ctx);
  return crl != nullptr && is_at(X509_CRL_get0_nextUpdate(crl), it.question);
}

// OpenSSL looks for a CRL of the trust anchor as well, if there is one of its issuer.
bool is_anchor(const Objection& it) {
  return it.depth > 0 && it.depth + 1 == sk_X509_num(X509_STORE_CTX_get0_chain(it.ctx));
}

bool needs_no_crl(const Objection& it) {
  const X509* const certificate = X509_STORE_CTX_get_current_cert(it.ctx);
  if (it.depth == 0 || certificate == nullptr) return false;
  return is_anchor(it) || !has_crl_for(*certificate, it.question.crls);
}

// Whether all that OpenSSL can have against the CA's purpose is that it names none.
bool is_ca_for_any_purpose(const Objection& it) {
  X509* const certificate = X509_STORE_CTX_get_current_cert(it.ctx);
  if (it.depth == 0 || certificate == nullptr || X509_check_ca(certificate) != 1) return false;
  const bool has_netscape_type = X509_get_ext_by_NID(certificate, NID_netscape_cert_type, -1) >= 0;
  const std::uint32_t usage = X509_get_extended_key_usage(certificate);
  return !has_netscape_type && usage != UINT32_MAX && (usage & XKU_ANYEKU) != 0;
}

// The objections of OpenSSL's that are no problem, and when. There are no others.
struct Unfounded {
  int error;
  bool (*holds)(const Objection&);
  std::string_view why;
};
constexpr std::array kUnfounded{
    Unfounded{X509_V_ERR_CERT_HAS_EXPIRED, is_last_second,
              "RFC 5280, 4.1.2.5: the validity period includes notAfter"},
    Unfounded{X509_V_ERR_CRL_HAS_EXPIRED, is_last_second_of_crl,
              "RFC 5280, 6.3.3 (a): a CRL is stale after nextUpdate"},
    Unfounded{X509_V_ERR_INVALID_PURPOSE, is_ca_for_any_purpose,
              "RFC 5280, 4.2.1.12: anyExtendedKeyUsage allows every purpose"},
    Unfounded{X509_V_ERR_UNABLE_TO_GET_CRL, needs_no_crl,
              "OpenSSL wants CRLs of all issuers or of the leaf's alone"},
    Unfounded{X509_V_ERR_DIFFERENT_CRL_SCOPE, is_anchor,
              "RFC 5280, 6.1: a trust anchor is no certificate of the path"},
};

bool is_unfounded(const Objection& objection) {
  return std::ranges::any_of(kUnfounded, [&](const Unfounded& row) {
    return row.error == objection.error && row.holds(objection);
  });
}

// What the sentence alone does not tell.
std::string detail_of(const Objection& it) {
  const X509* const certificate = X509_STORE_CTX_get_current_cert(it.ctx);
  const X509_CRL* const crl = X509_STORE_CTX_get0_current_crl(it.ctx);
  if (certificate == nullptr) return {};
  switch (it.error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return date_text(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID: return date_text(X509_get0_notBefore(certificate));
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return crl != nullptr ? date_text(X509_CRL_get0_nextUpdate(crl)) : std::string();
    case X509_V_ERR_CERT_REJECTED: return "its own trust settings refuse the purpose";
    case X509_V_ERR_CERT_REVOKED: return crl != nullptr ? revocation(*certificate, *crl) : "";
    default: return {};
  }
}

X509s chain_of(const X509_STORE_CTX* ctx) {
  X509s chain;
  const STACK_OF(X509)* const stack = X509_STORE_CTX_get0_chain(ctx);
  for (int i = 0; i < sk_X509_num(stack); ++i) chain.push_back(sk_X509_value(stack, i));
  return chain;
}

// Gathers what OpenSSL objects to, and lets it go on: X509_V_ERR_* alone ends nothing here.
class Objections {
 public:
  explicit Objections(const OpenSSLQuestion& question) : question_(question) {}

  /// An X509_STORE_CTX_verify_cb; the context's application data is an Objections.
  static int take(int ok, X509_STORE_CTX* ctx) noexcept {
    auto* const self = static_cast<Objections*>(X509_STORE_CTX_get_app_data(ctx));
    try {
      if (ok == 1) return self->may_go_on(ctx) ? 1 : 0;
      self->add({self->question_, ctx, X509_STORE_CTX_get_error(ctx),
                 X509_STORE_CTX_get_error_depth(ctx)});
      return 1;
    } catch (...) {
      self->failure_ = std::current_exception();  // C code must not be thrown through
      return 0;
    }
  }

  OpenSSLAnswer finish(int result, const X509_STORE_CTX& ctx) {
    if (failure_) std::rethrow_exception(failure_);
    if (result != 1 && answer_.problems.empty()) {
      const int error = X509_STORE_CTX_get_error(&ctx);
      answer_.problems.push_back({code_of(error), 0, X509_verify_cert_error_string(error)});
    }
    answer_.path = chain_of(&ctx);
    return std::move(answer_);
  }

 private:
  // Once all signatures hold, the leaf's being the last, OpenSSL turns to name constraints.
  bool may_go_on(X509_STORE_CTX* ctx) {
    if (X509_STORE_CTX_get_error_depth(ctx) != 0) return true;
    answer_.comparisons = constraint_comparisons(X509_STORE_CTX_get0_chain(ctx));
    answer_.is_complete = answer_.comparisons <= question_.max_comparisons;
    if (answer_.is_complete) return true;
    answer_.problems.push_back({kTooMuchWork.code, 0, std::string(kTooMuchWork.sentence)});
    return false;
  }

  void add(const Objection& objection) {
    if (is_unfounded(objection) || is_consequence(objection)) return;
    const std::string detail = detail_of(objection);
    std::string message = X509_verify_cert_error_string(objection.error);
    if (!detail.empty()) message += ": " + detail;
    const Problem problem{code_of(objection.error), objection.depth, std::move(message)};
    if (objection.error == X509_V_ERR_CERT_REJECTED) rejected_depth_ = objection.depth;
    answer_.has_anchor = answer_.has_anchor && !rejected_depth_ && !lacks_anchor(objection.error);
    answer_.problems.push_back(problem);
  }

  static bool lacks_anchor(int error) noexcept {
    return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
           error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN || error == X509_V_ERR_CERT_CHAIN_TOO_LONG;
  }

  // An anchor whose trust settings refuse the purpose is asked for more than once, and is refused
  // for its purpose as well.
  bool is_consequence(const Objection& it) const noexcept {
    const bool is_repeated =
        it.error == X509_V_ERR_CERT_REJECTED || it.error == X509_V_ERR_INVALID_PURPOSE;
    return is_repeated && it.depth == rejected_depth_;
  }

  const OpenSSLQuestion& question_;
  OpenSSLAnswer answer_;
  std::optional<int> rejected_depth_;  // of the anchor, by its own trust settings
  std::exception_ptr failure_;
};

X509StackPtr stack_of(const X509s& certificates) {
  X509StackPtr stack(sk_X509_new_null());
  if (!stack) throw std::bad_alloc();
  for (X509* const certificate : certificates) {
    if (sk_X509_push(stack.get(), certificate) == 0) throw std::bad_alloc();
  }
  return stack;
}

// Not in the store, which is sorted anew for each that it takes.
X509CrlStackPtr stack_of(const std::vector<X509CrlPtr>& crls) {
  X509CrlStackPtr stack(sk_X509_CRL_new_null());
  if (!stack) throw std::bad_alloc();
  for (const X509CrlPtr& crl : crls) {
    if (sk_X509_CRL_push(stack.get(), crl.get()) == 0) throw std::bad_alloc();
  }
  return stack;
}

void set_parameters(X509_VERIFY_PARAM* param, const OpenSSLQuestion& question) {
  const bool is_server = question.purpose == Purpose::server_auth;
  X509_VERIFY_PARAM_set_flags(param, kFlags);
  X509_VERIFY_PARAM_set_purpose(param,
                                is_server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM_set_trust(param, is_server ? X509_TRUST_SSL_SERVER : X509_TRUST_SSL_CLIENT);
  X509_VERIFY_PARAM_set_hostflags(param, host_flags(question.profile));
  X509_VERIFY_PARAM_set_time(param, question.at);
  X509_VERIFY_PARAM_set_depth(param, question.max_depth);
  X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
  if (question.crls.empty()) return;
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

}  // namespace

std::vector<PathProblem> openssl_problems() {
  std::vector<PathProblem> problems{
      {kOtherError, "OpenSSL refuses for a reason without a code of its own"}, kTooMuchWork};
  for (const PathError& row : kPathErrors) {
    problems.push_back({row.code, X509_verify_cert_error_string(row.error)});
  }
  return problems;
}

X509StorePtr make_store(const X509s& anchors) {
  X509StorePtr store(X509_STORE_new());
  if (!store) throw std::bad_alloc();
  for (X509* const anchor : anchors) {
    if (X509_STORE_add_cert(store.get(), anchor) != 1) throw std::bad_alloc();
  }
  return store;
}

std::string date_text(const ASN1_TIME* time) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio) throw std::bad_alloc();
  if (time == nullptr || ASN1_TIME_print(bio.get(), time) != 1) return "a time that is not a date";
  char* text = nullptr;
  const long len = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(len)};
}

unsigned int host_flags(VerifyProfile profile) noexcept {
  const bool is_openssl = profile == VerifyProfile::openssl;
  return X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
         (is_openssl ? 0U : X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
}

OpenSSLAnswer ask_openssl(const OpenSSLQuestion& question) {
  const X509StackPtr untrusted = stack_of(question.untrusted);
  const X509CrlStackPtr crls = stack_of(question.crls);
  const X509StoreCtxPtr ctx(X509_STORE_CTX_new());
  if (!ctx || X509_STORE_CTX_init(ctx.get(), question.store, question.leaf, untrusted.get()) != 1) {
    throw std::bad_alloc();
  }
  set_parameters(X509_STORE_CTX_get0_param(ctx.get()), question);
  X509_STORE_CTX_set0_crls(ctx.get(), crls.get());
  Objections objections(question);
  X509_STORE_CTX_set_app_data(ctx.get(), &objections);
  X509_STORE_CTX_set_verify_cb(ctx.get(), Objections::take);
  const int result = X509_verify_cert(ctx.get());
  clear_errors();
  return objections.finish(result, *ctx);
}

}  // namespace peercert::verify
