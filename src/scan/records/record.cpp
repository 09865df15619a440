// SPDX-License-Identifier: Apache-2.0
#include <peercert/scan/record.hpp>

namespace peercert::scan {

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::dns: return "dns";
    case Phase::connect: return "connect";
    case Phase::start_tls: return "starttls";
    case Phase::handshake: return "handshake";
  }
  return {};
}

std::string_view to_string(ErrorClass error_class) noexcept {
  switch (error_class) {
    case ErrorClass::resolve: return "resolve";
    case ErrorClass::denied: return "denied";
    case ErrorClass::refused: return "refused";
    case ErrorClass::unreachable: return "unreachable";
    case ErrorClass::timeout: return "timeout";
    case ErrorClass::reset: return "reset";
    case ErrorClass::closed: return "closed";
    case ErrorClass::start_tls: return "starttls";
    case ErrorClass::not_tls: return "not-tls";
    case ErrorClass::alert: return "alert";
    case ErrorClass::tls: return "tls";
    case ErrorClass::too_costly: return "too-costly";
    case ErrorClass::internal: return "internal";
  }
  return {};
}

}  // namespace peercert::scan
