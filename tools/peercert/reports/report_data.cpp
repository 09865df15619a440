// SPDX-License-Identifier: Apache-2.0
// The reports for programs.
#include <peercert/crypto/fingerprint.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/pem.hpp>

#include "octets.hpp"
#include "render/json_object.hpp"
#include "reports/details.hpp"
#include "reports/report.hpp"

namespace peercert::tool {
namespace {

using render::JsonObject;

void append_verdict(Output& out, const Visit& visit) {
  const ssl::VerifyError objection = visit.objection();
  JsonObject(out)
      .add("status", to_string(visit.verdict()))
      .add("code", std::int64_t{objection.code})
      .add("reason", objection.message)
      .close();
}

void append_error(Output& out, const Failure& failure) {
  JsonObject(out).add("class", to_string(failure.kind)).add("message", failure.message).close();
}

void append_chain(Output& out, const Visit& visit, ChainKind kind) {
  JsonObject chain(out);
  chain.add("kind", kind == ChainKind::sent ? "sent" : "verified");
  chain.member("certificates");
  render::append_array(out, visit.chain_of(kind),
                       [&out](const Der& der) { append_chain_member(out, der); });
  chain.close();
}

void add_connection(JsonObject& record, const ssl::SSLSocket& socket) {
  if (const auto protocol = socket.version()) record.add("protocol", *protocol);
  if (const auto cipher = socket.cipher()) record.add("cipher", cipher->name);
  if (const auto alpn = socket.selected_alpn_protocol()) record.add("alpn", *alpn);
}

void add_certificate(JsonObject& record, const Visit& visit, const GetOptions& options) {
  const Der& leaf = visit.chain.front();
  record.add_hex("sha256", crypto::sha256(leaf));
  if (const auto dict = to_peer_cert(leaf)) record.member("peercert").append(to_json(*dict));
  if (options.details) {
    const auto certificate = Certificate::from_der(leaf);
    if (certificate) add_details(record, certificate->view(), leaf);
  }
  append_chain(record.member("chain"), visit, options.chain.value_or(ChainKind::sent));
}

}  // namespace

std::string json_report(const Visit& visit, const GetOptions& options) {
  Output out;
  JsonObject record(out);
  record.add("schema", "peercert.get/1").add("target", visit.target.text);
  if (visit.address) record.add("address", visit.address->host);
  record.add("port", std::int64_t{visit.target.port}).add("server_hostname", visit.server_hostname);
  if (visit.socket) {
    append_verdict(record.member("verdict"), visit);
    add_connection(record, *visit.socket);
  }
  if (!visit.chain.empty()) add_certificate(record, visit, options);
  if (visit.failure && visit.failure->kind != Failure::Kind::not_verified) {
    append_error(record.member("error"), *visit.failure);
  }
  record.close();
  out.append('\n');
  return std::string(out.view());
}

std::string python_report(const Visit& visit) {
  if (visit.failure) return {};
  const auto dict = visit.socket->getpeercert();
  return (dict ? to_python_repr(*dict) : "None") + "\n";
}

std::string pem_report(const Visit& visit, const GetOptions& options) {
  if (visit.failure || visit.chain.empty()) return {};
  if (!options.chain) return to_pem(visit.chain.front());
  std::string pem;
  for (const Der& der : visit.chain_of(*options.chain)) pem += to_pem(der);
  return pem;
}

std::string der_report(const Visit& visit) {
  if (visit.failure) return {};
  const auto der = visit.socket->getpeercert(ssl::binary_form);
  return der ? std::string(as_text(*der)) : std::string();
}

}  // namespace peercert::tool
