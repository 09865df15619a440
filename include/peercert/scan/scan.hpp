// SPDX-License-Identifier: Apache-2.0
// Everything of peercert::scan.
#pragma once

#include <peercert/http/metrics_server.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/scan/figures.hpp>
#include <peercert/scan/metrics.hpp>
#include <peercert/scan/network_lists.hpp>
#include <peercert/scan/networks.hpp>
#include <peercert/scan/options.hpp>
#include <peercert/scan/outputs.hpp>
#include <peercert/scan/record.hpp>
#include <peercert/scan/record_columns.hpp>
#include <peercert/scan/record_view.hpp>
#include <peercert/scan/scan_job.hpp>
#include <peercert/scan/scanner.hpp>
#include <peercert/scan/sink.hpp>
#include <peercert/scan/start_tls.hpp>
#include <peercert/scan/target.hpp>
#include <peercert/scan/target_source.hpp>
