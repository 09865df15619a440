// SPDX-License-Identifier: Apache-2.0
// The functions of Python's ssl module that convert what getpeercert() gives.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::ssl {

/// ssl.cert_time_to_seconds(): the moment that notBefore or notAfter of the dict names, such as
/// "Jan  5 09:34:43 2018 GMT"; two leap seconds are taken as POSIX counts them. Throws ValueError
/// for other text, fractions of a second, and days that the month does not have.
std::chrono::sys_seconds cert_time_to_seconds(std::string_view cert_time);

/// ssl.DER_cert_to_PEM_cert(): a block of RFC 7468, 64 columns, with a newline at its end. What the
/// bytes mean is not checked.
std::string der_cert_to_pem_cert(Bytes der);

/// ssl.PEM_cert_to_DER_cert(): what is between the BEGIN line of a certificate, with which the text
/// starts, and the END line, with which it ends but for white space. Throws ValueError for other
/// text, and for what is not base64. What the bytes mean is not checked.
Der pem_cert_to_der_cert(std::string_view pem);

}  // namespace peercert::ssl
