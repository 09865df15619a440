// SPDX-License-Identifier: Apache-2.0
// XMPP talks in XML (RFC 6120, 11 leaves out what makes that difficult: comments, processing
// instructions, document types, entities of one's own). Only tags are looked at, one at a time.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scan/starttls/start_tls_dialogue.hpp"

namespace peercert::scan::dialogue {
namespace {

using Dialogue = StartTlsDialogue;

constexpr std::string_view kTlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
constexpr std::string_view kStreamNamespace = "http://etherx.jabber.org/streams";
constexpr std::string_view kSpace = " \t\r\n";

/// A tag without its angle brackets: "stream:features", "/stream:features", "required/".
/// Borrows what was received.
struct Tag {
  std::string_view text{};

  bool closes() const noexcept { return text.starts_with('/'); }
  bool is_empty_element() const noexcept { return text.ends_with('/'); }
  /// "stream:features"
  std::string_view name() const noexcept {
    const std::string_view all = text.substr(closes() ? 1 : 0);
    return all.substr(0, std::min(all.find_first_of(kSpace), all.find('/')));
  }
  /// "stream"; empty if there is none.
  std::string_view prefix() const noexcept {
    const std::size_t colon = name().find(':');
    return colon == std::string_view::npos ? std::string_view{} : name().substr(0, colon);
  }
  /// "features"
  std::string_view local_name() const noexcept { return name().substr(name().find(':') + 1); }
  std::string_view attribute(std::string_view wanted) const noexcept;
  /// What the tag itself declares as the namespace of its prefix.
  std::string_view declared_namespace() const;
};

/// AttValue, without its quotes; empty if there is none of this name. A tag that closes has none.
std::string_view Tag::attribute(std::string_view wanted) const noexcept {
  if (closes()) return {};
  std::string_view rest = text.substr(name().size());
  while (true) {
    const std::size_t begin = rest.find_first_not_of(kSpace);
    const std::size_t equals = rest.find('=');
    if (begin >= equals || equals == std::string_view::npos) return {};
    std::string_view key = rest.substr(begin, equals - begin);
    key = key.substr(0, key.find_first_of(kSpace));
    rest.remove_prefix(equals + 1);
    const std::size_t open = rest.find_first_not_of(kSpace);
    if (open == std::string_view::npos || (rest[open] != '"' && rest[open] != '\'')) return {};
    const std::size_t close = rest.find(rest[open], open + 1);
    if (close == std::string_view::npos) return {};
    if (key == wanted) return rest.substr(open + 1, close - open - 1);
    rest.remove_prefix(close + 1);
  }
}

std::string_view Tag::declared_namespace() const {
  return attribute(prefix().empty() ? "xmlns" : "xmlns:" + std::string(prefix()));
}

/// `host` as the value of an attribute in single quotes; nullopt for what no name and no address
/// has, which is not sent.
std::optional<std::string> escape(std::string_view host) {
  std::string out;
  for (const char c : host) {
    if (c <= ' ' || c > '~') return std::nullopt;
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

/// Whether RFC 6120, 11.1 leaves the tag out of XMPP. Refuses it.
bool is_forbidden(Dialogue& dialogue, Tag tag) {
  if (!tag.text.starts_with('!') && !tag.text.starts_with('?')) return false;
  dialogue.refuse("XML as in RFC 6120", tag.text);
  return true;
}

bool is_start_tls(Tag tag, std::string_view name) noexcept {
  return tag.local_name() == name && tag.declared_namespace() == kTlsNamespace;
}

// RFC 6120, 5.4.
//   C: <stream:stream to='im.example.com' version='1.0' xmlns='jabber:client' xmlns:stream='...'>
//   S: <stream:stream from='im.example.com' id='t7AM' version='1.0' xmlns:stream='...'>
//   S: <stream:features>
//   S:   <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>
//   S: </stream:features>
//   C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
//   S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>

void xmpp_go_ahead(Dialogue& dialogue, std::string_view text) {
  const Tag tag{text};
  const bool proceeds = is_start_tls(tag, "proceed") && tag.is_empty_element();
  if (!proceeds) return dialogue.refuse("proceed", tag.text);
  dialogue.begin_tls();
}

void end_features(Dialogue& dialogue) {
  if (!dialogue.offers_start_tls) {
    return dialogue.give_up("the server does not offer STARTTLS");
  }
  dialogue.say("<starttls xmlns='" + std::string(kTlsNamespace) + "'/>");
  dialogue.expect_tag(xmpp_go_ahead);
}

/// A tag inside of the features. STARTTLS is one of their children, not of these.
void xmpp_feature(Dialogue& dialogue, std::string_view text) {
  const Tag tag{text};
  if (is_forbidden(dialogue, tag)) return;
  if (tag.closes()) {
    if (--dialogue.depth == 0) end_features(dialogue);
    return;
  }
  const bool is_child = dialogue.depth == 1;
  if (is_child && is_start_tls(tag, "starttls")) dialogue.offers_start_tls = true;
  if (!tag.is_empty_element()) ++dialogue.depth;
}

/// What is wrong with the stream, the first child of its error. RFC 6120, 4.9.2.
void xmpp_error_condition(Dialogue& dialogue, std::string_view condition) {
  dialogue.refuse("features", dialogue.kept + "><" + std::string(condition));
}

void xmpp_features(Dialogue& dialogue, std::string_view text) {
  const Tag tag{text};
  if (is_forbidden(dialogue, tag)) return;
  if (tag.local_name() == "error") {
    dialogue.kept = tag.text;
    return dialogue.expect_tag(xmpp_error_condition);
  }
  if (tag.name() != "stream:features" || tag.closes()) {
    return dialogue.refuse("features", tag.text);
  }
  if (tag.is_empty_element()) return end_features(dialogue);
  dialogue.depth = 1;
  dialogue.expect_tag(xmpp_feature);
}

/// The stream's own tag, after the XML declaration if there is one.
void xmpp_stream(Dialogue& dialogue, std::string_view text) {
  const Tag tag{text};
  if (dialogue.is_first_piece() && tag.text.starts_with("?xml ")) return;
  if (is_forbidden(dialogue, tag)) return;
  const bool is_stream =
      tag.local_name() == "stream" && tag.declared_namespace() == kStreamNamespace;
  if (!is_stream || tag.is_empty_element()) {
    return dialogue.refuse("an XMPP stream", tag.text);
  }
  dialogue.expect_tag(xmpp_features);
}

void open_stream(Dialogue& dialogue, std::string_view content_namespace) {
  const std::optional<std::string> to = escape(dialogue.host());
  if (!to) return dialogue.give_up("not a name for XMPP: " + in_quotes(dialogue.host()));
  dialogue.say("<?xml version='1.0'?><stream:stream to='" + *to + "' version='1.0' xmlns='");
  dialogue.say(content_namespace);
  dialogue.say("' xmlns:stream='" + std::string(kStreamNamespace) + "'>");
  dialogue.expect_tag(xmpp_stream);
}

}  // namespace

void xmpp(Dialogue& dialogue) { open_stream(dialogue, "jabber:client"); }

void xmpp_server(Dialogue& dialogue) { open_stream(dialogue, "jabber:server"); }

}  // namespace peercert::scan::dialogue
