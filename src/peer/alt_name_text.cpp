// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <iterator>

#include <peercert/der/values.hpp>
#include <peercert/peer/alt_name_text.hpp>

#include "x509/oids.hpp"

namespace peercert {
namespace {

constexpr std::size_t kMaxIpTextLen = 39;
// CPython reads a registered ID into a buffer of this size, and other names as one line of it.
constexpr std::size_t kTextBufferSize = 2048;
constexpr std::size_t kMaxLineLen = kTextBufferSize - 2;

// By GeneralNameType.
constexpr std::string_view kKinds[] = {"othername", "email",      "DNS",
                                       "X400Name",  "DirName",    "EdiPartyName",
                                       "URI",       "IP Address", "Registered ID"};
constexpr std::string_view kUnsupported = "<unsupported>";

// The otherNames that OpenSSL prints, and the type that their value has to have.
struct KnownOtherName {
  Bytes type_id;
  der::Tag value_tag;
  std::string_view prefix;
};
constexpr KnownOtherName kKnownOtherNames[] = {
    {oids::kUpn, der::kUtf8String, "UPN:"},
    {oids::kSmtpUtf8Mailbox, der::kUtf8String, "SmtpUTF8Mailbox:"},
    {oids::kXmppAddr, der::kUtf8String, "XmppAddr:"},
    {oids::kNaiRealm, der::kUtf8String, "NAIRealm:"},
    {oids::kSrvName, der::kIa5String, "SRVName:"},
};

const KnownOtherName* find_known(const OtherName& name) noexcept {
  for (const KnownOtherName& known : kKnownOtherNames) {
    if (name.value_tag == known.value_tag && oids::equal(name.type_id, known.type_id))
      return &known;
  }
  return nullptr;
}

Bytes to_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// What is left of an otherName's value after C's "%.*s" and fgets(): up to the first NUL, or the
// first newline with it, and no longer than the buffer.
Bytes one_line(Bytes value, std::size_t room) noexcept {
  const Bytes text =
      value.first(static_cast<std::size_t>(std::ranges::find(value, 0) - value.begin()));
  const Bytes cut = text.first(std::min(text.size(), room));
  const auto newline = std::ranges::find(cut, '\n');
  return newline == cut.end() ? cut : Bytes(cut.begin(), newline + 1);
}

}  // namespace

AltNameText::AltNameText(const GeneralName& name) noexcept {
  const auto index = static_cast<std::size_t>(name.type);
  if (index < std::size(kKinds)) kind_ = kKinds[index];
  switch (name.type) {
    case GeneralNameType::rfc822_name:
    case GeneralNameType::dns_name:
    case GeneralNameType::uniform_resource_identifier: text_ = name.value; break;
    case GeneralNameType::ip_address: set_ip_address(name.value); break;
    case GeneralNameType::registered_id: set_registered_id(name.value); break;
    case GeneralNameType::other_name: set_other_name(name.other_name()); break;
    case GeneralNameType::x400_address:
    case GeneralNameType::edi_party_name: text_ = to_bytes(kUnsupported); break;
    case GeneralNameType::directory_name: break;
  }
}

Errc AltNameText::error() const noexcept {
  if (error_ != Errc::ok) return error_;
  return der::utf8_error(text_) == text_.size() ? Errc::ok : Errc::invalid_characters;
}

// Four decimal numbers, or eight upper-case hexadecimal ones without any abbreviation.
void AltNameText::set_ip_address(Bytes octets) noexcept {
  const bool is_v4 = octets.size() == 4;
  if (!is_v4 && octets.size() != 16) {
    text_ = to_bytes("<invalid>");
    return;
  }
  char* at = buffer_.data();
  char* const end = at + kMaxIpTextLen;
  for (std::size_t i = 0; i < octets.size(); i += is_v4 ? 1 : 2) {
    if (i > 0) *at++ = is_v4 ? '.' : ':';
    const unsigned group =
        is_v4 ? octets[i] : static_cast<unsigned>(octets[i] << 8 | octets[i + 1]);
    at = std::to_chars(at, end, group, is_v4 ? 10 : 16).ptr;
  }
  std::for_each(buffer_.data(), at,
                [](char& c) { c = c >= 'a' ? static_cast<char>(c - 0x20) : c; });
  text_ = to_bytes({buffer_.data(), at});
}

void AltNameText::set_registered_id(Bytes oid) noexcept {
  if (const std::optional<ObjectName> name = find_object_name(oid)) {
    text_ = to_bytes(name->long_name);
    return;
  }
  error_ = oid.size() > kMaxOidLen ? Errc::oid_too_long : der::check_oid(oid);
  if (error_ != Errc::ok) return;
  const std::size_t len = write_dotted(oid, buffer_.data());
  if (len == kTextBufferSize - 1) buffer_[len - 1] = '\0';  // where CPython's buffer ends
  text_ = to_bytes(len < kTextBufferSize ? std::string_view(buffer_.data(), len) : "<INVALID>");
}

void AltNameText::set_other_name(const OtherName& name) noexcept {
  const KnownOtherName* known = find_known(name);
  if (known == nullptr) {
    text_ = to_bytes(kUnsupported);
    return;
  }
  prefix_ = known->prefix;
  constexpr std::string_view kLabel = "othername:";
  text_ = one_line(name.value, kMaxLineLen - kLabel.size() - prefix_.size());
}

}  // namespace peercert
