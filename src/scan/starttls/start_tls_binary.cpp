// SPDX-License-Identifier: Apache-2.0
// The protocols that talk in packets of bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <peercert/der/reader.hpp>

#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::scan::dialogue {
namespace {

using Dialogue = StartTlsDialogue;
using Packet = std::string_view;
using namespace std::literals;

Bytes bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t byte(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

/// An unsigned number of some bytes; the caller has seen to it that they are there.
std::size_t little_endian(std::string_view text, std::size_t at, std::size_t len) noexcept {
  std::size_t value = 0;
  for (std::size_t i = len; i-- > 0;) value = value << 8 | byte(text, at + i);
  return value;
}

std::size_t big_endian(std::string_view text, std::size_t at, std::size_t len) noexcept {
  std::size_t value = 0;
  for (std::size_t i = 0; i < len; ++i) value = value << 8 | byte(text, at + i);
  return value;
}

void refuse_without_tls(Dialogue& dialogue) { dialogue.give_up("the server does not offer TLS"); }

// RFC 4511: an LDAPMessage, 4.1.1, with the ExtendedRequest of 4.14.1 in it.
//   LDAPMessage ::= SEQUENCE {
//        messageID       MessageID,
//        protocolOp      CHOICE { ... },
//        controls        [0] Controls OPTIONAL }
//   ExtendedRequest ::= [APPLICATION 23] SEQUENCE { requestName [0] LDAPOID, ... }
constexpr std::string_view kStartTlsRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037";
constexpr std::string_view kStartTlsOid = kStartTlsRequest.substr(9);
constexpr std::uint8_t kMessageId = 1;
constexpr der::Tag kExtendedResponse = 0x78;
constexpr std::uint8_t kSuccess = 0;
constexpr std::size_t kMaxLengthBytes = 4;

/// Borrows the message.
struct LdapAnswer {
  Bytes message_id{};
  Bytes result_code{};
  std::string_view diagnostic_message{};
  der::Element response_name{};
};

// ExtendedResponse ::= [APPLICATION 24] SEQUENCE {
//      resultCode         ENUMERATED { success (0), ... },
//      matchedDN          LDAPDN,
//      diagnosticMessage  LDAPString,
//      referral           [3] Referral OPTIONAL,
//      responseName       [10] LDAPOID OPTIONAL,
//      responseValue      [11] OCTET STRING OPTIONAL }
bool read_extended_response(std::string_view message, LdapAnswer& out) noexcept {
  der::Progress progress{.origin = bytes_of(message).data()};
  der::Reader frame(bytes_of(message), progress);
  der::Reader ldap_message = frame.enter(der::kSequence);
  out.message_id = ldap_message.read_integer();
  der::Reader response = ldap_message.enter(kExtendedResponse);
  out.result_code = response.read(der::kEnumerated).content();
  response.read(der::kOctetString);
  out.diagnostic_message = text_of(response.read(der::kOctetString).content());
  response.read_optional(der::context_constructed(3));
  out.response_name = response.read_optional(der::context(10));
  return !progress.failed();
}

bool is_number(Bytes content, std::uint8_t value) noexcept {
  return content.size() == 1 && content[0] == value;
}

/// Whether the response is that to another request. Its name is ours "when provided", 4.14.2.
bool has_other_name(const LdapAnswer& answer) noexcept {
  return answer.response_name.exists() && text_of(answer.response_name.content()) != kStartTlsOid;
}

void ldap_content(Dialogue& dialogue, Packet content) {
  const std::string message = std::exchange(dialogue.kept, {}) + std::string(content);
  LdapAnswer answer;
  if (!read_extended_response(message, answer)) return dialogue.refuse("an LDAP response", message);
  if (!is_number(answer.result_code, kSuccess)) {
    return dialogue.refuse("success", answer.diagnostic_message);
  }
  const bool is_ours = is_number(answer.message_id, kMessageId) && !has_other_name(answer);
  if (!is_ours) return dialogue.refuse("an answer to STARTTLS", message);
  dialogue.begin_tls();
}

void ldap_long_length(Dialogue& dialogue, Packet len) {
  dialogue.kept += len;
  dialogue.expect_packet(big_endian(len, 0, len.size()), ldap_content);
}

/// A tag and a length, which is definite, in the short or the long form. RFC 4511, 5.1.
void ldap_header(Dialogue& dialogue, Packet header) {
  if (byte(header, 0) != der::kSequence) return dialogue.refuse("an LDAP message", header);
  dialogue.kept = header;
  const std::size_t len = byte(header, 1);
  if (len < 0x80) return dialogue.expect_packet(len, ldap_content);
  const std::size_t num_bytes = len & 0x7f;
  if (num_bytes == 0 || num_bytes > kMaxLengthBytes) {
    return dialogue.refuse("an LDAP message", header);
  }
  dialogue.expect_packet(num_bytes, ldap_long_length);
}

}  // namespace

void ldap(Dialogue& dialogue) {
  dialogue.say(kStartTlsRequest);
  dialogue.expect_packet(2, ldap_header);
}

namespace {

// PostgreSQL, "Frontend/Backend Protocol", SSL Session Encryption.
//   C: SSLRequest: Int32(8) Int32(80877103)
//   S: 'S', or 'N' if it does not speak TLS, or 'E' with an error

void postgres_answer(Dialogue& dialogue, Packet answer) {
  if (answer == "N") return refuse_without_tls(dialogue);
  if (answer != "S") return dialogue.refuse("S", answer);
  dialogue.begin_tls();
}

}  // namespace

void postgres(Dialogue& dialogue) {
  dialogue.say("\0\0\0\x08\x04\xd2\x16\x2f"sv);
  dialogue.expect_packet(1, postgres_answer);
}

namespace {

// MySQL.
//   S: Protocol::HandshakeV10
//   C: Protocol::SSLRequest

// "Protocol::Capability Flags".
constexpr std::size_t kClientProtocol41 = 0x0200;
constexpr std::size_t kClientSsl = 0x0800;
constexpr std::size_t kClientSecureConnection = 0x8000;
constexpr std::size_t kProtocolVersion = 10;
constexpr std::size_t kErrPacket = 0xff;

/// The lower half of the server's capabilities, in Protocol::HandshakeV10; nullopt if it is not
/// one.
///   Int<1> protocol version (10), String<NUL> server version, Int<4> thread id,
///   String[8] authentication data, Int<1> 0, Int<2> capability flags, ...
std::optional<std::size_t> capabilities_of(Packet handshake) noexcept {
  const std::size_t version_end = handshake.find('\0', 1);
  constexpr std::size_t kBetween = 1 + 4 + 8 + 1;
  const bool is_whole = byte(handshake, 0) == kProtocolVersion &&
                        version_end != std::string_view::npos &&
                        handshake.size() >= version_end + kBetween + 2;
  if (!is_whole) return std::nullopt;
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

void mysql_handshake(Dialogue& dialogue, Packet handshake) {
  constexpr std::string_view kWanted = "a handshake of MySQL";
  if (byte(handshake, 0) == kErrPacket) {
    // Int<1> 0xff, Int<2> number, the sentence
    return dialogue.refuse(kWanted, handshake.substr(std::min<std::size_t>(handshake.size(), 3)));
  }
  const std::optional<std::size_t> capabilities = capabilities_of(handshake);
  if (!capabilities) return dialogue.refuse(kWanted, handshake);
  if ((*capabilities & kClientSsl) == 0) return refuse_without_tls(dialogue);
  dialogue.say(ssl_request());
  dialogue.begin_tls();  // the server has no go-ahead to send
}

void mysql_header(Dialogue& dialogue, Packet header) {
  const std::size_t len = little_endian(header, 0, 3);
  if (len == 0) return dialogue.refuse("a handshake of MySQL", header);
  dialogue.expect_packet(len, mysql_handshake);
}

}  // namespace

void mysql(Dialogue& dialogue) { dialogue.expect_packet(4, mysql_header); }

namespace {

// [MS-RDPBCGR] 2.2.1.1: a TPKT header (RFC 1006), an X.224 Connection Request, and RDP_NEG_REQ for
// PROTOCOL_SSL and PROTOCOL_HYBRID, which begin with the same handshake; servers that insist on the
// second one refuse who asks for the first one alone.
//   C: X.224 Connection Request, RDP_NEG_REQ
//   S: X.224 Connection Confirm, RDP_NEG_RSP

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

/// What the server chose, in X.224's Connection Confirm and RDP_NEG_RSP after it, 2.2.1.2.
void rdp_confirm(Dialogue& dialogue, Packet answer) {
  const bool confirms = answer.size() >= kConfirmLen && byte(answer, 0) == answer.size() - 1 &&
                        (byte(answer, 1) & 0xf0) == kConnectionConfirm;
  if (!confirms) return dialogue.refuse("a connection confirm of RDP", answer);
  const std::string_view negotiation = answer.substr(kConfirmLen);
  if (negotiation.empty()) return refuse_without_tls(dialogue);
  const bool is_whole =
      negotiation.size() == kNegotiationLen && little_endian(negotiation, 2, 2) == kNegotiationLen;
  if (!is_whole) return dialogue.refuse("a negotiation of RDP", answer);
  const std::size_t value = little_endian(negotiation, 4, 4);
  if (byte(negotiation, 0) == kNegotiationFailure) {
    return dialogue.give_up("the server refuses TLS, failureCode " + std::to_string(value));
  }
  const bool chosen = value == kProtocolSsl || value == kProtocolHybrid;
  if (byte(negotiation, 0) != kNegotiationResponse || !chosen) {
    return dialogue.refuse("TLS", answer);
  }
  dialogue.begin_tls();
}

void rdp_tpkt(Dialogue& dialogue, Packet tpkt) {
  const std::size_t len = big_endian(tpkt, 2, 2);
  if (byte(tpkt, 0) != kTpktVersion || len < kTpktLen) {
    return dialogue.refuse("an answer of RDP", tpkt);
  }
  dialogue.expect_packet(len - kTpktLen, rdp_confirm);
}

}  // namespace

void rdp(Dialogue& dialogue) {
  dialogue.say(kConnectionRequest);
  dialogue.expect_packet(kTpktLen, rdp_tpkt);
}

}  // namespace peercert::scan::dialogue
