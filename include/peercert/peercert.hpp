// SPDX-License-Identifier: Apache-2.0
// Everything that needs no TLS library: bytes to certificate to dict to text.
// For connections include <peercert/ssl/ssl.hpp>.
#pragma once

#include <peercert/base/finding.hpp>
#include <peercert/base/result.hpp>
#include <peercert/base/version.hpp>
#include <peercert/columns/certificate_columns.hpp>
#include <peercert/columns/csv_row.hpp>
#include <peercert/columns/json_values.hpp>
#include <peercert/peer/client_cert_header.hpp>
#include <peercert/peer/match.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/certificate_json.hpp>
#include <peercert/render/extension.hpp>
#include <peercert/render/json.hpp>
#include <peercert/render/partial_text.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/certificate.hpp>
#include <peercert/x509/extensions.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/partial_certificate.hpp>
#include <peercert/x509/pem.hpp>
#include <peercert/x509/spiffe.hpp>
