// SPDX-License-Identifier: Apache-2.0
// Peers that begin a handshake well, and go on wrongly: one message of theirs is replaced, left
// out, repeated or followed by what does not belong there. RFC 8446, 4; RFC 5246, 7.4.
#include <gtest/gtest.h>

#include "hostile/trial.hpp"

namespace peercert::hostile {
namespace {

/// Replaces a message's body; the header follows.
using BodyEdit = std::function<Octets(Octets)>;

bool is_message(const Plain& plain, std::uint8_t type) {
  return plain.type == kHandshake && static_cast<std::uint8_t>(plain.octets.front()) == type;
}

/// In place of the message does what the script says; the script gets the message's body.
TlsPeer::Tamper instead_of(std::uint8_t type, std::function<void(TlsPeer&, Octets)> script) {
  return [=](TlsPeer& peer, const Plain& plain) {
    is_message(plain, type) ? script(peer, plain.octets.substr(4)) : pass(peer, plain);
  };
}

TlsPeer::Tamper edits(std::uint8_t type, const BodyEdit& edit) {
  return instead_of(type, [=](TlsPeer& peer, Octets body) {
    // A record holds as much as fits.
    const Octets edited = message(type, edit(std::move(body)));
    for (std::size_t at = 0; at < edited.size(); at += kMaxFragmentLen) {
      peer.send({kHandshake, edited.substr(at, kMaxFragmentLen)});
    }
  });
}

TlsPeer::Tamper leaves_out(std::uint8_t type) {
  return instead_of(type, [](TlsPeer&, const Octets&) {});
}

TlsPeer::Tamper puts_before(std::uint8_t type, Plain extra) {
  return instead_of(type, [=](TlsPeer& peer, const Octets& body) {
    peer.send(extra);
    peer.send_handshake(type, body);
  });
}

TlsPeer::Tamper repeats(std::uint8_t type) {
  return instead_of(type, [=](TlsPeer& peer, const Octets& body) {
    peer.send_handshake(type, body);
    peer.send_handshake(type, body);
  });
}

Octets flip_last(Octets body) {
  body.back() = static_cast<char>(body.back() ^ 1);
  return body;
}
Octets flip_first(Octets body) {
  body.front() = static_cast<char>(body.front() ^ 1);
  return body;
}
Octets add_one(Octets body) { return body + 'x'; }
Octets cut_one(Octets body) { return body.substr(0, body.size() - 1); }
BodyEdit replaces_with(Octets body) {
  return [=](const Octets&) { return body; };
}
/// Changes the last octet of the first certificate, which is one of its signature. The list of
/// certificates begins at an offset: behind TLS 1.3's context.
BodyEdit spoils_signature(std::size_t list_offset) {
  return [=](Octets body) {
    const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(body.at(at)); };
    const std::size_t len_at = list_offset + 3;
    const std::size_t len = octet(len_at) * 65536U + octet(len_at + 1) * 256U + octet(len_at + 2);
    body.at(len_at + 2 + len) ^= 1;
    return body;
  };
}
/// Changes an octet.
BodyEdit changes(std::size_t at) {
  return [=](Octets body) {
    body.at(at) = static_cast<char>(body.at(at) ^ 1);
    return body;
  };
}

Case of_server(std::string name, std::uint16_t version, TlsPeer::Tamper tamper,
               std::string ending) {
  return {std::move(name), Side::client, tampers(Side::client, version, std::move(tamper)),
          std::move(ending)};
}
Case of_client(std::string name, std::uint16_t version, TlsPeer::Tamper tamper,
               std::string ending) {
  return {std::move(name), Side::server, tampers(Side::server, version, std::move(tamper)),
          std::move(ending)};
}

/// A CertificateEntry of RFC 8446, 4.4.2.
Octets entry(std::string_view certificate, std::string_view extensions = "") {
  return vector(3, certificate) + vector(2, extensions);
}

// OpenSSL skips a HelloRequest in any handshake, although TLS 1.3 has none.
TEST(Flights, HelloRequestIsSkipped) {
  for (const std::uint16_t version : {kTls12, kTls13}) {
    const TlsPeer::Tamper tamper =
        puts_before(kCertificate, {kHandshake, message(kHelloRequest, "")});
    const auto closes = [](TlsPeer& peer) { peer.wire().half_close(); };
    expect_endings({{"HelloRequest", Side::client, tampers(Side::client, version, tamper, closes),
                     "read SSLEOFError"}});
  }
}

TEST(Flights, OfServersInTls13) {
  const auto encrypted_extensions = [](std::uint16_t type, const Octets& body) {
    return edits(kEncryptedExtensions, replaces_with(Extensions().add(type, body).str()));
  };
  const auto certificate = [](const Octets& body) {
    return edits(kCertificate, replaces_with(body));
  };
  expect_endings({
      of_server("no EncryptedExtensions", kTls13, leaves_out(kEncryptedExtensions),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("EncryptedExtensions cut", kTls13, edits(kEncryptedExtensions, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("empty EncryptedExtensions", kTls13, edits(kEncryptedExtensions, replaces_with("")),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("EncryptedExtensions and an octet", kTls13, edits(kEncryptedExtensions, add_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("EncryptedExtensions of 16 MiB", kTls13,
                instead_of(kEncryptedExtensions,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kHandshake, octets("\x08\xff\xff\xff")});
                           }),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("EncryptedExtensions of 60 KB", kTls13,
                encrypted_extensions(0x7777, Octets(60000, 'x')),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("EncryptedExtensions twice", kTls13, repeats(kEncryptedExtensions),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("ALPN not offered, encrypted", kTls13,
                encrypted_extensions(kAlpn, vector(2, vector(1, "h2"))),
                "handshake SSLError UNSOLICITED_EXTENSION"),
      of_server("key share, encrypted", kTls13,
                encrypted_extensions(kKeyShare, key_share(kX25519, x25519_key())),
                "handshake SSLError BAD_EXTENSION"),
      of_server("early data not asked for", kTls13, encrypted_extensions(kEarlyData, ""),
                "handshake SSLError UNSOLICITED_EXTENSION"),
      of_server("certificate request with garbage", kTls13,
                puts_before(kCertificate, {kHandshake, message(kCertificateRequest, "xxxx")}),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("certificate request without algorithms", kTls13,
                puts_before(kCertificate, {kHandshake, message(kCertificateRequest,
                                                               vector(1, "") + vector(2, ""))}),
                "handshake SSLError MISSING_SIGALGS_EXTENSION"),
      of_server(
          "certificate request with a context", kTls13,
          puts_before(
              kCertificate,
              {kHandshake,
               message(kCertificateRequest,
                       vector(1, "x") +
                           Extensions().add(kSignatureAlgorithms, vector(2, "\x04\x03")).str())}),
          "handshake SSLError BAD_SIGNATURE"),
      of_server("no Certificate", kTls13, leaves_out(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("Certificate without certificate", kTls13,
                certificate(vector(1, "") + vector(3, "")), "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate with a context", kTls13,
                certificate(vector(1, "x") + vector(3, entry("x"))),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate of garbage", kTls13,
                certificate(vector(1, "") + vector(3, entry("garbage"))), "handshake SSLError "),
      of_server("Certificate with an empty entry", kTls13,
                certificate(vector(1, "") + vector(3, entry(""))), "handshake SSLError "),
      of_server("Certificate cut", kTls13, edits(kCertificate, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate and an octet", kTls13, edits(kCertificate, add_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate with a wrong signature", kTls13,
                edits(kCertificate, spoils_signature(1)),
                "handshake SSLCertVerificationError certificate signature failure"),
      of_server("Certificate with an entry's extension not asked for", kTls13,
                edits(kCertificate,
                      [](Octets body) {
                        // The last entry's extensions are its last two octets.
                        const Octets list = body.substr(4, body.size() - 6) +
                                            Extensions().add(kStatusRequest, "x").str();
                        return vector(1, "") + vector(3, list);
                      }),
                "handshake SSLError UNSOLICITED_EXTENSION"),
      of_server("Certificate of 1 MB", kTls13,
                certificate(vector(1, "") + vector(3, entry(Octets(1 << 20, 'x')))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("Certificate of 16 MiB", kTls13,
                instead_of(kCertificate,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kHandshake, octets("\x0b\xff\xff\xff")});
                           }),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("Certificate compressed", kTls13,
                puts_before(kCertificate, {kHandshake, message(25, "xxxx")}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("Certificate twice", kTls13, repeats(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("no CertificateVerify", kTls13, leaves_out(kCertificateVerify),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("CertificateVerify with a wrong signature", kTls13,
                edits(kCertificateVerify, flip_last), "handshake SSLError BAD_SIGNATURE"),
      of_server("CertificateVerify by another algorithm", kTls13,
                edits(kCertificateVerify, changes(1)), "handshake SSLError WRONG_SIGNATURE_TYPE"),
      of_server(
          "CertificateVerify by SHA-1", kTls13,
          edits(kCertificateVerify, [](const Octets& body) { return "\x02\x03" + body.substr(2); }),
          "handshake SSLError WRONG_SIGNATURE_TYPE"),
      of_server("empty CertificateVerify", kTls13, edits(kCertificateVerify, replaces_with("")),
                "handshake SSLError BAD_PACKET"),
      of_server("CertificateVerify of 60 KB", kTls13,
                edits(kCertificateVerify,
                      [](const Octets& body) {
                        return body.substr(0, 2) + vector(2, Octets(60000, 'x'));
                      }),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("no Finished but data", kTls13,
                instead_of(kFinished,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kApplicationData, "data"});
                           }),
                "handshake SSLError UNEXPECTED_RECORD"),
      of_server("Finished with a wrong octet", kTls13, edits(kFinished, flip_first),
                "handshake SSLError DIGEST_CHECK_FAILED"),
      of_server("Finished cut", kTls13, edits(kFinished, cut_one),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_server("Finished and an octet", kTls13, edits(kFinished, add_one),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_server("empty Finished", kTls13, edits(kFinished, replaces_with("")),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_server("Finished before its turn", kTls13,
                puts_before(kCertificate, {kHandshake, message(kFinished, Octets(32, 'x'))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("Finished twice", kTls13, repeats(kFinished),
                "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
      of_server("a message's end behind Finished", kTls13,
                instead_of(kFinished,
                           [](TlsPeer& peer, const Octets& body) {
                             peer.send({kHandshake, message(kFinished, body) + "x"});
                           }),
                "handshake SSLError NOT_ON_RECORD_BOUNDARY"),
      of_server("ticket before Finished", kTls13,
                puts_before(kFinished, {kHandshake, message(kNewSessionTicket, Octets(100, 'x'))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("KeyUpdate before Finished", kTls13,
                puts_before(kFinished, {kHandshake, message(kKeyUpdate, octets("\0"))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("data before Finished", kTls13, puts_before(kFinished, {kApplicationData, "data"}),
                "handshake SSLError UNEXPECTED_RECORD"),
      of_server("message of TLS 1.2", kTls13,
                puts_before(kCertificate, {kHandshake, message(kServerHelloDone, "")}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
  });
}

TEST(Flights, OfClientsInTls13) {
  const auto certificate = [](const Octets& body) {
    return edits(kCertificate, replaces_with(body));
  };
  expect_endings({
      of_client("no Certificate", kTls13, leaves_out(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("Certificate without certificate", kTls13,
                certificate(vector(1, "") + vector(3, "")),
                "handshake SSLError PEER_DID_NOT_RETURN_A_CERTIFICATE"),
      of_client("Certificate with a context", kTls13,
                certificate(vector(1, "x") + vector(3, entry("x"))),
                "handshake SSLError INVALID_CONTEXT"),
      of_client("Certificate of garbage", kTls13,
                certificate(vector(1, "") + vector(3, entry("garbage"))), "handshake SSLError "),
      of_client("Certificate cut", kTls13, edits(kCertificate, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_client("Certificate of 1 MB", kTls13,
                certificate(vector(1, "") + vector(3, entry(Octets(1 << 20, 'x')))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_client("Certificate with a wrong signature", kTls13,
                edits(kCertificate, spoils_signature(1)),
                "handshake SSLCertVerificationError certificate signature failure"),
      of_client("no CertificateVerify", kTls13, leaves_out(kCertificateVerify),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("CertificateVerify with a wrong signature", kTls13,
                edits(kCertificateVerify, flip_last), "handshake SSLError BAD_SIGNATURE"),
      of_client("CertificateVerify by another algorithm", kTls13,
                edits(kCertificateVerify, changes(1)), "handshake SSLError WRONG_SIGNATURE_TYPE"),
      of_client("Finished with a wrong octet", kTls13, edits(kFinished, flip_first),
                "handshake SSLError DIGEST_CHECK_FAILED"),
      of_client("Finished cut", kTls13, edits(kFinished, cut_one),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_client("Finished twice", kTls13, repeats(kFinished),
                "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
      of_client("data before Finished", kTls13, puts_before(kFinished, {kApplicationData, "data"}),
                "handshake SSLError UNEXPECTED_RECORD"),
      of_client("EndOfEarlyData", kTls13,
                puts_before(kFinished, {kHandshake, message(kEndOfEarlyData, "")}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("another ClientHello", kTls13,
                puts_before(kFinished, {kHandshake, message(kClientHello, ClientHello().body())}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("KeyUpdate before Finished", kTls13,
                puts_before(kFinished, {kHandshake, message(kKeyUpdate, octets("\0"))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("message of 16 MiB", kTls13,
                instead_of(kFinished,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kHandshake, octets("\x14\xff\xff\xff")});
                           }),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
  });
}

TEST(Flights, OfServersInTls12) {
  const auto certificate = [](const Octets& body) {
    return edits(kCertificate, replaces_with(body));
  };
  const auto key_exchange = [](const Octets& body) {
    return edits(kServerKeyExchange, replaces_with(body));
  };
  expect_endings({
      of_server("no Certificate, TLS 1.2", kTls12, leaves_out(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("empty Certificate, TLS 1.2", kTls12, certificate(""),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate without certificate, TLS 1.2", kTls12, certificate(vector(3, "")),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate of garbage, TLS 1.2", kTls12,
                certificate(vector(3, vector(3, "garbage"))), "handshake SSLError "),
      of_server("Certificate cut, TLS 1.2", kTls12, edits(kCertificate, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate and an octet, TLS 1.2", kTls12, edits(kCertificate, add_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("Certificate of 1 MB, TLS 1.2", kTls12,
                certificate(vector(3, vector(3, Octets(1 << 20, 'x')))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("Certificate with a wrong signature, TLS 1.2", kTls12,
                edits(kCertificate, spoils_signature(0)),
                "handshake SSLCertVerificationError certificate signature failure"),
      of_server("Certificate twice, TLS 1.2", kTls12, repeats(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("CertificateStatus not asked for", kTls12,
                puts_before(kServerKeyExchange,
                            {kHandshake, message(kCertificateStatus, "\x01" + vector(3, "x"))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("no ServerKeyExchange", kTls12, leaves_out(kServerKeyExchange),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("empty ServerKeyExchange", kTls12, key_exchange(""),
                "handshake SSLError LENGTH_TOO_SHORT"),
      of_server("curve by its equation", kTls12,
                edits(kServerKeyExchange,
                      [](Octets body) {
                        body[0] = 1;
                        return body;
                      }),
                "handshake SSLError WRONG_CURVE"),
      of_server("curve not offered", kTls12, edits(kServerKeyExchange, changes(1)),
                "handshake SSLError WRONG_CURVE"),
      of_server("point with a wrong octet", kTls12, edits(kServerKeyExchange, changes(10)),
                "handshake SSLError BAD_SIGNATURE"),
      of_server("ServerKeyExchange with a wrong signature", kTls12,
                edits(kServerKeyExchange, flip_last), "handshake SSLError BAD_SIGNATURE"),
      of_server("ServerKeyExchange and an octet", kTls12, edits(kServerKeyExchange, add_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("ServerKeyExchange cut", kTls12, edits(kServerKeyExchange, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("ServerKeyExchange of 60 KB", kTls12, key_exchange(Octets(60000, 'x')),
                "handshake SSLError WRONG_CURVE"),
      of_server("ServerKeyExchange of 16 MiB", kTls12,
                instead_of(kServerKeyExchange,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kHandshake, octets("\x0c\xff\xff\xff")});
                           }),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("certificate request with garbage, TLS 1.2", kTls12,
                puts_before(kServerHelloDone, {kHandshake, message(kCertificateRequest, "xxxx")}),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server("ServerHelloDone with content", kTls12, edits(kServerHelloDone, add_one),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("ServerHelloDone before its turn", kTls12,
                puts_before(kServerKeyExchange, {kHandshake, message(kServerHelloDone, "")}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("data in the clear", kTls12,
                puts_before(kServerHelloDone, {kApplicationData, "data"}),
                "handshake SSLError UNEXPECTED_RECORD"),
      of_server("ChangeCipherSpec before its turn", kTls12,
                puts_before(kServerHelloDone, {kChangeCipherSpec, "\x01"}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("Finished before its turn, TLS 1.2", kTls12,
                puts_before(kServerHelloDone, {kHandshake, message(kFinished, Octets(12, 'x'))}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("ticket cut", kTls12, edits(kNewSessionTicket, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_server(
          "ticket of 65535 octets", kTls12,
          edits(kNewSessionTicket, replaces_with(number(300, 4) + vector(2, Octets(65535, 'x')))),
          "handshake SSLError DIGEST_CHECK_FAILED"),
      of_server("ticket of 1 MB", kTls12,
                edits(kNewSessionTicket, replaces_with(Octets(1 << 20, 'x'))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_server("no ticket", kTls12, leaves_out(kNewSessionTicket),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_server("Finished with a wrong octet, TLS 1.2", kTls12, edits(kFinished, flip_first),
                "handshake SSLError DIGEST_CHECK_FAILED"),
      of_server("Finished cut, TLS 1.2", kTls12, edits(kFinished, cut_one),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_server("no Finished but data, TLS 1.2", kTls12,
                instead_of(kFinished,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kApplicationData, "data"});
                           }),
                "handshake SSLError DATA_BETWEEN_CCS_AND_FINISHED"),
      of_server(
          "Finished in the clear", kTls12,
          [](TlsPeer& peer, const Plain& plain) {
            if (plain.type != kChangeCipherSpec) pass(peer, plain);
          },
          "handshake SSLError UNEXPECTED_MESSAGE"),
  });
}

TEST(Flights, OfClientsInTls12) {
  const auto certificate = [](const Octets& body) {
    return edits(kCertificate, replaces_with(body));
  };
  expect_endings({
      of_client("no Certificate, TLS 1.2", kTls12, leaves_out(kCertificate),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("Certificate without certificate, TLS 1.2", kTls12, certificate(vector(3, "")),
                "handshake SSLError PEER_DID_NOT_RETURN_A_CERTIFICATE"),
      of_client("Certificate of garbage, TLS 1.2", kTls12,
                certificate(vector(3, vector(3, "garbage"))), "handshake SSLError "),
      of_client("Certificate of 1 MB, TLS 1.2", kTls12,
                certificate(vector(3, vector(3, Octets(1 << 20, 'x')))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_client("no ClientKeyExchange", kTls12, leaves_out(kClientKeyExchange),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("empty ClientKeyExchange", kTls12, edits(kClientKeyExchange, replaces_with("")),
                "handshake SSLError MISSING_TMP_ECDH_KEY"),
      of_client("ClientKeyExchange with an empty point", kTls12,
                edits(kClientKeyExchange, replaces_with(vector(1, ""))),
                "handshake SSLError BAD_KEY_SHARE"),
      of_client("ClientKeyExchange with a wrong octet", kTls12,
                edits(kClientKeyExchange, flip_last), "handshake SSLError BAD_SIGNATURE"),
      of_client("ClientKeyExchange and an octet", kTls12, edits(kClientKeyExchange, add_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_client("ClientKeyExchange cut", kTls12, edits(kClientKeyExchange, cut_one),
                "handshake SSLError LENGTH_MISMATCH"),
      of_client("ClientKeyExchange of 60 KB", kTls12,
                edits(kClientKeyExchange, replaces_with(Octets(60000, 'x'))),
                "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      of_client("no CertificateVerify, TLS 1.2", kTls12, leaves_out(kCertificateVerify),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client("CertificateVerify with a wrong signature, TLS 1.2", kTls12,
                edits(kCertificateVerify, flip_last), "handshake SSLError BAD_SIGNATURE"),
      of_client("Finished with a wrong octet, TLS 1.2", kTls12, edits(kFinished, flip_first),
                "handshake SSLError DIGEST_CHECK_FAILED"),
      of_client("Finished cut, TLS 1.2", kTls12, edits(kFinished, cut_one),
                "handshake SSLError BAD_DIGEST_LENGTH"),
      of_client("no Finished but data, TLS 1.2", kTls12,
                instead_of(kFinished,
                           [](TlsPeer& peer, const Octets&) {
                             peer.send({kApplicationData, "data"});
                           }),
                "handshake SSLError DATA_BETWEEN_CCS_AND_FINISHED"),
      of_client("NextProto", kTls12, puts_before(kFinished, {kHandshake, message(67, "x")}),
                "handshake SSLError UNEXPECTED_MESSAGE"),
      of_client(
          "no ChangeCipherSpec", kTls12,
          [](TlsPeer& peer, const Plain& plain) {
            if (plain.type != kChangeCipherSpec) pass(peer, plain);
          },
          "handshake SSLError UNEXPECTED_MESSAGE"),
  });
}

}  // namespace
}  // namespace peercert::hostile
