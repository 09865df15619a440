// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <peercert/der/strings.hpp>
#include <peercert/x509/general_name.hpp>
#include <peercert/x509/object_names.hpp>

namespace peercert {

/// A GeneralName as a pair of subjectAltName in getpeercert(): ('DNS', 'example.org'). A
/// directory_name has a kind only; its value is the Name. Borrows the name's bytes.
class AltNameText {
 public:
  /// Renders the name at once. Borrows its DER.
  explicit AltNameText(const GeneralName& name) noexcept;
  AltNameText(const AltNameText&) = delete;
  AltNameText& operator=(const AltNameText&) = delete;

  /// What keeps the value from being text: Errc::invalid_characters, Errc::oid_too_long, or ok.
  Errc error() const noexcept;
  /// "DNS", "IP Address", "email", "URI", "DirName", "Registered ID", "othername", "X400Name" or
  /// "EdiPartyName".
  std::string_view kind() const noexcept { return kind_; }
  /// The value is prefix() (ASCII), then text() (UTF-8). Valid while this object lives.
  std::string_view prefix() const noexcept { return prefix_; }
  /// The text as Python gives it. Borrows this and the DER.
  der::StringView text() const& noexcept PEERCERT_LIFETIMEBOUND {
    return {der::Encoding::utf8, text_};
  }
  der::StringView text() && = delete;

 private:
  void set_ip_address(Bytes octets) noexcept;
  void set_registered_id(Bytes oid) noexcept;
  void set_other_name(const OtherName& name) noexcept;

  Errc error_ = Errc::ok;
  std::string_view kind_;
  std::string_view prefix_;
  Bytes text_{};
  std::array<char, kMaxDottedLen> buffer_;  // of an IP address or a registered ID
};

}  // namespace peercert
