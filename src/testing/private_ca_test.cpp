// SPDX-License-Identifier: Apache-2.0
#include "testing/private_ca.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/x509/pem.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono;

PeerCert decode(const Credential& credential) {
  const Result<Certificate> certificate = Certificate::from_der(credential.certificate_der());
  if (!certificate) throw std::runtime_error(to_string(certificate.error()));
  Result<PeerCert> cert = to_peer_cert(certificate->view());
  if (!cert) throw std::runtime_error(to_string(cert.error()));
  return *std::move(cert);
}

// The example of Python's documentation of SSLSocket.getpeercert(): a certificate with its fields
// has to give its dict.
TEST(PrivateCa, MakesTheExampleOfPythonsDocumentation) {
  const Credential issuer = Credential::self_signed(
      {.subject = {{"C", "IL"},
                   {"O", "StartCom Ltd."},
                   {"OU", "Secure Digital Certificate Signing"},
                   {"CN", "StartCom Class 2 Primary Intermediate Server CA"}},
       .ca = true});
  const Credential leaf =
      issuer.issue({.subject = {{"description", "571208-SLe257oHY9fVQ07Z"},
                                {"C", "US"},
                                {"ST", "California"},
                                {"L", "San Francisco"},
                                {"O", "Electronic Frontier Foundation, Inc."},
                                {"CN", "*.eff.org"},
                                {"emailAddress", "hostmaster@eff.org"}},
                    .subject_alt_name = {"DNS:*.eff.org", "DNS:eff.org"},
                    .not_before = sys_days(2011y / November / 21) + 3h + 9min + 52s,
                    .not_after = sys_days(2013y / November / 22) + 8h + 15min + 19s,
                    .serial_number = "95F0"});
  EXPECT_EQ(to_python_repr(decode(leaf)),
            "{'subject': ((('description', '571208-SLe257oHY9fVQ07Z'),), "
            "(('countryName', 'US'),), (('stateOrProvinceName', 'California'),), "
            "(('localityName', 'San Francisco'),), "
            "(('organizationName', 'Electronic Frontier Foundation, Inc.'),), "
            "(('commonName', '*.eff.org'),), (('emailAddress', 'hostmaster@eff.org'),)), "
            "'issuer': ((('countryName', 'IL'),), (('organizationName', 'StartCom Ltd.'),), "
            "(('organizationalUnitName', 'Secure Digital Certificate Signing'),), "
            "(('commonName', 'StartCom Class 2 Primary Intermediate Server CA'),)), "
            "'version': 3, 'serialNumber': '95F0', 'notBefore': 'Nov 21 03:09:52 2011 GMT', "
            "'notAfter': 'Nov 22 08:15:19 2013 GMT', "
            "'subjectAltName': (('DNS', '*.eff.org'), ('DNS', 'eff.org'))}");
}

TEST(PrivateCa, RenewsACertificateOfTheSameKeyAndIssuer) {
  const TestPki& pki = TestPki::shared();
  const Credential renewed = pki.server.renew({.subject_alt_name = {"DNS:localhost"}});
  EXPECT_NE(renewed.certificate_der(), pki.server.certificate_der());
  EXPECT_EQ(renewed.private_key_pem(), pki.server.private_key_pem());
  TlsPair pair(pki.client_context(), pki.server_context(renewed), "localhost");
  pair.handshake();
  EXPECT_EQ(pair.client.getpeercert(binary_form), renewed.certificate_der());
}

TEST(PrivateCa, PutsAddressesIntoTheDict) {
  const Credential leaf = Credential::self_signed(
      {.subject_alt_name = {"IP:127.0.0.1", "IP:::1", "email:a@example.org", "URI:https://a/,b"},
       .serial_number = "-7F",
       .ocsp = {"http://ocsp.example.org/1", "http://ocsp.example.org/2"},
       .ca_issuers = {"http://ca.example.org/ca.der"},
       .crl_distribution_points = {"http://ca.example.org/ca.crl"}});
  const PeerCert cert = decode(leaf);
  EXPECT_TRUE(cert.subject.empty());
  EXPECT_EQ(cert.serial_number, "-7F");
  const std::vector<AltName> names = {{"IP Address", "127.0.0.1", {}},
                                      {"IP Address", "0:0:0:0:0:0:0:1", {}},
                                      {"email", "a@example.org", {}},
                                      {"URI", "https://a/,b", {}}};
  EXPECT_EQ(cert.subject_alt_name, names);
  const std::vector<std::string> ocsp = {"http://ocsp.example.org/1", "http://ocsp.example.org/2"};
  EXPECT_EQ(cert.ocsp, ocsp);
  EXPECT_EQ(cert.ca_issuers, std::vector<std::string>{"http://ca.example.org/ca.der"});
  EXPECT_EQ(cert.crl_distribution_points, std::vector<std::string>{"http://ca.example.org/ca.crl"});
}

TEST(PrivateCa, KeepsEmbeddedNulsInNames) {
  const std::string name("evil.example\0.org", 17);
  const PeerCert cert = decode(Credential::self_signed({.subject_alt_name = {"DNS:" + name}}));
  ASSERT_TRUE(cert.subject_alt_name);
  EXPECT_EQ(cert.subject_alt_name->front().value, name);
}

TEST(PrivateCa, TakesTimesOfAnyCentury) {
  const Credential leaf = Credential::self_signed(
      {.not_before = sys_days(1950y / January / 1), .not_after = sys_days(9999y / December / 31)});
  EXPECT_EQ(decode(leaf).not_before, "Jan  1 00:00:00 1950 GMT");
  EXPECT_EQ(decode(leaf).not_after, "Dec 31 00:00:00 9999 GMT");
}

TEST(PrivateCa, SendsTheIssuersWithoutTheRoot) {
  const Credential root = Credential::root_ca("root");
  const Credential leaf = root.issue({.ca = true}).issue({});
  const auto num_certificates = [](const std::string& pem) {
    PemReader reader(pem);
    Der der;
    int count = 0;
    for (Result<bool> more = reader.next(der); more && *more; more = reader.next(der)) ++count;
    return count;
  };
  EXPECT_EQ(num_certificates(leaf.chain_pem()), 2);
  EXPECT_EQ(num_certificates(root.chain_pem()), 1);
  EXPECT_EQ(leaf.chain_pem().find(leaf.certificate_pem()), 0U);
}

TEST(PrivateCa, EncryptsTheKeyIfAsked) {
  const Credential leaf = Credential::self_signed({});
  EXPECT_TRUE(contains(leaf.private_key_pem(), "BEGIN PRIVATE KEY"));
  EXPECT_TRUE(contains(leaf.private_key_pem("secret"), "BEGIN ENCRYPTED PRIVATE KEY"));
}

TEST(PrivateCa, RefusesOptionsThatMakeNoSense) {
  EXPECT_THROW(Credential::self_signed({.subject_alt_name = {"example.org"}}), ValueError);
  EXPECT_THROW(Credential::self_signed({.subject_alt_name = {"DN:example.org"}}), ValueError);
  EXPECT_THROW(Credential::self_signed({.subject_alt_name = {"IP:1.2.3"}}), SSLError);
  EXPECT_THROW(Credential::self_signed({.subject = {{"noSuchType", "x"}}}), SSLError);
  EXPECT_THROW(Credential::self_signed({.serial_number = "xyz"}), ValueError);
  EXPECT_THROW(Credential::self_signed({.ocsp = {"http://a,b"}}), ValueError);
}

}  // namespace
}  // namespace peercert::ssl
