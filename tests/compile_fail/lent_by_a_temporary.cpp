// SPDX-License-Identifier: Apache-2.0
// Memory of an object that is gone at the end of the statement. Each mistake is compiled alone.
// error: deleted function
#include <type_traits>

#include <peercert/adapters/httplib.hpp>
#include <peercert/base/finding.hpp>
#include <peercert/peer/alt_name_text.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/output.hpp>
#include <peercert/scan/target.hpp>
#include <peercert/ssl/ssl.hpp>
#include <peercert/x509/object_names.hpp>

using namespace peercert;
using namespace peercert::ssl;

template <class T>
T make();

#if MISTAKE == 1
auto lent = make<Certificate>().view();
#elif MISTAKE == 2
auto lent = make<Certificate>().der();
#elif MISTAKE == 3
auto lent = ObjectText(Bytes()).view();
#elif MISTAKE == 4
auto lent = Output().view();
#elif MISTAKE == 5
auto& lent = PeerCertDecoder().certificate();
#elif MISTAKE == 6
auto lent = make<Findings>().first_error();
#elif MISTAKE == 7
auto lent = make<Findings>().begin();
#elif MISTAKE == 8
auto lent = make<Findings>().end();
#elif MISTAKE == 9
auto lent = make<SSLContext>().native_handle();
#elif MISTAKE == 10
auto& lent = make<SSLContext>().keylog_filename();
#elif MISTAKE == 11
auto lent = make<SSLSocket>().native_handle();
#elif MISTAKE == 12
auto& lent = make<SSLSocket>().context();
#elif MISTAKE == 13
auto& lent = make<SSLSocket>().server_hostname();
#elif MISTAKE == 14
auto lent = make<MemoryBIO>().native_handle();
#elif MISTAKE == 15
auto lent = make<SSLSession>().native_handle();
#elif MISTAKE == 16
auto lent = make<PeerIdentity>().certificate();
#elif MISTAKE == 17
auto lent = AltNameText(GeneralName()).text();
#elif MISTAKE == 18
auto lent = make<scan::Target>().reference_name();
#elif MISTAKE == 19
auto lent = Output().reserve(1);
#elif MISTAKE == 20
auto lent = make<Findings>().items();
#elif MISTAKE == 21
auto lent = PeerCertDecoder().decode(Bytes());
#elif MISTAKE == 22
auto lent = make<PresentedSct>().view();
#elif MISTAKE == 23
auto& lent = (*make<Result<Certificate> >()).view();
#elif MISTAKE == 24
auto& lent = make<Result<Certificate> >() -> view();
#elif MISTAKE == 25
auto lent = make<SSLSocket>().session() -> native_handle();
#elif MISTAKE == 26
auto lent = (*make<SSLSocket>().session()).native_handle();
#elif MISTAKE == 27
auto lent = make<SSLSocket>().session().value().native_handle();
#elif MISTAKE == 28
auto lent = make<SSLSocket>().peer_identity().certificate();
#elif MISTAKE == 29
auto lent = make<HttplibPeer>().identity() -> certificate();
#elif MISTAKE == 30
auto lent = (*make<HttplibPeer>().identity()).certificate();
#elif MISTAKE == 31
auto lent = make<HttplibPeer>().identity().value().certificate();
#elif MISTAKE == 32
auto& lent = make<HttplibPeer>().identity() -> errors();
#else
// What stays may lend, and so may a view, which lends what somebody else owns.
bool use(const HttplibPeer& peer, const SSLSocket& socket, Bytes der) {
  const auto identity = peer.identity();
  const auto session = socket.session();
  const auto certificate = Certificate::from_der(der);
  return identity && identity->certificate() != nullptr && session && session->native_handle() &&
         certificate &&
         certificate->view().der().size() == CertificateView::parse(der)->der().size();
}
// These give values of their own.
static_assert(!std::is_reference_v<decltype(make<PeerIdentity>().verified())>);
static_assert(!std::is_pointer_v<decltype(make<PeerIdentity>().verified())>);
static_assert(!std::is_reference_v<decltype(make<PeerIdentity>().errors())>);
static_assert(std::is_same_v<decltype(make<VerifiedPeer>().spiffe_id().id.uri), std::string>);
static_assert(!std::is_reference_v<decltype(make<PeerIdentity>().chain_sent())>);
static_assert(!std::is_reference_v<decltype(make<PeerIdentity>().reason())>);
static_assert(!std::is_reference_v<decltype(make<VerifiedPeer>().certificate())>);
static_assert(!std::is_reference_v<decltype(make<VerifiedPeer>().chain())>);
static_assert(!std::is_reference_v<decltype(make<VerifiedPeer>().name())>);
static_assert(!std::is_reference_v<decltype(make<SSLSocket>().timeout())>);
static_assert(!std::is_reference_v<decltype(make<SSLError>().library())>);
static_assert(!std::is_reference_v<decltype(make<SSLError>().reason())>);
static_assert(!std::is_reference_v<decltype(make<SSLCertVerificationError>().verify_message())>);
#endif
