// SPDX-License-Identifier: Apache-2.0
// Everything of peercert::ssl.
#pragma once

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/ssl/channel_binding.hpp>
#include <peercert/ssl/constants.hpp>
#include <peercert/ssl/context.hpp>
#include <peercert/ssl/conversions.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/memory_bio.hpp>
#include <peercert/ssl/ocsp_staple.hpp>
#include <peercert/ssl/optional_owner.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/pin.hpp>
#include <peercert/ssl/psk.hpp>
#include <peercert/ssl/sct.hpp>
#include <peercert/ssl/server_certificate.hpp>
#include <peercert/ssl/socket.hpp>
#include <peercert/ssl/ssl_connection.hpp>
#include <peercert/ssl/ssl_object.hpp>
#include <peercert/ssl/ssl_session.hpp>
#include <peercert/ssl/ssl_socket.hpp>
