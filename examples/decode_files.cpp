// SPDX-License-Identifier: Apache-2.0
// Decodes files of certificates on all cores, and prints when each certificate expires.
#include <iostream>

#include <peercert/decode/decode_files.hpp>
#include <peercert/peercert.hpp>

using namespace peercert;

void print(const decode::DecodedCertificate& item) {
  std::cout << item.source;
  if (item.number != 0) std::cout << '#' << item.number;
  if (item.dict) {
    std::cout << ": notAfter " << to_time_text(item.dict->not_after) << '\n';
  } else {
    std::cout << ": " << item.error << '\n';
  }
}

int main(int argc, char** argv) try {
  decode::decode_files({.files = {argv + 1, argv + argc}}, print);
} catch (const std::exception& error) {
  std::cerr << "decode_files: " << error.what() << '\n';
  return 2;
}
