// SPDX-License-Identifier: Apache-2.0
// The protocols that talk in packets of octets.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <peercert/der/reader.hpp>

#include "scan/start_tls_conversation.hpp"

namespace peercert::scan::conversation {
namespace {

using asio::awaitable;
using namespace std::literals;

Bytes octets_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::size_t octet(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

/// An unsigned number of some octets; the caller has seen to it that they are there.
std::size_t little_endian(std::string_view text, std::size_t at, std::size_t len) noexcept {
  std::size_t value = 0;
  for (std::size_t i = len; i-- > 0;) value = value << 8 | octet(text, at + i);
  return value;
}

std::size_t big_endian(std::string_view text, std::size_t at, std::size_t len) noexcept {
  std::size_t value = 0;
  for (std::size_t i = 0; i < len; ++i) value = value << 8 | octet(text, at + i);
  return value;
}

// RFC 4511: an LDAPMessage, 4.1.1, with the ExtendedRequest of 4.14.1 in it.
//   LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp CHOICE { ... }, controls [0] OPTIONAL
//   } ExtendedRequest ::= [APPLICATION 23] SEQUENCE { requestName [0] LDAPOID, ... }
constexpr std::string_view kStartTlsRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037";
constexpr std::uint8_t kMessageId = 1;
constexpr der::Tag kExtendedResponse = 0x78;
constexpr std::uint8_t kSuccess = 0;

struct LdapAnswer {
  bool is_success = false;
  std::string diagnostic_message{};
};

// ExtendedResponse ::= [APPLICATION 24] SEQUENCE {
//      resultCode         ENUMERATED { success (0), ... },
//      matchedDN          LDAPDN,
//      diagnosticMessage  LDAPString,
//      referral           [3] Referral OPTIONAL,
//      responseName       [10] LDAPOID OPTIONAL,
//      responseValue      [11] OCTET STRING OPTIONAL }
bool read_extended_response(std::string_view message, LdapAnswer& out) noexcept {
  der::Progress progress{.origin = octets_of(message).data()};
  der::Reader frame(octets_of(message), progress);
  der::Reader ldap_message = frame.enter(der::kSequence);
  const Bytes message_id = ldap_message.read_integer();
  der::Reader response = ldap_message.enter(kExtendedResponse);
  const Bytes result_code = response.read(der::kEnumerated).content();
  response.read(der::kOctetString);
  const Bytes text = response.read(der::kOctetString).content();
  if (progress.failed()) return false;
  const auto is = [](Bytes number, std::uint8_t value) {
    return number.size() == 1 && number[0] == value;
  };
  out.is_success = is(message_id, kMessageId) && is(result_code, kSuccess);
  out.diagnostic_message.assign(text.begin(), text.end());
  return true;
}

/// A whole LDAPMessage. Its length is definite, in the short or the long form. RFC 4511, 5.1.
awaitable<std::string> read_ldap_message(PlainStream& stream) {
  constexpr std::size_t kMaxLengthOctets = 4;
  std::string message = co_await stream.read_exactly(2);
  if (octet(message, 0) != der::kSequence) refuse("an LDAP message", message);
  std::size_t len = octet(message, 1);
  if (len >= 0x80) {
    const std::size_t num_octets = len & 0x7f;
    if (num_octets == 0 || num_octets > kMaxLengthOctets) refuse("an LDAP message", message);
    const std::string octets = co_await stream.read_exactly(num_octets);
    message += octets;
    len = big_endian(octets, 0, num_octets);
  }
  const std::string content = co_await stream.read_exactly(len);
  co_return message + content;
}

}  // namespace

awaitable<void> ldap(PlainStream& stream) {
  co_await stream.write(std::string(kStartTlsRequest));
  const std::string message = co_await read_ldap_message(stream);
  LdapAnswer answer;
  if (!read_extended_response(message, answer)) refuse("an LDAP response", message);
  if (!answer.is_success) refuse("success", answer.diagnostic_message);
}

// PostgreSQL, "Frontend/Backend Protocol", SSL Session Encryption.
//   C: SSLRequest: Int32(8) Int32(80877103)
//   S: 'S', or 'N' if it does not speak TLS, or 'E' with an error
awaitable<void> postgres(PlainStream& stream) {
  co_await stream.write("\0\0\0\x08\x04\xd2\x16\x2f"s);
  const std::string answer = co_await stream.read_exactly(1);
  if (answer == "N") {
    throw PlainStreamError(ErrorClass::start_tls, "the server does not offer TLS");
  }
  if (answer != "S") refuse("S", answer);
}

namespace {

// MySQL's "Protocol::Capability Flags".
constexpr std::size_t kClientProtocol41 = 0x0200;
constexpr std::size_t kClientSsl = 0x0800;
constexpr std::size_t kClientSecureConnection = 0x8000;
constexpr std::size_t kProtocolVersion = 10;
constexpr std::size_t kErrPacket = 0xff;

/// The lower half of the server's capabilities, in Protocol::HandshakeV10:
///   Int<1> protocol version (10), String<NUL> server version, Int<4> thread id,
///   String[8] authentication data, Int<1> 0, Int<2> capability flags, ...
std::size_t capabilities_of(std::string_view handshake) {
  const std::size_t version_end = handshake.find('\0', 1);
  constexpr std::size_t kBetween = 1 + 4 + 8 + 1;
  const bool is_whole = octet(handshake, 0) == kProtocolVersion &&
                        version_end != std::string_view::npos &&
                        handshake.size() >= version_end + kBetween + 2;
  if (!is_whole) refuse("a handshake of MySQL", handshake);
  return little_endian(handshake, version_end + kBetween, 2);
}

/// Protocol::SSLRequest: Int<4> capability flags, Int<4> longest packet, Int<1> character set, 23
/// zeros; as a packet it has a header, Int<3> length and Int<1> sequence number.
std::string ssl_request() {
  constexpr std::size_t kCapabilities = kClientProtocol41 | kClientSsl | kClientSecureConnection;
  std::string packet = "\x20\0\0\x01"s;
  packet += {static_cast<char>(kCapabilities & 0xff), static_cast<char>(kCapabilities >> 8), 0, 0};
  packet += "\0\0\0\x01\x21"s;  // 16 MB, utf8
  return packet + std::string(23, '\0');
}

}  // namespace

//   S: Protocol::HandshakeV10
//   C: Protocol::SSLRequest
awaitable<void> mysql(PlainStream& stream) {
  const std::string header = co_await stream.read_exactly(4);
  const std::size_t len = little_endian(header, 0, 3);
  if (len == 0) refuse("a handshake of MySQL", header);
  const std::string handshake = co_await stream.read_exactly(len);
  if (octet(handshake, 0) == kErrPacket) {
    // Int<1> 0xff, Int<2> number, the sentence
    refuse("a handshake of MySQL", handshake.substr(std::min<std::size_t>(len, 3)));
  }
  if ((capabilities_of(handshake) & kClientSsl) == 0) {
    throw PlainStreamError(ErrorClass::start_tls, "the server does not offer TLS");
  }
  stream.expect_silence();  // the server has no go-ahead to send behind which it could be checked
  co_await stream.write(ssl_request());
}

namespace {

// [MS-RDPBCGR] 2.2.1.1: a TPKT header (RFC 1006), an X.224 Connection Request, and RDP_NEG_REQ for
// PROTOCOL_SSL and PROTOCOL_HYBRID, which begin with the same handshake; servers that insist on the
// second one refuse who asks for the first one alone.
constexpr std::string_view kConnectionRequest =
    "\x03\0\0\x13"
    "\x0e\xe0\0\0\0\0\0"
    "\x01\0\x08\0\x03\0\0\0"sv;
constexpr std::size_t kTpktLen = 4;
constexpr std::size_t kTpktVersion = 3;
constexpr std::size_t kConnectionConfirm = 0xd0;
constexpr std::size_t kConfirmLen = 7;      // length, code, two references, class
constexpr std::size_t kNegotiationLen = 8;  // type, flags, length, protocol or failure
constexpr std::size_t kNegotiationResponse = 2;
constexpr std::size_t kNegotiationFailure = 3;
constexpr std::size_t kProtocolSsl = 1;
constexpr std::size_t kProtocolHybrid = 2;

/// What the server chose, in X.224's Connection Confirm and RDP_NEG_RSP behind it, 2.2.1.2.
void check_rdp_answer(std::string_view answer) {
  const bool confirms = answer.size() >= kConfirmLen && octet(answer, 0) == answer.size() - 1 &&
                        (octet(answer, 1) & 0xf0) == kConnectionConfirm;
  if (!confirms) refuse("a connection confirm of RDP", answer);
  const std::string_view negotiation = answer.substr(kConfirmLen);
  if (negotiation.empty()) {
    throw PlainStreamError(ErrorClass::start_tls, "the server does not offer TLS");
  }
  if (negotiation.size() != kNegotiationLen) refuse("a negotiation of RDP", answer);
  const std::size_t value = little_endian(negotiation, 4, 4);
  if (octet(negotiation, 0) == kNegotiationFailure) {
    throw PlainStreamError(ErrorClass::start_tls,
                           "the server refuses TLS, failureCode " + std::to_string(value));
  }
  const bool chosen = value == kProtocolSsl || value == kProtocolHybrid;
  if (octet(negotiation, 0) != kNegotiationResponse || !chosen) refuse("TLS", answer);
}

}  // namespace

//   C: X.224 Connection Request, RDP_NEG_REQ
//   S: X.224 Connection Confirm, RDP_NEG_RSP
awaitable<void> rdp(PlainStream& stream) {
  co_await stream.write(std::string(kConnectionRequest));
  const std::string tpkt = co_await stream.read_exactly(kTpktLen);
  const std::size_t len = big_endian(tpkt, 2, 2);
  if (octet(tpkt, 0) != kTpktVersion || len < kTpktLen) refuse("an answer of RDP", tpkt);
  const std::string answer = co_await stream.read_exactly(len - kTpktLen);
  check_rdp_answer(answer);
}

}  // namespace peercert::scan::conversation
