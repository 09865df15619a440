// SPDX-License-Identifier: Apache-2.0
// The reports for programs.
#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/render/text.hpp>
#include <peercert/ssl/fingerprint.hpp>
#include <peercert/x509/pem.hpp>

#include "details.hpp"
#include "json.hpp"
#include "report.hpp"

namespace peercert::tool {
namespace {

std::string verdict_json(const Verdict& verdict) {
  return JsonObject()
      .add("status", to_string(verdict.status))
      .add("code", verdict.code)
      .add("reason", verdict.reason)
      .str();
}

std::string error_json(const Failure& failure) {
  return JsonObject().add("class", to_string(failure.kind)).add("message", failure.message).str();
}

std::string chain_member_json(const Der& der) {
  JsonObject member;
  member.add("sha256", to_hex(ssl::sha256(der)));
  if (const auto certificate = Certificate::from_der(der)) {
    member.add("subject", to_text(certificate->view().subject()))
        .add("not_after", to_time_text(certificate->view().not_after()));
  }
  return member.str();
}

std::string chain_json(const Visit& visit, ChainKind kind) {
  std::string members;
  for (const Der& der : visit.chain_of(kind)) {
    if (!members.empty()) members += ',';
    members += chain_member_json(der);
  }
  return JsonObject()
      .add("kind", kind == ChainKind::sent ? "sent" : "verified")
      .add_json("certificates", "[" + members + "]")
      .str();
}

void add_connection(JsonObject& record, const ssl::SSLSocket& socket) {
  if (const auto protocol = socket.version()) record.add("protocol", *protocol);
  if (const auto cipher = socket.cipher()) record.add("cipher", cipher->name);
  if (const auto alpn = socket.selected_alpn_protocol()) record.add("alpn", *alpn);
}

void add_details(JsonObject& record, const Der& leaf) {
  const auto certificate = Certificate::from_der(leaf);
  if (!certificate) return;
  Output members;
  append_details_json(members, certificate->view(), leaf);
  record.add_members(members.view());
}

void add_certificate(JsonObject& record, const Visit& visit, const GetOptions& options) {
  const Der& leaf = visit.chain.front();
  record.add("sha256", to_hex(ssl::sha256(leaf)));
  if (const auto dict = to_peer_cert(leaf)) record.add_json("peercert", to_json(*dict));
  if (options.details) add_details(record, leaf);
  record.add_json("chain", chain_json(visit, options.chain.value_or(ChainKind::sent)));
}

}  // namespace

std::string json_report(const Visit& visit, const GetOptions& options) {
  JsonObject record;
  record.add("schema", "peercert.get/1").add("target", visit.target.text);
  if (visit.address) record.add("address", visit.address->host);
  record.add("port", std::int64_t{visit.target.port}).add("server_hostname", visit.server_hostname);
  if (visit.socket) {
    record.add_json("verdict", verdict_json(visit.verdict));
    add_connection(record, *visit.socket);
  }
  if (!visit.chain.empty()) add_certificate(record, visit, options);
  if (visit.failure && visit.failure->kind != Failure::Kind::not_verified) {
    record.add_json("error", error_json(*visit.failure));
  }
  return record.str() + "\n";
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
