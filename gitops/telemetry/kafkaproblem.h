// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string_view>

namespace gitops {

/// Why a Kafka client does not get through, in one sentence that names the broker's address and
/// what to change: of what librdkafka said ("ssl://b:9093/bootstrap: SSL handshake failed: …") and
/// what OpenSSL thinks of the broker's certificate (0: nothing). hasCertificate: we showed one of
/// our own.
core::Error kafkaProblem(std::string_view said, int certificateError, bool hasCertificate);

} // namespace gitops
