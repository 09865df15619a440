// SPDX-License-Identifier: Apache-2.0
// libcurl: shows who the server is, before it is sent anything, and also if the transfer failed.
#include <iostream>

#include <peercert/adapters/curl.hpp>
#include <peercert/peercert.hpp>

namespace ssl = peercert::ssl;

/// Asked before the request is sent: here, whether this server may be told what the request says.
bool may_be_asked(const ssl::PeerIdentity& identity) {
  const auto server = identity.verified();
  if (!server) return false;
  const peercert::Certificate certificate = server->certificate();
  std::cout << to_python_repr(*to_peer_cert(certificate.view())) << std::endl;
  return true;
}

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): ends the program
  if (argc != 4 && argc != 6) return std::cerr << "curl_client: HOST PORT CAFILE [CHAIN KEY]\n", 2;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  const std::string url = std::string("https://") + argv[1] + ":" + argv[2] + "/";
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_CAINFO, argv[3]);
  if (argc == 6) {
    curl_easy_setopt(curl.get(), CURLOPT_SSLCERT, argv[4]);
    curl_easy_setopt(curl.get(), CURLOPT_SSLKEY, argv[5]);
  }
  ssl::CurlPeer peer(curl.get(), may_be_asked);
  const CURLcode code = peer.perform();
  if (peer.identity()) std::clog << peer.identity()->to_string() << '\n';
  if (code == CURLE_OK) return 0;
  std::cerr << "curl_client: " << curl_easy_strerror(code) << '\n';
  return 1;
}
