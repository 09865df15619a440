// SPDX-License-Identifier: Apache-2.0
// What --help says besides the list of options. The examples are run by tests/cli/.
#pragma once

namespace peercert::tool {

inline constexpr const char* kAbout =
    R"(peercert: who is on the other end of this TLS connection?

Usage: peercert [get] TARGET...    connect, verify, show the certificate
       peercert decode [FILE...]   show the certificates in files
       peercert verify LEAF        whether a certificate in a file is valid
)"
#ifdef PEERCERT_HAS_SCAN
    "       peercert scan [FILE]        the certificates of very many endpoints\n"
#endif
    R"(       peercert demo               see it all at work, no network needed
       peercert COMMAND --help     more about each, with its options
)";

inline constexpr const char* kFooter = R"(
Examples:
  peercert example.org
  peercert --cafile ca.pem --format python 127.0.0.1:8443
  peercert decode --format json chain.pem
)";

inline constexpr const char* kGetAbout = R"(Connect, verify, and show the certificate.

Usage: peercert [get] [OPTIONS] TARGET...

TARGET is HOST, HOST:PORT, [IPV6]:PORT, an IPv6 address, or https://HOST/...; the port is 443
if none is given. Several targets are visited one after the other.

Examples:
  peercert example.org                             verify with the system's authorities
  peercert --cafile ca.pem 127.0.0.1:8443          verify with an authority of your own
  peercert --servername www.example 192.0.2.7      ask an address for a name
  peercert --cert me.pem --key me.key example.org  present a certificate of your own
  peercert --verify none self-signed.example       look at it, whatever it is
  peercert --format python example.org             repr(sock.getpeercert())
  peercert --format pem --chain sent example.org   save all that the server sent
)";

inline constexpr const char* kGetFooter = R"(
Formats:
  text    the verdict, then the certificate, to be looked at
  json    one line for each target, with the verdict (docs/formats.md)
  python  repr(sock.getpeercert()): the dict; {} with --verify none
  pem     the server's certificate, or the --chain asked for
  der     getpeercert(True), for a file or a pipe
text and json show every certificate; python, pem and der none that failed verification.

Exit status:
  0  every target gave a certificate, verified as asked
  1  a certificate was not verified
  2  the command line is wrong, or a file that it names
  3  no connection: name, network, timeout
  4  TLS failed for another reason
  5  the certificate cannot be presented
  6  the output could not be written
Of several targets that fail, the first in the order 1, 5, 4, 3.
)";

inline constexpr const char* kDecodeAbout = R"(Show the certificates in files. Nothing is verified.

Usage: peercert decode [OPTIONS] [FILE...]

FILE holds certificates as PEM, with any text between them, or as DER, one behind the other, alone
or each behind its length (docs/formats.md). '-', or no FILE at all, is standard input. Files may
be of any size: memory does not grow with them.

Examples:
  peercert decode server.pem                       read it
  peercert decode --format python server.pem       the dict that getpeercert() would give
  peercert decode --format json *.pem              one line for each certificate
  peercert decode --format der < a.pem > a.der     convert
  peercert decode --jobs 2 --format json a.pem     with two threads, in the order of the file
  peercert decode --details server.pem             all that openssl x509 -text shows, and more
  peercert decode --findings server.pem            and what the standards have against it
)";

inline constexpr const char* kDecodeFooter = R"(
A certificate that cannot be decoded is reported, and the rest goes on. In its place python has
a line "# SOURCE: ERROR: message", and json an object with "error" (docs/formats.md). text shows
what can be read of it. --findings and --strict are about what Python and OpenSSL tolerate: all
that is found is listed in docs/findings.md.

Exit status:
  0  every certificate was decoded
  2  the command line is wrong
  5  a file could not be read, has no certificate, or one that cannot be decoded, or that
     --strict refuses
  6  the output could not be written
)";

inline constexpr const char* kVerifyAbout =
    R"(Say whether a certificate in a file is valid, without a connection.

Usage: peercert verify [OPTIONS] LEAF --cafile FILE

LEAF holds the certificate, and perhaps others behind it, which are taken for --untrusted ones.
'-' is standard input. All files hold PEM or DER.

Examples:
  peercert verify chain.pem --cafile ca.pem --hostname www.example
  peercert verify server.pem --cafile ca.pem --untrusted chain.pem --crl issuer.crl
  peercert verify me.pem --cafile ca.pem --purpose client --format json
  peercert verify chain.pem --cafile ca.pem --profile openssl
)";

inline constexpr const char* kVerifyFooter = R"(
Profiles:
  openssl  OpenSSL's rules, as Python's default context has them
  webpki   those, and what RFC 5280, RFC 9525 and browsers ask besides (docs/verify.md)
  cabf     those, and what the CA/Browser Forum asks of issuers
Without --hostname, --ip and --email it is not looked at whom LEAF names.

Exit status:
  0  LEAF is valid
  1  it is not, for the reasons that are shown
  2  the command line is wrong
  5  a file could not be read, or holds what is no certificate or CRL
  6  the output could not be written
)";

inline constexpr const char* kScanAbout =
    R"(Fetch the certificates of very many endpoints, thousands at a time.

Usage: peercert scan [OPTIONS] [FILE]

FILE has a target on each line: HOST, HOST:PORT, an address, [IPV6]:PORT, a network such as
192.0.2.0/24, or a URL, with ",SERVERNAME" behind it to ask for another name. '-', or no FILE at
all, is standard input. docs/scan.md has all of it.

Examples:
  peercert scan targets.txt --output result.jsonl
  peercert scan targets.txt --output result.db --resume state --concurrency 5000
  peercert scan --starttls auto --mx domains.txt --output mail.csv
  peercert scan targets.txt --present-only --port 443 --port 8443
)";

inline constexpr const char* kScanFooter = R"(
Outputs by their endings: .jsonl, .csv, .db, .txt; .zst behind one of lines compresses it.
Every target gets one record, whatever becomes of it. A verdict decides nothing here: the scan
goes on.

Exit status:
  0  every target has its record
  2  the command line is wrong, or a file that it names
  6  an output could not be written
  7  a signal ended it first: with --resume the same command goes on
)";

inline constexpr const char* kDemoAbout = R"(See it all at work.

Usage: peercert demo

Makes a private authority, a server certificate and a client certificate in memory, holds
mutual TLS conversations on 127.0.0.1, and shows the six answers of getpeercert() on the way.
Needs no network and leaves nothing behind.
)";

}  // namespace peercert::tool
