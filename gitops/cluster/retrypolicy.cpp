// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/retrypolicy.h"

#include "gitops/cluster/apierror.h"

#include <algorithm>

namespace gitops {

namespace {

using namespace std::chrono_literals;

constexpr int kMaxTries = 10;
constexpr int kMaxReadTries = 5; ///< after 5xx without Retry-After
constexpr int kMaxNetworkTries = 3;
constexpr std::chrono::milliseconds kLongestWait = 60s; ///< more than that the caller decides

bool isOverload(int status)
{
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

} // namespace

std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds first,
                                  std::chrono::milliseconds limit, std::minstd_rand& random)
{
    std::int64_t whole = first.count();
    for (int i = 1; i < attempt && whole < limit.count(); ++i)
        whole *= 2;
    whole = std::max<std::int64_t>(1, std::min<std::int64_t>(whole, limit.count()));
    const auto spread = std::int64_t(random()) % (whole / 2 + 1);
    return std::chrono::milliseconds(whole - spread);
}

std::optional<std::chrono::milliseconds> retryDelay(RequestKind kind, int attempt,
                                                    const core::Result<core::HttpResponse>& answer,
                                                    std::minstd_rand& random)
{
    if (attempt >= kMaxTries)
        return {};
    if (!answer) {
        // Network says that nothing arrived, so that a write may go again too.
        const core::ErrorCode code = answer.error().code;
        const bool again = code == core::ErrorCode::Network
            || (kind == RequestKind::Read && code == core::ErrorCode::Timeout);
        if (again && attempt < kMaxNetworkTries)
            return backoff(attempt, 100ms, 5s, random);
        return {};
    }
    const int status = answer->status;
    if (!isOverload(status))
        return {};
    if (kind == RequestKind::SingleWrite && status != 429 && status != 503)
        return {}; // it may have been done
    if (const auto after = retryAfterOf(*answer)) {
        if (*after > kLongestWait)
            return {};
        return std::max<std::chrono::milliseconds>(*after, 50ms)
            + backoff(1, 100ms, 100ms, random); // so that not all come back at once
    }
    if (kind == RequestKind::Read && attempt < kMaxReadTries)
        return backoff(attempt, 100ms, 5s, random);
    return {};
}

} // namespace gitops
