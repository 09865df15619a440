// SPDX-License-Identifier: Apache-2.0
// Prints the dict of the certificate that it carries.
#include <iostream>
#include <string_view>

#include <peercert/peercert.hpp>

namespace {

constexpr std::string_view kPem = R"(
-----BEGIN CERTIFICATE-----
MIICAjCCAaegAwIBAgIDAJXwMAoGCCqGSM49BAMCMEYxCzAJBgNVBAYTAkNIMRww
GgYDVQQKDBNFeGFtcGxlICJRdW90ZWQiIEFHMRkwFwYDVQQDDBBjb25zdW1lci5l
eGFtcGxlMB4XDTI2MTEyMjEzMDQ0M1oXDTM2MTExOTEzMDQ0M1owRjELMAkGA1UE
BhMCQ0gxHDAaBgNVBAoME0V4YW1wbGUgIlF1b3RlZCIgQUcxGTAXBgNVBAMMEGNv
bnN1bWVyLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARzEeZJzQU5
9iAa5/MHYuY6ybnA/2MJDf4HGW0bAB2rlm1N3i7/Jo86KLEAs5kSTkYodhj7TwUm
DebV9kEr3n7Jo4GDMIGAMB0GA1UdDgQWBBT+7F0x8G79YYnkCM1xZUA42BQ4tTAf
BgNVHSMEGDAWgBT+7F0x8G79YYnkCM1xZUA42BQ4tTAPBgNVHRMBAf8EBTADAQH/
MC0GA1UdEQQmMCSCEGNvbnN1bWVyLmV4YW1wbGWHECABDbgAAAAAAAAAAAAAAAEw
CgYIKoZIzj0EAwIDSQAwRgIhAJRzjTtTRhG4MMrLbnOfdFrA9g9jHflxwT08uoOd
wleMAiEA8WaACsPnP967Mp8zJSRautN4NULFlXk6HfR9PYu1vrY=
-----END CERTIFICATE-----
)";

}  // namespace

int main() {
  peercert::Der der;
  const auto found = peercert::PemReader(kPem).next(der);
  if (!found || !*found) return 1;
  const auto certificate = peercert::CertificateView::parse(der);
  if (!certificate) return 1;
  const auto dict = peercert::to_peer_cert(*certificate);
  if (!dict) return 1;
  std::cout << peercert::to_python_repr(*dict) << '\n';
}
