// SPDX-License-Identifier: Apache-2.0
#include <ctime>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <peercert/render/python_repr.hpp>

#include "support/bio_pair.hpp"
#include "support/credential.hpp"
#include "support/scratch.hpp"

namespace peercert::ssl {
namespace {

std::string text_in(const BioPtr& memory) {
  char* text = nullptr;
  const long len = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(len)};
}

/// The certificate that the issuer signs anew, without an authorityKeyIdentifier.
std::string pem_without_aki(const Credential& credential, const Credential& issuer) {
  const X509Ptr certificate = certificate_of(credential);
  const int at = X509_get_ext_by_NID(certificate.get(), NID_authority_key_identifier, -1);
  const X509ExtensionPtr removed(X509_delete_ext(certificate.get(), at));
  X509_sign(certificate.get(), key_of(issuer).get(), EVP_sha256());
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate.get());
  return text_in(out);
}

/// An empty CRL of the CA's, valid for an hour.
std::string empty_crl_pem(const Credential& ca) {
  const EvpPkeyPtr key = key_of(ca);
  const X509Ptr issuer = certificate_of(ca);
  const OpenSSLPtr<X509_CRL, X509_CRL_free> crl(X509_CRL_new());
  const OpenSSLPtr<ASN1_TIME, ASN1_TIME_free> now(ASN1_TIME_set(nullptr, std::time(nullptr)));
  const OpenSSLPtr<ASN1_TIME, ASN1_TIME_free> later(
      ASN1_TIME_set(nullptr, std::time(nullptr) + 3600));
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.get()));
  X509_CRL_set1_lastUpdate(crl.get(), now.get());
  X509_CRL_set1_nextUpdate(crl.get(), later.get());
  X509_CRL_sign(crl.get(), key.get(), EVP_sha256());
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_CRL(out.get(), crl.get());
  return text_in(out);
}

class ContextStoreTest : public testing::Test {
 protected:
  ~ContextStoreTest() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  void load(const std::string& pem) { context_.load_verify_locations({.cadata = pem}); }
  std::string counted() const {
    const CertStoreStats stats = context_.cert_store_stats();
    return std::to_string(stats.x509) + " " + std::to_string(stats.x509_ca) + " " +
           std::to_string(stats.crl);
  }

  Scratch scratch_;
  SSLContext context_{Protocol::tls_client};
};

// As Python's test_get_ca_certs and test_cert_store_stats.
TEST_F(ContextStoreTest, ListsTheCAs) {
  EXPECT_TRUE(context_.get_ca_certs().empty());
  EXPECT_EQ(counted(), "0 0 0");
  load(pki().server.certificate_pem());
  EXPECT_TRUE(context_.get_ca_certs().empty());
  EXPECT_EQ(counted(), "1 0 0");
  load(pki().root.certificate_pem());
  EXPECT_EQ(counted(), "2 1 0");
  const Der root = pki().root.certificate_der();
  EXPECT_EQ(context_.get_ca_certs(binary_form), std::vector<Der>{root});
  ASSERT_EQ(context_.get_ca_certs().size(), 1U);
  EXPECT_EQ(to_python_repr(context_.get_ca_certs()[0]), to_python_repr(*to_peer_cert(root)));
}

// As Python's test_get_ca_certs_capath.
TEST_F(ContextStoreTest, ListsTheCAsOfADirectoryOnceTheyWereUsed) {
  std::array<char, 16> name{};
  const X509Ptr root = certificate_of(pki().root);
  std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(root.get()));
  const auto folder = scratch_.write(name.data(), pki().root.certificate_pem()).parent_path();
  context_.load_verify_locations({.capath = folder});
  EXPECT_TRUE(context_.get_ca_certs().empty());
  BioPair(context_, pki().server_context()).connect();
  EXPECT_EQ(context_.get_ca_certs(binary_form), std::vector<Der>{pki().root.certificate_der()});
}

// They are read lazily otherwise.
TEST_F(ContextStoreTest, ListsTheDefaultCAsAsPythonDoes) {
  const ScopedVariable file("SSL_CERT_FILE",
                            scratch_.write("ca.pem", pki().root.certificate_pem()));
  const ScopedVariable directory("SSL_CERT_DIR", scratch_ / "missing");
  context_.set_default_verify_paths();
  EXPECT_EQ(counted(), "1 1 0");
  const DefaultVerifyPaths paths = get_default_verify_paths();
  EXPECT_EQ(paths.cafile, scratch_ / "ca.pem");
  EXPECT_EQ(paths.capath, std::nullopt);
  EXPECT_EQ(paths.openssl_cafile_env, "SSL_CERT_FILE");
  EXPECT_EQ(paths.openssl_capath_env, "SSL_CERT_DIR");
  EXPECT_TRUE(paths.openssl_cafile.is_absolute());
  EXPECT_TRUE(paths.openssl_capath.is_absolute());
}

TEST_F(ContextStoreTest, DefaultPathsAreAFileAndADirectory) {
  const auto file = scratch_.write("ca.pem", pki().root.certificate_pem());
  const ScopedVariable folder_as_file("SSL_CERT_FILE", file.parent_path());
  const ScopedVariable file_as_folder("SSL_CERT_DIR", file);
  const DefaultVerifyPaths paths = get_default_verify_paths();
  EXPECT_EQ(paths.cafile, std::nullopt);
  EXPECT_EQ(paths.capath, std::nullopt);
}

TEST_F(ContextStoreTest, LooksIntoTheDefaultDirectory) {
  std::array<char, 16> name{};
  const X509Ptr root = certificate_of(pki().root);
  std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(root.get()));
  const auto folder = scratch_.write(name.data(), pki().root.certificate_pem()).parent_path();
  const ScopedVariable file("SSL_CERT_FILE", scratch_ / "missing");
  const ScopedVariable directory("SSL_CERT_DIR", folder);
  context_.load_default_certs();
  BioPair(context_, pki().server_context()).connect();
}

// As Python's test_crl_check.
TEST_F(ContextStoreTest, ChecksCRLsThatComeWithTheCafile) {
  const Credential leaf = pki().root.issue({.subject_alt_name = {"DNS:localhost"}});
  const SSLContext server = pki().server_context(leaf);
  load(pki().root.certificate_pem());
  context_.set_verify_flags(context_.verify_flags() | VerifyFlags::crl_check_leaf);
  BioPair without(context_, server);
  without.handshake();
  EXPECT_EQ(caught<SSLCertVerificationError>(without.client_error).verify_code(),
            X509_V_ERR_UNABLE_TO_GET_CRL);
  context_.load_verify_locations({.cafile = scratch_.write("crl.pem", empty_crl_pem(pki().root))});
  EXPECT_EQ(counted(), "1 1 1");
  BioPair(context_, server).connect();
}

TEST_F(ContextStoreTest, RefusesACertificateWithoutText) {
  EXPECT_THROW(load("nothing"), SSLError);
  EXPECT_EQ(counted(), "0 0 0");
}

TEST_F(ContextStoreTest, KeylogFilenameCanChange) {
  const SSLContext server = pki().server_context();
  load(pki().root.certificate_pem());
  EXPECT_EQ(context_.keylog_filename(), "");
  context_.set_keylog_filename(scratch_ / "one");
  BioPair(context_, server).connect();
  context_.set_keylog_filename(scratch_ / "two");
  EXPECT_EQ(context_.keylog_filename(), scratch_ / "two");
  const std::string one = scratch_.read("one");
  EXPECT_TRUE(contains(one, "CLIENT_TRAFFIC_SECRET_0 "));
  BioPair(context_, server).connect();
  EXPECT_EQ(scratch_.read("one"), one);
  EXPECT_TRUE(contains(scratch_.read("two"), "CLIENT_TRAFFIC_SECRET_0 "));

  EXPECT_THROW(context_.set_keylog_filename(scratch_ / "missing/file"), std::system_error);
  EXPECT_EQ(context_.keylog_filename(), scratch_ / "two");
  context_.set_keylog_filename({});
  const std::string two = scratch_.read("two");
  BioPair(context_, server).connect();
  EXPECT_EQ(scratch_.read("two"), two);
}

TEST_F(ContextStoreTest, NegotiatesTheCurveThatItIsGiven) {
  load(pki().root.certificate_pem());
  context_.set_ecdh_curve("secp384r1");
  BioPair pair(context_, pki().server_context());
  pair.connect();
  EXPECT_EQ(SSL_get_negotiated_group(pair.client.native_handle()), NID_secp384r1);
  EXPECT_STREQ(caught<ValueError>([&] { context_.set_ecdh_curve("foo"); }).what(),
               "unknown elliptic curve name 'foo'");
  EXPECT_THROW(context_.set_ecdh_curve("rsaEncryption"), SSLError);
}

TEST_F(ContextStoreTest, LoadsDiffieHellmanParameters) {
  // RFC 7919, appendix A.1, by its number.
  const OpenSSLPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> generator(
      EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
  const BioPtr out(BIO_new(BIO_s_mem()));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_paramgen_init(generator.get());
  EVP_PKEY_CTX_set_dh_nid(generator.get(), NID_ffdhe2048);
  ASSERT_EQ(EVP_PKEY_paramgen(generator.get(), &key), 1);
  const EvpPkeyPtr parameters(key);
  PEM_write_bio_Parameters(out.get(), parameters.get());
  SSLContext server = pki().server_context(
      pki().root.issue({.key_type = KeyType::rsa2048, .subject_alt_name = {"DNS:localhost"}}));
  server.load_dh_params(scratch_.write("dh.pem", text_in(out)));
  load(pki().root.certificate_pem());
  context_.set_maximum_version(TLSVersion::tls1_2);
  context_.set_ciphers("DHE");
  BioPair pair(context_, server);
  pair.connect();
  EVP_PKEY* used = nullptr;
  ASSERT_EQ(SSL_get_peer_tmp_key(pair.client.native_handle(), &used), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(EvpPkeyPtr(used).get()), 2048);

  EXPECT_THROW(server.load_dh_params(scratch_ / "missing"), std::system_error);
  const auto bad = scratch_.write("bad.pem", "nothing");
  EXPECT_TRUE(contains(caught<SSLError>([&] { server.load_dh_params(bad); }).what(),
                       "bad.pem: it has no readable PEM block, -----BEGIN DH PARAMETERS-----"));
  EXPECT_THROW(server.load_dh_params(scratch_.write("cert.pem", pki().root.certificate_pem())),
               SSLError);
}

// As Python's test_hostname_checks_common_name, and the check of nosan.pem.
TEST_F(ContextStoreTest, ComparesTheCommonNameUnlessToldOtherwise) {
  EXPECT_TRUE(context_.hostname_checks_common_name());
  const Credential nosan = pki().root.issue({.subject = {{"CN", "localhost"}}});
  const SSLContext server = pki().server_context(nosan);
  load(pki().root.certificate_pem());
  BioPair(context_, server).connect();
  context_.set_hostname_checks_common_name(false);
  EXPECT_FALSE(context_.hostname_checks_common_name());
  BioPair refused(context_, server);
  refused.handshake();
  EXPECT_EQ(caught<SSLCertVerificationError>(refused.client_error).verify_code(),
            X509_V_ERR_HOSTNAME_MISMATCH);
  context_.set_hostname_checks_common_name(true);
  BioPair(context_, server).connect();
}

// As Python's test_verify_strict.
TEST_F(ContextStoreTest, IsStrictOnlyIfToldSo) {
  const Credential leaf = pki().root.issue({.subject_alt_name = {"DNS:localhost"}});
  SSLContext server(Protocol::tls_server);
  server.load_cert_chain_data(pem_without_aki(leaf, pki().root), leaf.private_key_pem());
  SSLContext client = pki().client_context();
  BioPair strict(client, server);
  strict.handshake();
  EXPECT_EQ(caught<SSLCertVerificationError>(strict.client_error).verify_code(),
            X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER);
  client.set_verify_flags(client.verify_flags() & ~VerifyFlags::x509_strict);
  BioPair(client, server).connect();
}

// As Python's test_dual_rsa_ecc.
TEST_F(ContextStoreTest, HoldsCertificatesOfTwoKinds) {
  SSLContext server(Protocol::tls_server);
  load(pki().root.certificate_pem());
  context_.set_maximum_version(TLSVersion::tls1_2);
  for (const KeyType type : {KeyType::p256, KeyType::rsa2048}) {
    TestPki::load(server,
                  pki().root.issue({.key_type = type, .subject_alt_name = {"DNS:localhost"}}));
  }
  for (const char* cipher : {"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"}) {
    context_.set_ciphers(cipher);
    BioPair pair(context_, server);
    EXPECT_EQ(pair.connect().client.cipher()->name, cipher);
  }
}

}  // namespace
}  // namespace peercert::ssl
