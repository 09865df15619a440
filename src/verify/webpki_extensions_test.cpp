// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

void add_extensions(PathCertificateBuilder& certificate, int count) {
  for (int i = 0; i < count; ++i) certificate.add("1.2.3." + std::to_string(i), hex("05 00"));
}

constexpr Case kExtensionCases[] = {
    {"too-much-work", "1000 extensions", kAccepted,
     [](Scenario& s) { add_extensions(s.leaf(), 1000); }},
    {"too-much-work", "2000 extensions", 0, [](Scenario& s) { add_extensions(s.leaf(), 2000); }},
    {"extension-repeated", "unknown ones", kAccepted,
     [](Scenario& s) {
       s.leaf().add("1.2.3.4", hex("05 00"));
       s.leaf().add("1.2.3.5", hex("05 00"));
     }},
    {"extension-repeated", "an unknown one", 0,
     [](Scenario& s) {
       s.leaf().add("1.2.3.4", hex("05 00"));
       s.leaf().add("1.2.3.4", hex("05 00"));
     }},
    {"extension-repeated", "the same basicConstraints, in a root", 2,
     [](Scenario& s) { s.root().add(kBasicConstraints, sequence(boolean(true)), true); }},
};

TEST(WebpkiExtensions, Cases) { check_cases(extension_cases()); }

}  // namespace

std::span<const Case> extension_cases() { return kExtensionCases; }

}  // namespace peercert::verify::test
