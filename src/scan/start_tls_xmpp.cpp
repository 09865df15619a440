// SPDX-License-Identifier: Apache-2.0
// XMPP talks in XML (RFC 6120, 11 leaves out what makes that difficult: comments, processing
// instructions, document types, entities of one's own). Only tags are looked at, one at a time.
#include <algorithm>
#include <string>
#include <string_view>

#include "scan/start_tls_conversation.hpp"

namespace peercert::scan::conversation {
namespace {

using asio::awaitable;

constexpr std::string_view kTlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
constexpr std::string_view kStreamNamespace = "http://etherx.jabber.org/streams";
constexpr std::string_view kSpace = " \t\r\n";

/// A tag without its angle brackets: "stream:features", "/stream:features", "required/".
struct Tag {
  std::string text{};

  bool closes() const noexcept { return text.starts_with('/'); }
  bool is_empty_element() const noexcept { return text.ends_with('/'); }
  /// "stream:features"
  std::string_view name() const noexcept {
    const std::string_view all = std::string_view(text).substr(closes() ? 1 : 0);
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

/// AttValue, without its quotes; empty if there is none of this name.
std::string_view Tag::attribute(std::string_view wanted) const noexcept {
  std::string_view rest = std::string_view(text).substr(name().size());
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

/// Whether a quote that stands in a tag is still open: there a '>' is only a character.
bool inside_quotes(std::string_view tag) noexcept {
  char open = '\0';
  for (const char c : tag) {
    if (c == open) {
      open = '\0';
    } else if (open == '\0' && (c == '"' || c == '\'')) {
      open = c;
    }
  }
  return open != '\0';
}

/// The next tag; text in front of it is passed over.
awaitable<Tag> read_tag(PlainStream& stream) {
  co_await stream.read_through('<');
  Tag tag;
  do {
    const std::string part = co_await stream.read_through('>');
    tag.text += part;
    if (tag.text.size() > kMaxPlainPieceLen) refuse("XML", tag.text);
  } while (inside_quotes(tag.text));
  tag.text.pop_back();
  if (tag.text.starts_with('!')) refuse("XML as in RFC 6120", tag.text);
  co_return tag;
}

/// The stream's own tag, behind the XML declaration if there is one.
awaitable<void> read_stream_header(PlainStream& stream) {
  Tag tag = co_await read_tag(stream);
  if (tag.text.starts_with("?xml ")) tag = co_await read_tag(stream);
  const bool is_stream =
      tag.local_name() == "stream" && tag.declared_namespace() == kStreamNamespace;
  if (!is_stream || tag.closes() || tag.is_empty_element()) refuse("an XMPP stream", tag.text);
}

/// The tags of one element whose first one is `tag`; whether STARTTLS is among its children.
awaitable<bool> read_features(PlainStream& stream, Tag tag) {
  bool offers_start_tls = false;
  std::size_t depth = tag.is_empty_element() ? 0 : 1;
  while (depth > 0) {
    tag = co_await read_tag(stream);
    if (tag.closes()) {
      --depth;
      continue;
    }
    const bool is_start_tls =
        tag.local_name() == "starttls" && tag.declared_namespace() == kTlsNamespace;
    offers_start_tls = offers_start_tls || (depth == 1 && is_start_tls);
    if (!tag.is_empty_element()) ++depth;
  }
  co_return offers_start_tls;
}

/// `host` as the value of an attribute in single quotes. What no name and no address has is not
/// sent.
std::string escape(std::string_view host) {
  std::string out;
  for (const char c : host) {
    if (c <= ' ' || c > '~') {
      throw PlainStreamError(ErrorClass::start_tls, "not a name for XMPP: " + in_quotes(host));
    }
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

// RFC 6120, 5.4.
//   C: <stream:stream to='im.example.com' version='1.0' xmlns='jabber:client' xmlns:stream='...'>
//   S: <stream:stream from='im.example.com' id='t7AM' version='1.0' xmlns:stream='...'>
//   S: <stream:features>
//   S:   <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>
//   S: </stream:features>
//   C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
//   S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
awaitable<void> open_and_start(PlainStream& stream, std::string host, std::string content) {
  co_await stream.write("<?xml version='1.0'?><stream:stream to='" + escape(host) +
                        "' version='1.0' xmlns='" + content + "' xmlns:stream='" +
                        std::string(kStreamNamespace) + "'>");
  co_await read_stream_header(stream);
  const Tag features = co_await read_tag(stream);
  if (features.name() != "stream:features") {
    std::string said = features.text;
    if (features.local_name() == "error") {
      const Tag condition = co_await read_tag(stream);  // RFC 6120, 4.9.2
      said += "><" + condition.text;
    }
    refuse("features", said);
  }
  const bool offered = co_await read_features(stream, features);
  if (!offered) {
    throw PlainStreamError(ErrorClass::start_tls, "the server does not offer STARTTLS");
  }
  co_await stream.write("<starttls xmlns='" + std::string(kTlsNamespace) + "'/>");
  const Tag answer = co_await read_tag(stream);
  const bool proceeds = answer.local_name() == "proceed" && answer.is_empty_element() &&
                        answer.declared_namespace() == kTlsNamespace;
  if (!proceeds) refuse("proceed", answer.text);
}

}  // namespace

awaitable<void> xmpp(PlainStream& stream, std::string host) {
  co_await open_and_start(stream, std::move(host), "jabber:client");
}

awaitable<void> xmpp_server(PlainStream& stream, std::string host) {
  co_await open_and_start(stream, std::move(host), "jabber:server");
}

}  // namespace peercert::scan::conversation
