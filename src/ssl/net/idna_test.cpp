// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/idna.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

TEST(Idna, MakesALabelsOfULabels) {
  EXPECT_EQ(to_a_labels("könig.idn.pythontest.net"), "xn--knig-5qa.idn.pythontest.net");
  EXPECT_EQ(to_a_labels("KÖNIG.Example"), "xn--knig-5qa.example");
  EXPECT_EQ(to_a_labels("例え。テスト"), "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(to_a_labels("ko\xcc\x88nig.example"), "xn--knig-5qa.example");  // decomposed
  EXPECT_EQ(to_a_labels("könig.example."), "xn--knig-5qa.example.");
}

TEST(Idna, LeavesAsciiAlone) {
  for (const char* name : {"Example.ORG", "xn--knig-5qa.example", "127.0.0.1", "::1", "a_b.example",
                           "*.example.org", "", ".", "xn--a"}) {
    EXPECT_EQ(to_a_labels(name), name);
  }
}

// Python, with IDNA 2003, makes "ss" of it, which is another name.
TEST(Idna, KnowsTheLettersOfIdna2008) {
  EXPECT_EQ(to_a_labels("königsgäßchen.example"), "xn--knigsgchen-b4a3dun.example");
  EXPECT_EQ(to_a_labels("βόλος.example"), "xn--nxasmm1c.example");
}

TEST(Idna, RefusesWhatIsNoName) {
  for (const std::string name :
       {"caf\xe9.example", "ä\xff.example", "\xe2\x84\x80.example", "ä b.example", "ä/b.example",
        "\xed\xa0\x80.example", "\xc0\xaf.example",
        "\xe2\x80\xae"
        "evil.example"}) {
    EXPECT_THROW(to_a_labels(name), ValueError) << name;
  }
  std::string long_label = "ä";
  EXPECT_THROW(to_a_labels(long_label.append(63, 'a') + ".example"), ValueError);
  std::string long_name = "ä";
  for (int i = 0; i < 2000; ++i) long_name += ".aaaaaaaaa";
  EXPECT_THROW(to_a_labels(long_name), ValueError);
}

// As Python's test_check_hostname_idn.
TEST(Idna, IsWhatAConnectionAsksForAndChecks) {
  const TestPki& pki = TestPki::shared();
  const Credential named = pki.root.issue(
      {.subject_alt_name = {"DNS:xn--knig-5qa.idn.example", "DNS:xn--knigsgchen-b4a3dun.example"}});
  const SSLContext server = pki.server_context(named);
  for (const char* host : {"könig.idn.example", "xn--knig-5qa.idn.example", "KÖNIG.idn.example",
                           "königsgäßchen.example", "xn--knigsgchen-b4a3dun.example"}) {
    BioPair pair(pki.client_context(), server, {.server_hostname = host});
    pair.connect();
    EXPECT_TRUE(pair.client.server_hostname().starts_with("xn--")) << host;
    EXPECT_EQ(SSL_get_servername(pair.server.native_handle(), TLSEXT_NAMETYPE_host_name),
              pair.client.server_hostname());
  }
  BioPair other(pki.client_context(), server, {.server_hostname = "königin.idn.example"});
  other.handshake();
  EXPECT_EQ(caught<CertificateError>(other.client_error).verify_message(),
            "Hostname mismatch, certificate is not valid for 'xn--knigin-wxa.idn.example'.");
}

// As Python's test_bad_server_hostname.
TEST(Idna, RefusesAServerHostnameThatIsNone) {
  const SSLContext context = TestPki::shared().client_context();
  MemoryBIO bio;
  using namespace std::string_literals;
  for (const std::string& host :
       {".example.org"s, "."s, "a..b"s, "example.org\0evil.com"s, "ä..example"s, ".ä.example"s,
        "ä\0evil"s, "k\xf6nig.example"s, std::string(64, 'a')}) {
    EXPECT_THROW(static_cast<void>(context.wrap_bio(bio, bio, {.server_hostname = host})),
                 ValueError)
        << host;
  }
}

}  // namespace
}  // namespace peercert::ssl
