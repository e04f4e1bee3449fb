// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/httpfetch.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A server that answers at once, in the caller's thread.
class FakeFetch : public gitops::HttpFetch
{
public:
    using Answer = std::function<core::Result<core::HttpResponse>(const core::HttpRequest&)>;
    explicit FakeFetch(Answer answer)
        : m_answer(std::move(answer))
    {
    }
    void fetch(core::HttpRequest request, Handler done) override { done(m_answer(request)); }

private:
    Answer m_answer;
};

inline gitops::HttpFetchPtr fakeFetch(FakeFetch::Answer answer)
{
    return std::make_unique<FakeFetch>(std::move(answer));
}

inline core::HttpResponse answered(int status, std::string body)
{
    return {.status = status, .headers = {}, .body = std::move(body)};
}

} // namespace tests
