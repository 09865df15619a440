// SPDX-License-Identifier: Apache-2.0
// Decodes each certificate of a file so many times, for instructions to be counted:
//
//     decode_once FILE parse|python_repr|json|pem_python_repr ROUNDS
//
// FILE is what bench/make_leaf_certificates.py writes. What is done once, such as reading it, is
// what no rounds at all cost.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/pem.hpp>

namespace {

using namespace peercert;

std::vector<Der> read_certificates(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const Der octets(std::istreambuf_iterator<char>(file), {});
  std::vector<Der> certificates;
  std::uint32_t len = 0;
  for (Bytes rest(octets); rest.size() > sizeof(len); rest = rest.subspan(sizeof(len) + len)) {
    std::memcpy(&len, rest.data(), sizeof(len));
    const Bytes certificate = rest.subspan(sizeof(len), len);
    certificates.emplace_back(certificate.begin(), certificate.end());
  }
  return certificates;
}

class Task {
 public:
  explicit Task(std::string_view name) : name_(name) {}

  // Gives something that depends on the answer.
  std::size_t run(Bytes der, std::string_view pem) {
    if (name_ == "parse") return CertificateView::parse(der)->serial_number().size();
    if (name_ == "pem_python_repr") {
      if (!PemReader(pem).next(decoded_)) return 0;
      der = decoded_;
    }
    out_.clear();
    const Result<PeerCertView> cert = decoder_.decode(der);
    name_ == "json" ? append_json(out_, *cert) : append_python_repr(out_, *cert);
    return out_.size();
  }

 private:
  std::string_view name_;
  PeerCertDecoder decoder_;
  Der decoded_;
  Output out_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: decode_once FILE parse|python_repr|json|pem_python_repr ROUNDS\n";
    return 2;
  }
  const std::vector<Der> certificates = read_certificates(argv[1]);
  std::vector<std::string> pem;
  for (const Der& der : certificates) pem.push_back(to_pem(der));
  Task task(argv[2]);
  std::size_t sum = 0;
  for (int round = std::atoi(argv[3]); round > 0; --round) {
    for (std::size_t i = 0; i < certificates.size(); ++i) sum += task.run(certificates[i], pem[i]);
  }
  std::cout << sum << '\n';
}
