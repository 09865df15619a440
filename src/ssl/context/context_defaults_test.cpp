// SPDX-License-Identifier: Apache-2.0
// Our defaults beside CPython's: pinned to those of 3.13, and printed with those of the Python at
// hand.
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/context.hpp>

namespace peercert::ssl {
namespace {

using Settings = std::map<std::string, std::string>;

constexpr const char* kPythonScript = R"(
import ssl, sys
def show(name, c):
    values = dict(
        protocol=int(c.protocol), verify_mode=int(c.verify_mode),
        check_hostname=int(c.check_hostname), verify_flags=int(c.verify_flags),
        minimum_version=int(c.minimum_version), maximum_version=int(c.maximum_version),
        options=hex(c.options & 0xffffffff), security_level=getattr(c, 'security_level', '?'),
        num_tickets=c.num_tickets, ciphers=':'.join(x['name'] for x in c.get_ciphers()))
    for key, value in values.items():
        print(f'{name}.{key}', value)
print('python', '%d.%d' % sys.version_info[:2])
show('client', ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
show('server', ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
show('default_client', ssl.create_default_context())
show('default_server', ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))
)";

/// What CPython 3.13 on OpenSSL 3.0 has.
const Settings kCPython313 = {
    {"client.protocol", "16"},
    {"client.verify_mode", "2"},
    {"client.check_hostname", "1"},
    {"client.verify_flags", "32768"},
    {"client.minimum_version", "771"},
    {"client.maximum_version", "-1"},
    {"client.options", "0x82520050"},
    {"client.security_level", "2"},
    {"client.num_tickets", "2"},
    {"server.protocol", "17"},
    {"server.verify_mode", "0"},
    {"server.check_hostname", "0"},
    {"server.verify_flags", "32768"},
    {"server.minimum_version", "771"},
    {"server.maximum_version", "-1"},
    {"server.options", "0x82520050"},
    {"server.security_level", "2"},
    {"server.num_tickets", "2"},
    {"default_client.verify_mode", "2"},
    {"default_client.check_hostname", "1"},
    {"default_client.verify_flags", "557088"},
    {"default_server.verify_mode", "0"},
    {"default_server.check_hostname", "0"},
    {"default_server.verify_flags", "557088"},
};

void add(Settings& settings, const std::string& name, const SSLContext& context) {
  const auto set = [&](const char* key, auto value) {
    settings[name + "." + key] = std::to_string(value);
  };
  set("protocol", static_cast<int>(context.protocol()));
  set("verify_mode", static_cast<int>(context.verify_mode()));
  set("check_hostname", static_cast<int>(context.check_hostname()));
  set("verify_flags", static_cast<unsigned long>(context.verify_flags()));
  set("minimum_version", static_cast<int>(context.minimum_version()));
  set("maximum_version", static_cast<int>(context.maximum_version()));
  set("security_level", context.security_level());
  set("num_tickets", SSL_CTX_get_num_tickets(context.native_handle()));
  std::ostringstream options;
  options << std::hex << "0x" << context.options();
  settings[name + ".options"] = options.str();
  std::string& ciphers = settings[name + ".ciphers"];
  for (const std::string& cipher : context.get_ciphers()) {
    ciphers += (ciphers.empty() ? "" : ":") + cipher;
  }
}

Settings own_settings() {
  Settings settings;
  add(settings, "client", SSLContext(Protocol::tls_client));
  add(settings, "server", SSLContext(Protocol::tls_server));
  add(settings, "default_client", create_default_context(Purpose::server_auth));
  add(settings, "default_server", create_default_context(Purpose::client_auth));
  return settings;
}

/// Python's, empty if there is no python3.
Settings python_settings() {
  const std::string command = "python3 -c '" + [] {
    std::string script = kPythonScript;  // within single quotes of the shell
    for (std::size_t at = 0; (at = script.find('\'', at)) != script.npos;) script[at] = '"';
    return script;
  }() + "' 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  Settings settings;
  std::array<char, 4096> line{};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::string key, value;
    std::istringstream(line.data()) >> key >> value;
    settings[key] = value;
  }
  return settings;
}

TEST(ContextDefaults, AreThoseOfCPython313) {
  const Settings own = own_settings();
  for (const auto& [key, value] : kCPython313) EXPECT_EQ(own.at(key), value) << key;
}

TEST(ContextDefaults, OfWhatCannotBeAskedInPython) {
  const SSLContext context(Protocol::tls_client);
  SSL_CTX* ctx = context.native_handle();
  EXPECT_NE(SSL_CTX_get_mode(ctx) & SSL_MODE_RELEASE_BUFFERS, 0);
  EXPECT_EQ(X509_VERIFY_PARAM_get_hostflags(SSL_CTX_get0_param(ctx)),
            unsigned{X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS});
}

TEST(ContextDefaults, BesideThePythonAtHand) {
  Settings python = python_settings();
  if (python.empty()) GTEST_SKIP() << "no python3";
  const std::string version = python["python"];
  python.erase("python");
  const Settings own = own_settings();
  // Before 3.13 create_default_context() had fewer flags, and other Pythons may be built otherwise.
  const bool compares = version == "3.13";
  for (const auto& [key, value] : python) {
    std::printf("%-30s ours %-12s Python %s's %s\n", key.c_str(), own.at(key).c_str(),
                version.c_str(), value.c_str());
    if (compares) {
      EXPECT_EQ(own.at(key), value) << key;
    }
  }
}

}  // namespace
}  // namespace peercert::ssl
