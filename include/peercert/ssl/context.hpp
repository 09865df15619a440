// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/ssl/constants.hpp>
#include <peercert/ssl/psk.hpp>
#include <peercert/ssl/ssl_object.hpp>
#include <peercert/ssl/ssl_socket.hpp>
#include <peercert/verify/verifier.hpp>

struct ossl_lib_ctx_st;  // OpenSSL's OSSL_LIB_CTX
struct ssl_ctx_st;       // OpenSSL's SSL_CTX

namespace peercert::ssl {

/// Trust anchors. At least one member has to be set.
struct VerifyLocations {
  std::filesystem::path cafile{};  // PEM certificates and CRLs
  std::filesystem::path capath{};  // a directory of hashed names, read lazily, issuer by issuer
  std::string cadata{};            // PEM certificates, any text between them; or concatenated DER
};

/// Gives the password of an encrypted private key; called once, and only if one is needed.
using PasswordCallback = std::function<std::string()>;

/// What the encrypted key of load_cert_chain() needs. Empty: OpenSSL is not allowed to ask a
/// terminal.
struct Password {
  Password() = default;
  Password(std::string text) : callback([t = std::move(text)] { return t; }) {}  // this password
  Password(const char* text) : Password(std::string(text)) {}
  Password(PasswordCallback function) : callback(std::move(function)) {}
  PasswordCallback callback;  // gives the password; empty: there is none
};

/// Called with the name of the server that a client asks for (SNI, RFC 6066, 3), nullopt if none,
/// before the handshake has decided anything. It may give the connection another context by
/// set_context(), and must do nothing else with it. A result ends the handshake with that alert. If
/// it throws, the peer gets the alert handshake_failure, and the call that ran the handshake throws
/// the same exception.
using SniCallback = std::function<std::optional<AlertDescription>(
    SSLConnection& connection, std::optional<std::string_view> server_name)>;

/// How often what happened to the sessions of a context.
struct SessionStats {
  long number = 0;                                              // in the cache now
  long connect = 0, connect_good = 0, connect_renegotiate = 0;  // handshakes of clients
  long accept = 0, accept_good = 0, accept_renegotiate = 0;     // handshakes of servers
  long hits = 0, misses = 0, timeouts = 0, cache_full = 0;      // of the server's cache
};

/// What is in a context's store: certificates, those of them that are CAs, and CRLs.
struct CertStoreStats {
  std::size_t x509 = 0, x509_ca = 0, crl = 0;  // certificates, CAs of them, CRLs
};

/// Python's ssl.SSLContext: settings, certificates and trust anchors shared by many connections,
/// which keep them alive. Moved, never copied: two contexts never share settings. Configure it from
/// one thread before connections are made; then any number of threads may wrap sockets with it. As
/// in Python, what is set later holds for later connections only; but trust anchors, the profile
/// and callbacks are looked up by handshakes that are still running as well.
class SSLContext {
 public:
  /// Python's defaults: a client requires a verified certificate that names the host; a server asks
  /// for no certificate. TLS 1.2 is the minimum. No trust anchors are loaded.
  explicit SSLContext(Protocol protocol);
  SSLContext(SSLContext&&) noexcept = default;
  SSLContext& operator=(SSLContext&&) noexcept = default;
  ~SSLContext() = default;

  Protocol protocol() const noexcept;  // as it was made with

  VerifyMode verify_mode() const noexcept;  // whether peers are verified
  /// Throws ValueError for VerifyMode::none while check_hostname() is on.
  void set_verify_mode(VerifyMode mode);

  bool check_hostname() const noexcept;  // whether the host's name is compared
  /// Switching it on raises a verify_mode() of none to required.
  void set_check_hostname(bool on);

  /// Whether a certificate without dNSName is compared by its commonName, as Python does by
  /// default. RFC 9525, 2, forbids it: with another verify_profile() than OpenSSL's it never
  /// happens, whatever is set here, before or after it.
  bool hostname_checks_common_name() const noexcept;
  void set_hostname_checks_common_name(bool on) noexcept;

  VerifyFlags verify_flags() const noexcept;  // of X509_VERIFY_PARAM
  void set_verify_flags(VerifyFlags flags);   // sets these, clears all others

  /// Whose rules a peer's certificate has to satisfy: OpenSSL's, as in Python, or check_webpki()'s
  /// or check_cabf()'s besides, of a server's certificate on a client and of a client's on a
  /// server. What breaks one fails the handshake with its sentence
  /// (X509_V_ERR_APPLICATION_VERIFICATION). Wildcards over domains of several labels are refused if
  /// `is_public_suffix` knows the domain. To be set before connections are made. Throws
  /// std::bad_alloc.
  verify::VerifyProfile verify_profile() const noexcept;
  void set_verify_profile(verify::VerifyProfile profile,
                          verify::PublicSuffixTest is_public_suffix = nullptr);

  TLSVersion minimum_version() const noexcept;  // TLS 1.2 at first
  void set_minimum_version(TLSVersion version);
  TLSVersion maximum_version() const noexcept;  // the newest at first
  void set_maximum_version(TLSVersion version);

  /// OpenSSL's SSL_OP_* bits.
  std::uint64_t options() const noexcept;
  void set_options(std::uint64_t options) noexcept;

  int security_level() const noexcept;  // OpenSSL's, 0 to 5

  /// OpenSSL's cipher string for TLS 1.2 and below. Throws SSLError "No cipher can be selected.".
  void set_ciphers(const std::string& ciphers);
  /// The names of the enabled ciphers, TLS 1.3 first.
  std::vector<std::string> get_ciphers() const;

  /// The one curve of the key exchange, by OpenSSL's short name: "prime256v1", "X25519". Throws
  /// ValueError for a name that OpenSSL does not know.
  void set_ecdh_curve(const std::string& name);
  /// A server's Diffie-Hellman parameters, PEM. Throws as load_cert_chain() does.
  void load_dh_params(const std::filesystem::path& file);

  /// ALPN, RFC 7301: what a client offers or a server prefers, first best. Throws SSLError for a
  /// name that is not 1 to 255 bytes long.
  void set_alpn_protocols(const std::vector<std::string>& protocols);

  /// Adds trust anchors. Throws ValueError if none is given, std::system_error for a file that
  /// cannot be read, SSLError for contents that are not certificates.
  void load_verify_locations(const VerifyLocations& locations);

  /// Adds the system's trust anchors, both read lazily: OpenSSL's hashed directory issuer by
  /// issuer, and its file when an issuer is not in the directory. SSL_CERT_DIR and SSL_CERT_FILE
  /// override them. Whether they exist is not checked.
  void load_default_certs();

  /// The same: on Linux Python has two names for it.
  void set_default_verify_paths() { load_default_certs(); }

  /// The CAs that were loaded, as getpeercert() presents a certificate; those of a directory once
  /// they have been used. Throws as getpeercert() does.
  std::vector<PeerCert> get_ca_certs() const;
  std::vector<Der> get_ca_certs(binary_form_t) const;
  CertStoreStats cert_store_stats() const;  // of what is loaded so far

  /// The certificate to present, leaf first, and its private key (in `certfile` too, if no
  /// keyfile). Throws std::system_error for a file that cannot be read, SSLError for contents that
  /// do not parse, a wrong password, or a key that does not match (reason KEY_VALUES_MISMATCH).
  void load_cert_chain(const std::filesystem::path& certfile,
                       const std::filesystem::path& keyfile = {}, const Password& password = {});
  /// The same from PEM text in memory.
  void load_cert_chain_data(std::string_view certificates_pem, std::string_view private_key_pem,
                            const Password& password = {});

  /// How many tickets a TLS 1.3 server gives each client, 2 at first. Setting it throws ValueError
  /// on a client's context.
  std::size_t num_tickets() const noexcept;
  void set_num_tickets(std::size_t num_tickets);
  SessionStats session_stats() const noexcept;  // counts since the context was made

  /// Called once for each connection, by the threads that run them, on its ClientHello, before a
  /// session is looked for; an empty function is none. A session of another context is resumed only
  /// if that asks the same of clients. Throws ValueError on a client's context. A name that is not
  /// ASCII is refused without a call.
  void set_sni_callback(SniCallback callback);

  /// Pre-shared keys in place of certificates; an empty function switches them off. TLS 1.3 needs
  /// nothing else; TLS 1.2 also needs set_ciphers() with suites for them ("PSK"). Whoever has the
  /// key is the peer: no certificate is asked for, whatever verify_mode() and check_hostname() say,
  /// and getpeercert() gives nullopt. An exception of a callback ends the handshake with an alert,
  /// and the call that ran it throws the exception. Throws SSLError on a context of the other side.
  void set_psk_client_callback(PskClientCallback callback);
  /// The hint goes to TLS 1.2 clients. It has at most 256 bytes: SSLError if there are more,
  /// ValueError for a NUL. Empty: Python's None.
  void set_psk_server_callback(PskServerCallback callback, const std::string& identity_hint = {});

  /// Client certificates asked for after the handshake, RFC 8446, 4.6.2: whether a client offers
  /// it, and whether a server puts off asking until verify_client_post_handshake(). TLS 1.3 only.
  bool post_handshake_auth() const noexcept;
  void set_post_handshake_auth(bool on) noexcept;

  /// The file that the secrets of the connections are appended to, for Wireshark; whoever reads it
  /// reads what they carry. Empty: none. Throws std::system_error.
  const std::filesystem::path& keylog_filename() const& noexcept PEERCERT_LIFETIMEBOUND;
  std::filesystem::path keylog_filename() && = delete;
  void set_keylog_filename(const std::filesystem::path& file);

  /// Makes a connection of a connected or listening socket, and runs the handshake unless the
  /// options say otherwise. Throws ValueError for check_hostname() without a server_hostname,
  /// SSLError for the wrong side, and what do_handshake() throws; the socket is then closed.
  [[nodiscard]] SSLSocket wrap_socket(Socket socket, const WrapOptions& options = {}) const;

  /// Makes a connection that does no I/O: it reads what the peer sent from `incoming` and writes
  /// what the peer is to get to `outgoing`. No handshake is run. Throws as wrap_socket() does; a
  /// server_hostname is required where it is to be checked, though Python does without.
  [[nodiscard]] SSLObject wrap_bio(const MemoryBIO& incoming, const MemoryBIO& outgoing,
                                   const BioOptions& options = {}) const;

  /// OpenSSL's SSL_CTX, owned by this context.
  ssl_ctx_st* native_handle() const& noexcept PEERCERT_LIFETIMEBOUND;
  ssl_ctx_st* native_handle() && = delete;

  /// The shared part; defined and used by the library's sources alone.
  struct State;

 private:
  SSLContext(Protocol protocol, ossl_lib_ctx_st* library);
  explicit SSLContext(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

/// ssl.get_default_verify_paths(): where OpenSSL was built to look for trust anchors, the variables
/// that say otherwise, and what load_default_certs() takes, nullopt if it is not there.
struct DefaultVerifyPaths {
  std::optional<std::filesystem::path> cafile{}, capath{};  // what is used
  std::string openssl_cafile_env{};                         // "SSL_CERT_FILE"
  std::filesystem::path openssl_cafile{};                   // OpenSSL's own file
  std::string openssl_capath_env{};                         // "SSL_CERT_DIR"
  std::filesystem::path openssl_capath{};                   // OpenSSL's own directory
};
DefaultVerifyPaths get_default_verify_paths();  // looked up at each call

/// ssl.create_default_context() of CPython 3.13: certificates required and host names checked
/// (Purpose::client_auth: a server that asks for none), X509_STRICT and PARTIAL_CHAIN, the given
/// trust anchors or else the system's, and SSLKEYLOGFILE honoured.
SSLContext create_default_context(Purpose purpose = Purpose::server_auth,
                                  const VerifyLocations& locations = {});

}  // namespace peercert::ssl
