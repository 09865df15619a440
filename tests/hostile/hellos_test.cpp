// SPDX-License-Identifier: Apache-2.0
// Peers whose hello is a record as it should be, and wrong inside. RFC 8446, 4.1 and 4.2. They say
// nothing more: what ends with SSLEOFError is something that OpenSSL has nothing against.
#include <gtest/gtest.h>

#include "hostile/trial.hpp"

namespace peercert::hostile {
namespace {

/// Edits a good hello.
template <class Hello>
using Edit = std::function<void(Hello&)>;

Case client_case(std::string name, const Edit<ClientHello>& edit, const char* ending) {
  ClientHello hello;
  edit(hello);
  return {std::move(name), Side::server, says_and_closes(Side::server, hello.str()),
          std::string("handshake ") + ending};
}

/// A ServerHello has to repeat the session ID of the ClientHello, unless that is what is wrong.
std::function<void(Wire&)> answers(ServerHello hello, const Edit<ServerHello>& edit) {
  return [=](Wire& wire) mutable {
    hello.session_id = session_id_of(wire.receive_record());
    edit(hello);
    wire.send(hello.str());
    wire.half_close();
    wire.drain();
  };
}

Case server_case(std::string name, const Edit<ServerHello>& edit, const char* ending,
                 const ServerHello& hello = {}) {
  return {std::move(name), Side::client, answers(hello, edit), std::string("handshake ") + ending};
}
Case server_case12(std::string name, const Edit<ServerHello>& edit, const char* ending) {
  return server_case(std::move(name), edit, ending, ServerHello::tls12());
}

template <class Hello>
Edit<Hello> sets(std::uint16_t type, Octets body) {
  return [=](Hello& hello) { hello.extensions.set(type, body); };
}
template <class Hello>
Edit<Hello> adds(std::uint16_t type, Octets body) {
  return [=](Hello& hello) { hello.extensions.add(type, body); };
}
template <class Hello>
Edit<Hello> removes(std::uint16_t type) {
  return [=](Hello& hello) { hello.extensions.remove(type); };
}

constexpr auto client_adds = adds<ClientHello>;
constexpr auto server_sets = sets<ServerHello>;
constexpr auto server_adds = adds<ServerHello>;

/// Random values that mean something else: RFC 8446, 4.1.3.
const Octets kHelloRetryRequest = octets(
    "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
    "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c");
const Octets kDowngraded = Octets(24, 'R') + octets("DOWNGRD\x01");

/// server_name of RFC 6066, 3.
Octets server_name(std::string_view name, int type = 0) {
  return vector(2, number(static_cast<std::uint64_t>(type), 1) + vector(2, name));
}

// They are good but for having no one behind them.
TEST(Hellos, GoodOnesAreAnswered) {
  expect_endings({
      client_case(
          "nothing wrong", [](auto&) {}, "SSLEOFError"),
      server_case(
          "nothing wrong", [](auto&) {}, "SSLEOFError"),
      server_case12(
          "nothing wrong, TLS 1.2", [](auto&) {}, "SSLEOFError"),
  });
}

TEST(Hellos, CutAnywhere) {
  const std::string of_server =
      "handshake SSLError LENGTH_MISMATCH|handshake SSLError LENGTH_TOO_SHORT";
  const std::string of_client =
      "handshake SSLError LENGTH_MISMATCH|handshake SSLError BAD_LENGTH|"
      "handshake SSLError UNSAFE_LEGACY_RENEGOTIATION_DISABLED";  // cut before the extensions
  std::vector<Case> cases;
  const auto add_cuts = [&](Side ours, std::uint8_t type, const Octets& body,
                            const std::string& ending) {
    for (std::size_t len = 0; len < body.size(); ++len) {
      // A ClientHello may end before the extensions, as in SSL 3.0.
      const bool whole = len == ClientHello().body_without_extensions().size();
      if (type == kClientHello && whole) continue;
      cases.push_back({"cut after " + std::to_string(len), ours,
                       says_and_closes(ours, handshake_record(type, body.substr(0, len))), ending});
    }
  };
  add_cuts(Side::server, kClientHello, ClientHello().body(), of_server);
  add_cuts(Side::client, kServerHello, ServerHello::tls12().body(), of_client);
  expect_endings(cases);
}

TEST(Hellos, OfClients) {
  using Hello = ClientHello;
  expect_endings({
      client_case(
          "SSL 2", [](Hello& h) { h.version = 2; }, "SSLError BAD_LEGACY_VERSION"),
      client_case(
          "SSL 3, no other",
          [](Hello& h) {
            h.version = 0x0300;
            h.extensions.remove(kSupportedVersions);
          },
          "SSLError VERSION_TOO_LOW"),
      client_case(
          "TLS 1.1, no other",
          [](Hello& h) {
            h.version = 0x0302;
            h.extensions.remove(kSupportedVersions);
          },
          "SSLError UNSUPPORTED_PROTOCOL"),
      client_case(
          "session ID of 33 octets", [](Hello& h) { h.session_id.assign(33, 'x'); },
          "SSLError LENGTH_MISMATCH"),
      client_case(
          "session ID of 255 octets", [](Hello& h) { h.session_id.assign(255, 'x'); },
          "SSLError LENGTH_MISMATCH"),
      client_case(
          "no cipher", [](Hello& h) { h.ciphers.clear(); }, "SSLError NO_CIPHERS_SPECIFIED"),
      client_case(
          "half a cipher", [](Hello& h) { h.ciphers += '\x13'; },
          "SSLError ERROR_IN_RECEIVED_CIPHER_LIST"),
      client_case(
          "unknown ciphers", [](Hello& h) { h.ciphers = repeat("\x77\x77", 1000); },
          "SSLError NO_SHARED_CIPHER"),
      client_case(
          "fallback",
          [](Hello& h) {
            h.ciphers += octets("\x56\0");
            h.extensions.remove(kSupportedVersions);
          },
          "SSLError INAPPROPRIATE_FALLBACK"),
      client_case(
          "no compression method", [](Hello& h) { h.compression_methods.clear(); },
          "SSLError NO_COMPRESSION_SPECIFIED"),
      client_case(
          "only compressed", [](Hello& h) { h.compression_methods = "\x01"; },
          "SSLError NO_COMPRESSION_SPECIFIED"),
      client_case(
          "two compression methods in TLS 1.3",
          [](Hello& h) { h.compression_methods = octets("\x01\0"); },
          "SSLError INVALID_COMPRESSION_ALGORITHM"),
      client_case(
          "no extensions at all", [](Hello& h) { h.extensions = {}; }, "SSLError NO_SHARED_CIPHER"),
      client_case(
          "60 KB of unknown extensions",
          [](Hello& h) {
            for (std::uint16_t type = 0x7000; type < 0x7000 + 60; ++type) {
              h.extensions.add(type, Octets(1 << 10, 'x'));
            }
          },
          "SSLEOFError"),
      client_case(
          "4000 extensions",
          [](Hello& h) {
            for (std::uint16_t type = 0x3000; type < 0x3000 + 4000; ++type)
              h.extensions.add(type, "");
          },
          "SSLEOFError"),
      client_case("an extension twice", client_adds(kSupportedGroups, octets("\0\2\0\x1d")),
                  "SSLError BAD_EXTENSION"),
      client_case(
          "an unknown extension twice",
          [](Hello& h) { h.extensions.add(0x7777, "").add(0x7777, ""); }, "SSLEOFError"),
  });
}

struct ExtensionRow {
  const char* name;
  std::uint16_t type;
  Octets body;
  const char* ending;
};

const Octets kUnknownPsk =
    vector(2, vector(2, "id") + number(0, 4)) + vector(2, vector(1, Octets(32, 'x')));

const std::vector<ExtensionRow> kExtensionsOfClients = {
    {"no version", kSupportedVersions, vector(1, ""), "SSLError UNSUPPORTED_PROTOCOL"},
    {"half a version", kSupportedVersions, vector(1, "\x03"), "SSLError LENGTH_MISMATCH"},
    {"versions of the future", kSupportedVersions, vector(1, "\x03\x05\x7f\x1c"),
     "SSLError UNSUPPORTED_PROTOCOL"},
    {"only TLS 1.0", kSupportedVersions, vector(1, "\x03\x01"), "SSLError UNSUPPORTED_PROTOCOL"},
    {"no group", kSupportedGroups, vector(2, ""), "SSLError BAD_EXTENSION"},
    {"half a group", kSupportedGroups, vector(2, "x"), "SSLError BAD_EXTENSION"},
    {"unknown groups", kSupportedGroups, vector(2, repeat("\x77\x77", 9000)),
     "SSLError BAD_KEY_SHARE"},
    {"no signature algorithm", kSignatureAlgorithms, vector(2, ""), "SSLError BAD_EXTENSION"},
    {"half a signature algorithm", kSignatureAlgorithms, vector(2, "x"), "SSLError BAD_EXTENSION"},
    {"unknown signature algorithms", kSignatureAlgorithms, vector(2, "\x77\x77"),
     "SSLError NO_SHARED_SIGNATURE_ALGORITHMS"},
    {"no key share", kKeyShare, vector(2, ""), "SSLEOFError"},
    {"key share cut", kKeyShare, vector(2, octets("\0\x1d\0\x20x")), "SSLError LENGTH_MISMATCH"},
    {"empty key", kKeyShare, vector(2, key_share(kX25519, "")), "SSLError LENGTH_MISMATCH"},
    {"key of 31 octets", kKeyShare, vector(2, key_share(kX25519, Octets(31, 'x'))),
     "SSLError BAD_ECPOINT"},
    {"key of zeros", kKeyShare, vector(2, key_share(kX25519, Octets(32, '\0'))),
     "SSLError BAD_KEY_SHARE"},
    {"point not on the curve", kKeyShare, vector(2, key_share(kP256, "\x04" + Octets(64, 'x'))),
     "SSLError BAD_ECPOINT"},
    {"point at infinity", kKeyShare, vector(2, key_share(kP256, octets("\0"))),
     "SSLError BAD_ECPOINT"},
    {"key of a group not offered", kKeyShare, vector(2, key_share(30, Octets(56, 'x'))),
     "SSLError BAD_KEY_SHARE"},
    {"a group's key twice", kKeyShare, vector(2, repeat(key_share(kX25519, x25519_key()), 2)),
     "SSLEOFError"},
    {"1000 keys of unknown groups", kKeyShare, vector(2, repeat(key_share(0x7777, "xxxx"), 1000)),
     "SSLError BAD_KEY_SHARE"},
    {"server name with NUL", kServerName, server_name(octets("localhost\0.example")),
     "SSLError BAD_EXTENSION"},
    {"empty server name", kServerName, server_name(""), "SSLEOFError"},
    {"server name of 256 octets", kServerName, server_name(Octets(256, 'a')),
     "SSLError BAD_EXTENSION"},
    {"two server names", kServerName, vector(2, repeat(number(0, 1) + vector(2, "a"), 2)),
     "SSLError BAD_EXTENSION"},
    {"server name of another type", kServerName, server_name("a", 1), "SSLError BAD_EXTENSION"},
    {"empty list of ALPN", kAlpn, vector(2, ""), "SSLError BAD_EXTENSION"},
    {"empty name in ALPN", kAlpn, vector(2, octets("\0")), "SSLError BAD_EXTENSION"},
    {"ALPN cut", kAlpn, vector(2, "\x09h2"), "SSLError BAD_EXTENSION"},
    {"status request cut", kStatusRequest, octets("\1\0"), "SSLError BAD_EXTENSION"},
    {"unwanted cookie", kCookie, vector(2, "cookie"), "SSLEOFError"},
    {"early data", kEarlyData, "", "SSLEOFError"},
    {"early data with content", kEarlyData, "x", "SSLError BAD_EXTENSION"},
    {"PSK without its modes", kPreSharedKey, kUnknownPsk,
     "SSLError MISSING_PSK_KEX_MODES_EXTENSION"},
    {"no PSK mode", kPskKeyExchangeModes, vector(1, ""), "SSLError BAD_EXTENSION"},
    {"renegotiation of no connection", kRenegotiationInfo, vector(1, "xxxxxxxxxxxx"),
     "SSLEOFError"},
};

TEST(Hellos, ExtensionsOfClients) {
  std::vector<Case> cases;
  for (const auto& [name, type, body, ending] : kExtensionsOfClients) {
    cases.push_back(client_case(name, sets<ClientHello>(type, body), ending));
  }
  expect_endings(cases);
}

TEST(Hellos, OfClientsThatWouldResume) {
  const auto psk = [](Octets identities, bool last = true) {
    return [=](ClientHello& hello) {
      hello.extensions.add(kPskKeyExchangeModes, vector(1, "\x01")).add(kPreSharedKey, identities);
      if (!last) hello.extensions.add(0x7777, "");
    };
  };
  const Octets without_binder = vector(2, vector(2, "id") + number(0, 4)) + vector(2, "");
  expect_endings({
      client_case("PSK before another extension", psk(kUnknownPsk, false),
                  "SSLError BAD_EXTENSION"),
      client_case("unknown PSK", psk(kUnknownPsk), "SSLEOFError"),
      client_case("PSK without binder", psk(without_binder), "SSLEOFError"),
  });
}

TEST(Hellos, OfClientsThatLackExtensions) {
  const auto lacks = removes<ClientHello>;
  const auto in_tls12 = [](std::uint16_t type, Octets body) {
    return [=](ClientHello& hello) { hello.extensions.remove(kSupportedVersions).add(type, body); };
  };
  expect_endings({
      client_case("signature algorithms absent", lacks(kSignatureAlgorithms),
                  "SSLError MISSING_SIGALGS_EXTENSION"),
      client_case("groups absent", lacks(kSupportedGroups),
                  "SSLError MISSING_SUPPORTED_GROUPS_EXTENSION"),
      client_case("key share absent", lacks(kKeyShare), "SSLError NO_SUITABLE_KEY_SHARE"),
      client_case("extended master secret with content", in_tls12(kExtendedMasterSecret, "x"),
                  "SSLError BAD_EXTENSION"),
      // Until 3.0.20 OpenSSL does not choose such a cipher; later it does.
      client_case("point formats without uncompressed",
                  in_tls12(kEcPointFormats, vector(1, "\x01")),
                  "SSLEOFError|handshake SSLError NO_SHARED_CIPHER"),
  });
}

TEST(Hellos, OfServersInTls13) {
  using Hello = ServerHello;
  const auto retry = [](std::uint16_t group) {
    return [group](Hello& h) {
      h.random = kHelloRetryRequest;
      h.extensions.set(kKeyShare, number(group, 2));
    };
  };
  expect_endings({
      server_case("version 1.5", server_sets(kSupportedVersions, "\x03\x05"),
                  "SSLError BAD_PROTOCOL_VERSION_NUMBER"),
      server_case("version 1.2 as an extension", server_sets(kSupportedVersions, "\x03\x03"),
                  "SSLError BAD_PROTOCOL_VERSION_NUMBER"),
      server_case("version with an octet more", server_sets(kSupportedVersions, "\x03\x04x"),
                  "SSLError LENGTH_MISMATCH"),
      server_case(
          "old version not 1.2", [](Hello& h) { h.version = kTls13; }, "SSLEOFError"),
      server_case(
          "another session ID", [](Hello& h) { h.session_id.assign(32, 'x'); },
          "SSLError INVALID_SESSION_ID"),
      server_case(
          "no session ID", [](Hello& h) { h.session_id.clear(); }, "SSLError INVALID_SESSION_ID"),
      server_case(
          "session ID of 33 octets", [](Hello& h) { h.session_id.assign(33, 'x'); },
          "SSLError SSL3_SESSION_ID_TOO_LONG"),
      server_case(
          "unknown cipher", [](Hello& h) { h.cipher = "\x13\x77"; },
          "SSLError UNKNOWN_CIPHER_RETURNED"),
      server_case(
          "cipher not offered", [](Hello& h) { h.cipher = "\x13\x05"; },
          "SSLError WRONG_CIPHER_RETURNED"),
      server_case(
          "cipher of TLS 1.2", [](Hello& h) { h.cipher = "\xc0\x2b"; },
          "SSLError WRONG_CIPHER_RETURNED"),
      server_case(
          "no cipher", [](Hello& h) { h.cipher = octets("\0\0"); },
          "SSLError UNKNOWN_CIPHER_RETURNED"),
      server_case(
          "compressed", [](Hello& h) { h.compression_method = 1; },
          "SSLError INVALID_COMPRESSION_ALGORITHM"),
      server_case("no key share", removes<Hello>(kKeyShare), "SSLError NO_SUITABLE_KEY_SHARE"),
      server_case("empty key share", server_sets(kKeyShare, ""), "SSLError LENGTH_MISMATCH"),
      server_case("key of a group not offered", server_sets(kKeyShare, key_share(0x7777, "x")),
                  "SSLError BAD_KEY_SHARE"),
      server_case("key of a group with no key of ours",
                  server_sets(kKeyShare, key_share(kP256, "\x04" + Octets(64, 'x'))),
                  "SSLError BAD_KEY_SHARE"),
      server_case("empty key", server_sets(kKeyShare, key_share(kX25519, "")),
                  "SSLError LENGTH_MISMATCH"),
      server_case("key of 31 octets", server_sets(kKeyShare, key_share(kX25519, Octets(31, 'x'))),
                  "SSLError BAD_ECPOINT"),
      server_case("key of zeros", server_sets(kKeyShare, key_share(kX25519, Octets(32, '\0'))),
                  "SSLError BAD_KEY_SHARE"),
      server_case("key share with an octet more",
                  server_sets(kKeyShare, key_share(kX25519, x25519_key()) + "x"),
                  "SSLError LENGTH_MISMATCH"),
      server_case("an extension twice", server_adds(kKeyShare, key_share(kX25519, x25519_key())),
                  "SSLError BAD_EXTENSION"),
      server_case("an extension not asked for", server_adds(kCookie, vector(2, "x")),
                  "SSLError BAD_EXTENSION"),
      server_case("an unknown extension", server_adds(0x7777, ""), "SSLEOFError"),
      server_case("PSK not offered", server_adds(kPreSharedKey, number(0, 2)),
                  "SSLError UNSOLICITED_EXTENSION"),
      server_case("ALPN in the clear", server_adds(kAlpn, vector(2, vector(1, "h2"))),
                  "SSLError UNSOLICITED_EXTENSION"),
      server_case(
          "retry without a change",
          [](Hello& h) {
            h.random = kHelloRetryRequest;
            h.extensions.remove(kKeyShare);
          },
          "SSLError NO_CHANGE_FOLLOWING_HRR"),
      server_case("retry with the same group", retry(kX25519), "SSLError BAD_KEY_SHARE"),
      server_case("retry with an unknown group", retry(0x7777), "SSLError BAD_KEY_SHARE"),
      server_case("retry and silence", retry(kP256), "SSLEOFError"),
      server_case(
          "retry with an empty cookie",
          [](Hello& h) {
            h.random = kHelloRetryRequest;
            h.extensions.remove(kKeyShare).add(kCookie, vector(2, ""));
          },
          "SSLError NO_CHANGE_FOLLOWING_HRR"),
      server_case(
          "retry with a cookie of 60 KB and silence",
          [](Hello& h) {
            h.random = kHelloRetryRequest;
            h.extensions.remove(kKeyShare).add(kCookie, vector(2, Octets(60000, 'x')));
          },
          "SSLEOFError"),
      {"a retry after the other", Side::client,
       [](Wire& wire) {
         ServerHello hello;
         hello.session_id = session_id_of(wire.receive_record());
         hello.random = kHelloRetryRequest;
         hello.extensions.set(kKeyShare, number(kP256, 2));
         wire.send(hello.str());
         hello.extensions.set(kKeyShare, number(kX25519, 2));
         wire.send(hello.str());
         wire.drain();
       },
       "handshake SSLError UNEXPECTED_MESSAGE"},
  });
}

TEST(Hellos, OfServersInTls12) {
  using Hello = ServerHello;
  expect_endings({
      server_case12(
          "SSL 2", [](Hello& h) { h.version = 2; }, "SSLError UNSUPPORTED_PROTOCOL"),
      server_case12(
          "SSL 3", [](Hello& h) { h.version = 0x0300; }, "SSLError UNSUPPORTED_PROTOCOL"),
      server_case12(
          "TLS 1.1", [](Hello& h) { h.version = 0x0302; }, "SSLError UNSUPPORTED_PROTOCOL"),
      server_case12(
          "TLS 1.3 the old way", [](Hello& h) { h.version = kTls13; }, "SSLError BAD_EXTENSION"),
      server_case12(
          "downgraded from TLS 1.3", [](Hello& h) { h.random = kDowngraded; },
          "SSLError INAPPROPRIATE_FALLBACK"),
      server_case12("no safe renegotiation", removes<Hello>(kRenegotiationInfo),
                    "SSLError UNSAFE_LEGACY_RENEGOTIATION_DISABLED"),
      server_case12("renegotiation of no connection",
                    server_sets(kRenegotiationInfo, vector(1, "xxxxxxxxxxxx")),
                    "SSLError RENEGOTIATION_MISMATCH"),
      server_case12(
          "cipher of TLS 1.3", [](Hello& h) { h.cipher = "\x13\x01"; },
          "SSLError WRONG_CIPHER_RETURNED"),
      server_case12(
          "anonymous cipher", [](Hello& h) { h.cipher = "\xc0\x18"; },
          "SSLError WRONG_CIPHER_RETURNED"),
      server_case12(
          "NULL cipher", [](Hello& h) { h.cipher = "\xc0\x06"; }, "SSLError WRONG_CIPHER_RETURNED"),
      server_case12(
          "RC4", [](Hello& h) { h.cipher = octets("\0\x05"); }, "SSLError UNKNOWN_CIPHER_RETURNED"),
      server_case12(
          "RSA key exchange", [](Hello& h) { h.cipher = octets("\0\x9c"); },
          "SSLError WRONG_CIPHER_RETURNED"),
      server_case12(
          "compressed", [](Hello& h) { h.compression_method = 1; },
          "SSLError COMPRESSION_DISABLED"),
      server_case12("ALPN not offered", server_adds(kAlpn, vector(2, vector(1, "h2"))),
                    "SSLError UNSOLICITED_EXTENSION"),
      server_case12("stapling not asked for", server_adds(kStatusRequest, ""),
                    "SSLError UNSOLICITED_EXTENSION"),
      server_case12("extension of TLS 1.3",
                    server_adds(kKeyShare, key_share(kX25519, x25519_key())),
                    "SSLError BAD_EXTENSION"),
      server_case12("point formats without uncompressed",
                    server_adds(kEcPointFormats, vector(1, "\x01")), "SSLEOFError"),
      server_case12("groups from the server",
                    server_adds(kSupportedGroups, vector(2, number(kX25519, 2))), "SSLEOFError"),
      server_case12("encrypt-then-MAC with content", server_adds(22, "x"), "SSLEOFError"),
  });
}

}  // namespace
}  // namespace peercert::hostile
