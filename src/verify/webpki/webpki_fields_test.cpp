// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

Octets version(std::string_view content) {
  return tlv(der::context_constructed(0), integer(content));
}

// The leaf is valid from 2026-01-01 to 2027-01-01, both at midnight.
constexpr auto kNotBefore = sys_days(year(2026) / 1 / 1);
constexpr auto kNotAfter = sys_days(year(2027) / 1 / 1);

constexpr Case kFieldCases[] = {
    {"path-empty", "one certificate", kAccepted,
     [](Scenario& s) { s.certificates = {leaf_of("example.org", "example.org")}; }},
    {"path-empty", "none", 0, [](Scenario& s) { s.certificates.clear(); }},
    {"version-not-3", "3", kAccepted, [](Scenario& s) { s.leaf().version = version("02"); }},
    {"version-not-3", "2", 0, [](Scenario& s) { s.leaf().version = version("01"); }},
    {"version-not-3", "1 in a root", 2, [](Scenario& s) { s.root().version = {}; }},
    {"serial-not-positive", "1", kAccepted,
     [](Scenario& s) { s.leaf().serial_number = integer("01"); }},
    {"serial-not-positive", "0", 0, [](Scenario& s) { s.leaf().serial_number = integer("00"); }},
    {"serial-not-positive", "-1", 1,
     [](Scenario& s) { s.intermediate().serial_number = integer("ff"); }},
    {"serial-not-positive", "0 in a root", kAccepted,
     [](Scenario& s) { s.root().serial_number = integer("00"); }},
    {"serial-not-positive", "0 in a leaf that is trusted", 0,
     [](Scenario& s) {
       s.certificates = {leaf_of("example.org", "example.org")};
       s.leaf().serial_number = integer("00");
     }},
    {"serial-too-long", "20 octets", kAccepted,
     [](Scenario& s) { s.leaf().serial_number = tlv(der::kInteger, Octets(20, 0x7f)); }},
    {"serial-too-long", "21 octets", 0,
     [](Scenario& s) { s.leaf().serial_number = tlv(der::kInteger, Octets(21, 0x7f)); }},
    {"validity-malformed", "UTCTime of 2049, GeneralizedTime of 2050", kAccepted,
     [](Scenario& s) {
       s.leaf().not_after = tlv(der::kUtcTime, "491231235959Z");
       s.root().not_after = tlv(der::kGeneralizedTime, "20500101000000Z");
     }},
    {"validity-malformed", "GeneralizedTime of 2049", 0,
     [](Scenario& s) { s.leaf().not_after = tlv(der::kGeneralizedTime, "20491231235959Z"); }},
    {"validity-malformed", "no seconds", 1,
     [](Scenario& s) { s.intermediate().not_after = tlv(der::kUtcTime, "2701010000Z"); }},
    {"validity-malformed", "GeneralizedTime of 2049 in a root", kAccepted,
     [](Scenario& s) { s.root().not_after = tlv(der::kGeneralizedTime, "20491231235959Z"); }},
    {"validity-malformed", "not a date in a root", 2,
     [](Scenario& s) { s.root().not_after = tlv(der::kUtcTime, "270231000000Z"); }},
    {"validity-malformed", "a zone", 1,
     [](Scenario& s) { s.intermediate().not_before = tlv(der::kUtcTime, "260101000000+0100"); }},
    {"validity-malformed", "a fraction", 0,
     [](Scenario& s) { s.leaf().not_after = tlv(der::kGeneralizedTime, "20600101000000.5Z"); }},
    {"validity-malformed", "not a date", 0,
     [](Scenario& s) { s.leaf().not_after = tlv(der::kUtcTime, "270231000000Z"); }},
    {"not-yet-valid", "at notBefore", kAccepted, [](Scenario& s) { s.options.at = kNotBefore; }},
    {"not-yet-valid", "a second before", 0,
     [](Scenario& s) {
       s.intermediate().not_before = s.root().not_before = tlv(der::kUtcTime, "250101000000Z");
       s.options.at = kNotBefore - seconds(1);
     }},
    {"expired", "at notAfter", kAccepted, [](Scenario& s) { s.options.at = kNotAfter; }},
    {"expired", "a second after", 2,
     [](Scenario& s) {
       s.leaf().not_after = s.intermediate().not_after = tlv(der::kUtcTime, "280101000000Z");
       s.options.at = kNotAfter + seconds(1);
     }},
    {"issuer-empty", "a name", kAccepted, [](Scenario& s) { s.leaf().issuer = common_name("A"); }},
    {"issuer-empty", "none", 0, [](Scenario& s) { s.leaf().issuer = sequence(); }},
    {"subject-empty", "a leaf's", kAccepted,
     [](Scenario& s) {
       s.leaf().subject = sequence();
       s.leaf().set_critical(kSubjectAltName, true);
     }},
    {"subject-empty", "an intermediate's", 1,
     [](Scenario& s) { s.intermediate().subject = sequence(); }},
    {"unique-identifier", "in a root", kAccepted,
     [](Scenario& s) { s.root().unique_ids = tlv(der::context(1), hex("00 ff")); }},
    {"unique-identifier", "the issuer's", 0,
     [](Scenario& s) { s.leaf().unique_ids = tlv(der::context(1), hex("00 ff")); }},
    {"unique-identifier", "the subject's", 1,
     [](Scenario& s) { s.intermediate().unique_ids = tlv(der::context(2), hex("00 ff")); }},
};

TEST(WebpkiFields, Cases) { check_cases(field_cases()); }

}  // namespace

std::span<const Case> field_cases() { return kFieldCases; }

}  // namespace peercert::verify::test
