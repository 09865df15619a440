// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <latch>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "support/credential.hpp"
#include "support/scratch.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for every test, and a check that nothing stays in OpenSSL's queue.
class ContextTest : public testing::Test {
 protected:
  ContextTest() {
    std::string name = testing::TempDir() + "peercert-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~ContextTest() override {
    EXPECT_EQ(ERR_peek_error(), 0U);
    fs::remove_all(folder_);
  }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// The name under which OpenSSL looks for a certificate in a directory.
  static std::string hashed_name(const Credential& credential) {
    const Der der = credential.certificate_der();
    const unsigned char* at = der.data();
    const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%08lx.0", X509_subject_name_hash(certificate.get()));
    return text.data();
  }

  int num_objects(const SSLContext& context) {
    X509_STORE* store = SSL_CTX_get_cert_store(context.native_handle());
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
  }

  const TestPki& pki_ = TestPki::shared();
  fs::path folder_;
  SSLContext client_{Protocol::tls_client};
  SSLContext server_{Protocol::tls_server};
};

TEST_F(ContextTest, VerifyModeAndCheckHostnameGoTogether) {
  const auto error = caught<ValueError>([&] { client_.set_verify_mode(VerifyMode::none); });
  EXPECT_STREQ(error.what(), "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
  client_.set_check_hostname(false);
  client_.set_verify_mode(VerifyMode::none);
  EXPECT_EQ(client_.verify_mode(), VerifyMode::none);
  client_.set_check_hostname(true);
  EXPECT_EQ(client_.verify_mode(), VerifyMode::required);
  client_.set_verify_mode(VerifyMode::optional);
  client_.set_check_hostname(true);
  EXPECT_EQ(client_.verify_mode(), VerifyMode::optional);
}

static_assert(!std::is_copy_constructible_v<SSLContext> && !std::is_copy_assignable_v<SSLContext>);

TEST_F(ContextTest, MovesWithItsSettings) {
  const SSL_CTX* handle = client_.native_handle();
  client_.set_verify_mode(VerifyMode::optional);
  const SSLContext moved = std::move(client_);
  EXPECT_EQ(moved.verify_mode(), VerifyMode::optional);
  EXPECT_EQ(moved.native_handle(), handle);
}

TEST_F(ContextTest, VersionsAreReadAsTheyWereSet) {
  client_.set_minimum_version(TLSVersion::tls1_3);
  EXPECT_EQ(client_.minimum_version(), TLSVersion::tls1_3);
  client_.set_minimum_version(TLSVersion::minimum_supported);
  EXPECT_EQ(client_.minimum_version(), TLSVersion::minimum_supported);
  client_.set_minimum_version(TLSVersion::maximum_supported);
  EXPECT_EQ(client_.minimum_version(), TLSVersion::tls1_3);
  client_.set_maximum_version(TLSVersion::tls1_2);
  EXPECT_EQ(client_.maximum_version(), TLSVersion::tls1_2);
  EXPECT_THROW(client_.set_maximum_version(static_cast<TLSVersion>(0x300)), ValueError);
}

TEST_F(ContextTest, FlagsAndOptionsAreReallyCleared) {
  client_.set_verify_flags(VerifyFlags::x509_strict | VerifyFlags::crl_check_leaf);
  EXPECT_EQ(client_.verify_flags(), VerifyFlags::x509_strict | VerifyFlags::crl_check_leaf);
  client_.set_verify_flags(VerifyFlags::none);
  EXPECT_EQ(client_.verify_flags(), VerifyFlags::none);
  client_.set_options(SSL_OP_NO_TICKET);
  EXPECT_EQ(client_.options(), std::uint64_t{SSL_OP_NO_TICKET});
}

TEST_F(ContextTest, CiphersAreChosen) {
  client_.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256");
  const std::vector<std::string> names = client_.get_ciphers();
  EXPECT_EQ(names.front(), "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(names.back(), "ECDHE-RSA-AES128-GCM-SHA256");
  const auto error = caught<SSLError>([&] { client_.set_ciphers("no such cipher"); });
  EXPECT_STREQ(error.what(), "No cipher can be selected.");
}

TEST_F(ContextTest, AlpnNamesHaveTheirLimits) {
  client_.set_alpn_protocols({"h2", std::string(255, 'x')});
  EXPECT_THROW(client_.set_alpn_protocols({""}), SSLError);
  EXPECT_THROW(client_.set_alpn_protocols({std::string(256, 'x')}), SSLError);
}

TEST_F(ContextTest, LoadsTrustAnchorsOfEveryForm) {
  const std::string both = "text\n" + pki_.root.certificate_pem() + "between\n" +
                           pki_.intermediate.certificate_pem() + "behind\n";
  client_.load_verify_locations({.cafile = write("ca.pem", both)});
  EXPECT_EQ(num_objects(client_), 2);
  client_.load_verify_locations({.cadata = both});  // duplicates do not count
  EXPECT_EQ(num_objects(client_), 2);

  const Der root = pki_.root.certificate_der();
  const Der intermediate = pki_.intermediate.certificate_der();
  std::string der(root.begin(), root.end());
  der.append(intermediate.begin(), intermediate.end());
  server_.load_verify_locations({.cadata = der});
  EXPECT_EQ(num_objects(server_), 2);
  EXPECT_THROW(client_.load_verify_locations({}), ValueError);
}

TEST_F(ContextTest, SaysWhatIsWrongWithACaFile) {
  const auto load = [&](const fs::path& file) {
    return caught<SSLError>([&] { client_.load_verify_locations({.cafile = file}); });
  };
  const SSLError garbage = load(write("garbage.pem", "hello\n"));
  EXPECT_EQ(garbage.library(), "X509");
  EXPECT_EQ(garbage.reason(), "NO_CERTIFICATE_OR_CRL_FOUND");
  EXPECT_TRUE(contains(garbage.what(), (folder_ / "garbage.pem: no start line").string()));

  const std::string pem = pki_.root.certificate_pem();
  const SSLError cut = load(write("cut.pem", pem.substr(0, pem.size() / 2)));
  EXPECT_EQ(cut.library(), "X509");
  EXPECT_EQ(cut.reason(), "");
  EXPECT_TRUE(contains(cut.what(), "cut.pem: "));
  EXPECT_TRUE(contains(cut.what(), "cut off"));

  EXPECT_EQ(load(write("key.pem", pki_.root.private_key_pem())).reason(),
            "NO_CERTIFICATE_OR_CRL_FOUND");
  EXPECT_EQ(load(write("empty.pem", "")).reason(), "NO_CERTIFICATE_OR_CRL_FOUND");
  const Der root = pki_.root.certificate_der();
  EXPECT_EQ(load(write("root.der", {root.begin(), root.end()})).reason(),
            "NO_CERTIFICATE_OR_CRL_FOUND");  // Python reads no DER there
}

TEST_F(ContextTest, NamesTheFileThatCannotBeRead) {
  const auto missing = caught<std::system_error>(
      [&] { client_.load_verify_locations({.cafile = folder_ / "missing.pem"}); });
  EXPECT_EQ(missing.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(missing.what(), (folder_ / "missing.pem").string() + ": No such file or directory");
  const auto folder =
      caught<std::system_error>([&] { client_.load_verify_locations({.cafile = folder_}); });
  EXPECT_EQ(folder.code(), std::errc::is_a_directory);
  const auto capath = caught<std::system_error>(
      [&] { client_.load_verify_locations({.capath = folder_ / "missing"}); });
  EXPECT_EQ(capath.code(), std::errc::no_such_file_or_directory);
}

/// What OpenSSL says of one byte where a certificate should begin: releases of 3.0 differ.
std::string text_of_a_cut_header() {
  const BioPtr bio(BIO_new_mem_buf("A", 1));
  EXPECT_EQ(X509Ptr(d2i_X509_bio(bio.get(), nullptr)), nullptr);
  const QueuedError error = take_last_error();
  return "[ASN1: " + std::string(error.reason()) + "] " + std::string(error.text());
}

TEST_F(ContextTest, CadataHasPythonsErrors) {
  const std::string pem = pki_.root.certificate_pem();
  const Der root = pki_.root.certificate_der();
  const std::string der(root.begin(), root.end());
  const auto load = [&](const std::string& cadata) {
    return caught<SSLError>([&] { client_.load_verify_locations({.cadata = cadata}); });
  };
  EXPECT_STREQ(load("hello").what(), "no start line: cadata does not contain a certificate");
  EXPECT_STREQ(load(pem.substr(0, 100)).what(),
               "no start line: cadata does not contain a certificate");
  EXPECT_STREQ(load(der.substr(0, 100)).what(),
               "not enough data: cadata does not contain a certificate");
  EXPECT_EQ(load(der + "A").what(), text_of_a_cut_header());
  EXPECT_EQ(load(pem + pem.substr(0, 100)).reason(), "BAD_END_LINE");
  std::string broken = pem;
  broken.replace(100, 4, "!!!!");
  EXPECT_EQ(load(pem + broken).reason(), "BAD_BASE64_DECODE");
}

TEST_F(ContextTest, LoadsCertificateAndKey) {
  const fs::path cert = write("cert.pem", pki_.server.chain_pem());
  const fs::path key = write("key.pem", pki_.server.private_key_pem());
  server_.load_cert_chain(cert, key);
  server_.load_cert_chain(
      write("both.pem", pki_.server.private_key_pem() + pki_.server.chain_pem()));
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(server_.native_handle(), &chain);
  EXPECT_EQ(sk_X509_num(chain), 1);  // not twice after the second call
}

TEST_F(ContextTest, AKeyThatDoesNotMatchIsNamed) {
  const fs::path cert = write("cert.pem", pki_.server.chain_pem());
  const fs::path key = write("key.pem", pki_.client.private_key_pem());
  const auto error = caught<SSLError>([&] { server_.load_cert_chain(cert, key); });
  EXPECT_EQ(error.library(), "X509");
  EXPECT_EQ(error.reason(), "KEY_VALUES_MISMATCH");
  EXPECT_EQ(error.what(), key.string() + " with " + cert.string() +
                              ": [X509: KEY_VALUES_MISMATCH] key values mismatch");
}

TEST_F(ContextTest, AKeyOfAnotherKindThanTheCertificateIsRefused) {
  const Credential rsa = pki_.root.issue({.key_type = KeyType::rsa2048});
  const auto error = caught<SSLError>(
      [&] { server_.load_cert_chain_data(pki_.server.certificate_pem(), rsa.private_key_pem()); });
  EXPECT_EQ(error.reason(), "NO_CERTIFICATE_ASSIGNED");
}

TEST_F(ContextTest, UnreadableCertificatesAndKeysArePemErrors) {
  const std::string pem = pki_.server.certificate_pem();
  const std::string key = pki_.server.private_key_pem();
  const auto load = [&](const std::string& certificates, const std::string& private_key) {
    const auto error =
        caught<SSLError>([&] { server_.load_cert_chain_data(certificates, private_key); });
    EXPECT_EQ(error.library(), "SSL");
    EXPECT_EQ(error.reason(), "");
    return std::string(error.what());
  };
  EXPECT_TRUE(contains(load("hello", key), "certificates_pem: no start line"));
  EXPECT_TRUE(contains(load(pem.substr(0, 200), key), "cut off"));
  EXPECT_TRUE(contains(load(pem + pem.substr(0, 200), key), "bad end line"));
  EXPECT_TRUE(contains(load(pem, "hello"), "private_key_pem: it has no readable PEM block"));
  EXPECT_TRUE(contains(load(pem, key.substr(0, 100)), "private_key_pem: it has no readable"));
}

TEST_F(ContextTest, AsksForAPasswordOnlyIfTheKeyIsEncrypted) {
  const std::string pem = pki_.server.chain_pem();
  int num_asked = 0;
  const PasswordCallback callback = [&] { return ++num_asked, std::string("secret"); };
  server_.load_cert_chain_data(pem, pki_.server.private_key_pem(), callback);
  EXPECT_EQ(num_asked, 0);
  const std::string encrypted = pki_.server.private_key_pem("secret");
  server_.load_cert_chain_data(pem, encrypted, callback);
  EXPECT_EQ(num_asked, 1);
  server_.load_cert_chain_data(pem, encrypted, "secret");
}

/// RFC 1421's encryption, which PEM allows for certificates too.
std::string encrypted_certificate_pem(const Credential& credential, const std::string& password) {
  const auto encode = [](const void* certificate, unsigned char** out) {
    return i2d_X509(static_cast<const X509*>(certificate), out);
  };
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_ASN1_write_bio(encode, PEM_STRING_X509, out.get(), certificate_of(credential).get(),
                     EVP_aes_256_cbc(), reinterpret_cast<const unsigned char*>(password.data()),
                     static_cast<int>(password.size()), nullptr, nullptr);
  char* text = nullptr;
  const long len = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(len)};
}

TEST_F(ContextTest, AsksForOnePasswordOnce) {
  int num_asked = 0;
  const PasswordCallback callback = [&] { return ++num_asked, std::string("secret"); };
  server_.load_cert_chain_data(encrypted_certificate_pem(pki_.server, "secret"),
                               pki_.server.private_key_pem("secret"), callback);
  EXPECT_EQ(num_asked, 1);
}

TEST_F(ContextTest, SaysWhyAnEncryptedKeyCannotBeRead) {
  const std::string pem = pki_.server.chain_pem();
  const std::string encrypted = pki_.server.private_key_pem("secret");
  const auto load = [&](const Password& password) {
    server_.load_cert_chain_data(pem, encrypted, password);
  };
  EXPECT_TRUE(contains(caught<SSLError>([&] { load("wrong"); }).what(), "password is wrong"));
  EXPECT_TRUE(contains(caught<SSLError>([&] { load({}); }).what(), "a password is needed"));
  EXPECT_STREQ(caught<ValueError>([&] { load(std::string(2000, 'x')); }).what(),
               "password cannot be longer than 1024 bytes");
  const PasswordCallback throws = []() -> std::string { throw std::out_of_range("no vault"); };
  EXPECT_STREQ(caught<std::out_of_range>([&] { load(throws); }).what(), "no vault");
}

TEST_F(ContextTest, LooksUpTheDirectoryOnlyWhenItVerifies) {
  write(hashed_name(pki_.root), pki_.root.certificate_pem());
  client_.load_verify_locations({.capath = folder_});
  EXPECT_EQ(num_objects(client_), 0);
  TlsPair pair(client_, pki_.server_context(), "localhost");
  pair.handshake();
  EXPECT_FALSE(pair.client_error);
  EXPECT_EQ(num_objects(client_), 1);
}

TEST_F(ContextTest, DefaultCertsAreNotParsedBeforeTheyAreNeeded) {
  const ScopedVariable cert_file("SSL_CERT_FILE");
  const ScopedVariable cert_dir("SSL_CERT_DIR");
  client_.load_default_certs();
  EXPECT_EQ(num_objects(client_), 0);
}

TEST_F(ContextTest, TheEnvironmentNamesOtherDefaultCerts) {
  const fs::path file = write("ca.pem", pki_.root.certificate_pem());
  const ScopedVariable cert_file("SSL_CERT_FILE", file);
  const ScopedVariable cert_dir("SSL_CERT_DIR", folder_ / "missing");
  client_.load_default_certs();
  client_.load_default_certs();  // once more changes nothing
  EXPECT_EQ(num_objects(client_), 0);
  for (int i = 0; i < 2; ++i) {
    TlsPair pair(client_, pki_.server_context(), "localhost");
    pair.handshake();
    EXPECT_FALSE(pair.client_error);
    EXPECT_EQ(num_objects(client_), 1);
  }
}

TEST_F(ContextTest, ManyThreadsMayBeTheFirstToNeedTheDefaultFile) {
  const ScopedVariable cert_file("SSL_CERT_FILE", write("ca.pem", pki_.root.certificate_pem()));
  const ScopedVariable cert_dir("SSL_CERT_DIR", folder_ / "missing");
  client_.load_default_certs();
  const SSLContext server = pki_.server_context();
  constexpr int kNumThreads = 8;
  std::atomic<int> num_verified = 0;
  std::latch start(kNumThreads);
  std::vector<std::jthread> threads;
  for (int i = 0; i < kNumThreads; ++i) {
    threads.emplace_back([&] {
      TlsPair pair(client_, server, "localhost");
      start.arrive_and_wait();
      if (!pair.handshake().client_error) ++num_verified;
    });
  }
  threads.clear();  // joins
  EXPECT_EQ(num_verified, kNumThreads);
  EXPECT_EQ(num_objects(client_), 1);
}

TEST_F(ContextTest, TheDefaultFileIsLeftAloneIfTheDirectoryHasTheIssuer) {
  write(hashed_name(pki_.root), pki_.root.certificate_pem());
  const std::string two = pki_.root.certificate_pem() + pki_.intermediate.certificate_pem();
  const ScopedVariable cert_file("SSL_CERT_FILE", write("bundle.pem", two));
  const ScopedVariable cert_dir("SSL_CERT_DIR", folder_);
  client_.load_default_certs();
  client_.set_verify_flags(VerifyFlags::x509_partial_chain);
  const Credential leaf = pki_.root.issue({.subject_alt_name = {"DNS:localhost"}});
  TlsPair pair(client_, pki_.server_context(leaf), "localhost");
  pair.handshake();
  EXPECT_FALSE(pair.client_error);
  EXPECT_EQ(num_objects(client_), 1);
}

TEST_F(ContextTest, DefaultCertsNeedNotExist) {
  const ScopedVariable cert_file("SSL_CERT_FILE", folder_ / "missing.pem");
  const ScopedVariable cert_dir("SSL_CERT_DIR", folder_ / "missing");
  client_.load_default_certs();
  TlsPair pair(client_, pki_.server_context(), "localhost");
  pair.handshake();
  EXPECT_EQ(caught<SSLCertVerificationError>(pair.client_error).verify_code(),
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_F(ContextTest, SslkeylogfileGetsTheSecrets) {
  const fs::path file = folder_ / "keys.log";
  {
    const ScopedVariable keylog("SSLKEYLOGFILE", file);
    TlsPair pair(pki_.client_context(), pki_.server_context(), "localhost");
    pair.handshake();
    EXPECT_FALSE(pair.client_error);
  }
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(contains(text, "CLIENT_TRAFFIC_SECRET_0 "));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace peercert::ssl
