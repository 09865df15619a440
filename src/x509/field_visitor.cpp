// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <iterator>
#include <optional>

#include <peercert/der/values.hpp>
#include <peercert/x509/field_visitor.hpp>

namespace peercert {
namespace {

using der::AnyValue;
using der::AnyValues;

void visit_ip_address(Bytes address, FieldVisitor& to) {
  constexpr std::size_t kIpv4Len = 4;
  constexpr std::size_t kIpv6Len = 16;
  const bool is_address = address.size() == kIpv4Len || address.size() == kIpv6Len;
  is_address ? to.ip_address(address, {}) : to.octets(address);
}

// Whether the value is a SEQUENCE or SET of whole elements.
bool is_list(const AnyValue& value) noexcept {
  if (value.tag() != der::kSequence && value.tag() != der::kSet) return false;
  std::size_t len = 0;
  for (const AnyValue item : AnyValues(value.content())) len += item.encoded().size();
  return len == value.content().size();
}

void visit_primitive(const AnyValue& value, FieldVisitor& to) {
  if (der::check_any(value.tag(), value.content()) != Errc::ok) return to.octets(value.encoded());
  switch (value.tag()) {
    case der::kBoolean: return to.boolean(value.content()[0] != 0);
    case der::kInteger: return to.integer(value.content());
    case der::kOid: return to.oid(value.content());
    case der::kOctetString: return to.octets(value.content());
    case der::kUtcTime:
    case der::kGeneralizedTime: return visit(TimeView{value.tag(), value.content()}, to);
    default: break;
  }
  const der::StringView text = value.text();
  text.encoding == der::Encoding::none ? to.octets(value.encoded()) : to.text(text);
}

void visit_other_name(const GeneralName& name, FieldVisitor& to) {
  to.begin_object();
  to.member("type-id").oid(name.other_name().type_id);
  const auto parts = AnyValues(name.value).begin();
  // value [0] EXPLICIT: one value inside the second part
  visit(*AnyValues((*std::next(parts)).content()).begin(), to.member("value"));
  to.end_object();
}

void visit_edi_party_name(const GeneralName& name, FieldVisitor& to) {
  to.begin_object();
  for (const AnyValue part : AnyValues(name.value)) {
    const bool is_assigner = (part.tag() & der::kNumberMask) == 0;
    visit(*AnyValues(part.content()).begin(),
          to.member(is_assigner ? "nameAssigner" : "partyName"));
  }
  to.end_object();
}

// By GeneralNameType: the names of the CHOICE, RFC 5280, 4.2.1.6.
constexpr std::string_view kChoices[] = {
    "otherName",
    "rfc822Name",
    "dNSName",
    "x400Address",
    "directoryName",
    "ediPartyName",
    "uniformResourceIdentifier",
    "iPAddress",
    "registeredID",
};

}  // namespace

void visit(const GeneralName& name, FieldVisitor& to) {
  to.begin_choice(kChoices[static_cast<std::size_t>(name.type)]);
  switch (name.type) {
    case GeneralNameType::rfc822_name:
    case GeneralNameType::dns_name:
    case GeneralNameType::uniform_resource_identifier: to.text(utf8_text(name.value)); break;
    case GeneralNameType::directory_name: to.name(name.directory_name()); break;
    case GeneralNameType::ip_address: visit_ip_address(name.value, to); break;
    case GeneralNameType::registered_id: to.oid(name.value); break;
    case GeneralNameType::other_name: visit_other_name(name, to); break;
    case GeneralNameType::edi_party_name: visit_edi_party_name(name, to); break;
    case GeneralNameType::x400_address: to.octets(name.value); break;
  }
  to.end_choice();
}

void visit(GeneralNamesView names, FieldVisitor& to) {
  to.begin_list();
  for (const GeneralName name : names) visit(name, to);
  to.end_list();
}

void visit(TimeView time, FieldVisitor& to) {
  const std::optional<DateTime> date = time.parse();
  date ? to.time(*date) : to.text({der::Encoding::latin1, time.content});
}

void visit_serial_number(Bytes content, FieldVisitor& to) {
  if (content[0] & 0x80) return to.integer(content);
  const bool has_sign_octet = content.size() > 1 && content[0] == 0;
  to.octets(content.subspan(has_sign_octet ? 1 : 0));
}

void visit_milliseconds(std::uint64_t milliseconds, FieldVisitor& to) {
  constexpr std::uint64_t kYear10000 = 253'402'300'800'000;
  if (milliseconds >= kYear10000) {
    std::array<std::uint8_t, sizeof(milliseconds)> octets{};
    for (std::size_t i = octets.size(); i-- > 0; milliseconds >>= 8) {
      octets[i] = static_cast<std::uint8_t>(milliseconds);
    }
    return to.octets(octets);
  }
  using std::chrono::days;
  using std::chrono::seconds;
  const std::chrono::sys_seconds time{seconds(static_cast<std::int64_t>(milliseconds / 1000))};
  const std::chrono::year_month_day date(std::chrono::floor<days>(time));
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<days>(time));
  const auto rest = static_cast<unsigned>(milliseconds % 1000);
  const auto digit = [](unsigned number) { return static_cast<std::uint8_t>('0' + number % 10); };
  const std::uint8_t fraction[] = {'.', digit(rest / 100), digit(rest / 10), digit(rest)};
  to.time({int{date.year()}, static_cast<int>(unsigned{date.month()}),
           static_cast<int>(unsigned{date.day()}), static_cast<int>(clock.hours().count()),
           static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
           fraction});
}

// The levels of nested lists stand in an array: nothing here recurses.
void visit(const AnyValue& value, FieldVisitor& to) {
  if (!is_list(value)) return visit_primitive(value, to);
  std::array<AnyValues::iterator, kMaxAnyDepth> levels;
  std::size_t depth = 0;
  levels[depth++] = AnyValues(value.content()).begin();
  to.begin_list();
  while (depth > 0) {
    AnyValues::iterator& level = levels[depth - 1];
    if (level == std::default_sentinel) {
      to.end_list();
      --depth;
      continue;
    }
    const AnyValue item = *level++;
    if (depth < levels.size() && is_list(item)) {
      levels[depth++] = AnyValues(item.content()).begin();
      to.begin_list();
    } else {
      visit_primitive(item, to);
    }
  }
}

void visit(AnyValues values, FieldVisitor& to) {
  to.begin_list();
  for (const AnyValue value : values) visit(value, to);
  to.end_list();
}

}  // namespace peercert
