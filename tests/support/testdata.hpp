// SPDX-License-Identifier: Apache-2.0
// The certificates of tests/testdata. PEERCERT_SOURCE is the tree's root.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <peercert/x509/pem.hpp>

namespace peercert::test {

/// The first certificate of a file there.
inline Der read_certificate(const std::string& name) {
  std::ifstream file(PEERCERT_SOURCE "/tests/testdata/" + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Der der;
  const Result<bool> found = PemReader(text).next(der);
  if (!found || !*found) throw std::runtime_error("no certificate in " + name);
  return der;
}

}  // namespace peercert::test
