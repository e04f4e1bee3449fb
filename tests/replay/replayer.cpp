// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replayer.h"

#include "core/base/strings.h"
#include "core/value/jsonpointer.h"
#include "gitops/cluster/curltransport.h"
#include "gitops/cluster/kubeconfig.h"
#include "tests/replay/answermask.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <thread>

namespace tests {

namespace {

using core::ErrorCode;
using core::failure;

constexpr std::chrono::seconds kPatience {30};
constexpr std::chrono::milliseconds kBetween {30};

core::Json bodyOf(const core::HttpResponse& response, bool isStream)
{
    if (!isStream) {
        auto value = core::parseJson(response.body);
        return value && !response.body.empty() ? std::move(*value) : core::Json(response.body);
    }
    core::JsonArray events;
    for (std::string_view line : core::split(response.body, '\n'))
        if (!line.empty())
            events.push_back(core::parseJson(line).value_or(core::Json(line)));
    return events;
}

/// Whether the answer is the one that the step waits for.
bool holds(const core::JsonObject& until, const core::HttpResponse& response)
{
    const core::Json body = bodyOf(response, false);
    return std::ranges::all_of(until, [&](const auto& wanted) {
        if (wanted.key() == "code")
            return core::toText(wanted.value()) == std::to_string(response.status);
        const auto pointer = core::JsonPointer::parse(wanted.key());
        const core::Json* found = pointer ? pointer->find(body) : nullptr;
        if (wanted.value().is_null())
            return found == nullptr;
        return found && core::isEqual(*found, wanted.value());
    });
}

core::JsonObject maskedAnswer(AnswerMask& mask, const RequestStep& step,
                              const core::HttpResponse& response)
{
    core::JsonObject answer {{"do", step.what}, {"status", response.status}};
    core::JsonArray warnings;
    for (const auto& [name, value] : response.headers)
        if (core::equalsIgnoringCase(name, "Warning"))
            warnings.emplace_back(mask.maskedText(value));
    if (!warnings.empty())
        answer["warnings"] = std::move(warnings);
    for (const auto& [header, key] :
         {std::pair("Content-Type", "type"), std::pair("Allow", "allow"),
          std::pair("Retry-After", "retryAfter")})
        if (const std::string_view value = core::header(response.headers, header);
            !value.empty() && value != "application/json")
            answer[key] = value;
    core::Json body = bodyOf(response, step.events >= 0 && response.status == 200);
    hide(body, step.hide);
    answer["body"] = mask.masked(body);
    return answer;
}

} // namespace

struct Replayer::Run
{
    std::map<std::string, std::string> variables;
    AnswerMask mask;
};

Replayer::Replayer(gitops::Transport& transport)
    : m_transport(transport)
{
}

core::Result<std::unique_ptr<gitops::Transport>>
Replayer::connect(const std::filesystem::path& kubeconfig)
{
    const auto config = gitops::Kubeconfig::load({.explicitPath = kubeconfig.string()});
    if (!config)
        return std::unexpected(config.error());
    auto connection = config->connection();
    if (!connection)
        return std::unexpected(std::move(connection).error());
    return std::make_unique<gitops::CurlTransport>(std::move(*connection));
}

core::Result<core::HttpResponse> Replayer::send(core::HttpRequest request)
{
    std::promise<core::Result<core::HttpResponse>> answer;
    m_transport.send(std::move(request), [&answer](core::Result<core::HttpResponse> response) {
        answer.set_value(std::move(response));
    });
    return answer.get_future().get();
}

/// Until so many lines came, or the server closed.
core::Result<core::HttpResponse> Replayer::watch(core::HttpRequest request, int events)
{
    struct State
    {
        std::mutex mutex;
        core::HttpResponse response;
        std::promise<void> enough;
        std::promise<void> ended;
        bool isEnough = false;
    };
    auto state = std::make_shared<State>();
    const auto finish = [](State& s) {
        if (!std::exchange(s.isEnough, true))
            s.enough.set_value();
    };
    gitops::Transport::StreamHandler handler;
    handler.head = [state](int status, const core::HttpHeaders& headers) {
        const std::lock_guard lock(state->mutex);
        state->response.status = status;
        state->response.headers = headers;
    };
    handler.data = [state, events, finish](std::string_view data) {
        const std::lock_guard lock(state->mutex);
        state->response.body += data;
        if (state->response.status == 200
            && std::ranges::count(state->response.body, '\n') >= events)
            finish(*state);
    };
    handler.end = [state, finish](const std::optional<core::Error>&) {
        const std::lock_guard lock(state->mutex);
        finish(*state);
        state->ended.set_value();
    };
    const auto id = m_transport.stream(std::move(request), std::move(handler));
    const bool came = state->enough.get_future().wait_for(kPatience) == std::future_status::ready;
    m_transport.cancel(id);
    state->ended.get_future().wait();
    const std::lock_guard lock(state->mutex);
    if (!came || state->response.status == 0)
        return failure(ErrorCode::Timeout, "a watch did not bring its events");
    return state->response;
}

core::Result<core::HttpResponse> Replayer::sendStep(Run& run, const RequestStep& step)
{
    core::HttpRequest request;
    request.method = step.method;
    request.target = withVariables(step.target, run.variables);
    request.body = withVariables(step.body, run.variables);
    for (const auto& [name, value] : step.headers)
        request.headers.emplace_back(name, withVariables(value, run.variables));
    if (step.events >= 0)
        return watch(std::move(request), step.events);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        auto response = send(request);
        if (!response || holds(step.until, *response))
            return response;
        if (std::chrono::steady_clock::now() > end)
            return failure(ErrorCode::Timeout,
                           "the answer stays another one: " + response->body.substr(0, 1000));
        std::this_thread::sleep_for(kBetween);
    }
}

core::Result<void> Replayer::makeNamespace(const std::string& name)
{
    core::HttpRequest make;
    make.method = "POST";
    make.target = "/api/v1/namespaces";
    make.headers = {{"Content-Type", "application/json"}};
    make.body = R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + name + R"("}})";
    const auto made = send(make);
    if (!made || made->status != 201)
        return failure(ErrorCode::Unavailable, "the namespace of a script could not be made",
                       {.object = made ? made->body : made.error().text()});
    for (const char* awaited : {"/serviceaccounts/default", "/configmaps/kube-root-ca.crt"}) {
        Run run;
        RequestStep step;
        step.method = "GET";
        step.target = "/api/v1/namespaces/" + name + awaited;
        step.until["code"] = 200;
        if (auto there = sendStep(run, step); !there)
            return std::unexpected(std::move(there).error());
    }
    return {};
}

core::Result<core::Json> Replayer::replay(const RequestScript& script)
{
    Run run;
    const std::string space = script.file + "-" + script.name;
    run.variables["ns"] = space;
    const bool usesNamespace = std::ranges::any_of(script.steps, [&](const RequestStep& step) {
        return withVariables(step.target + step.body, run.variables)
            != withVariables(step.target + step.body, {});
    });
    if (usesNamespace)
        if (auto made = makeNamespace(space); !made)
            return std::unexpected(std::move(made).error());
    core::JsonArray answers;
    for (const RequestStep& step : script.steps) {
        auto response = sendStep(run, step);
        if (!response)
            return std::unexpected(
                std::move(response).error().within(script.name + ", " + step.what));
        const core::Json body = bodyOf(*response, false);
        for (const auto& [variable, text] : step.save)
            if (const auto pointer = core::JsonPointer::parse(text))
                if (const core::Json* value = pointer->find(body))
                    run.variables[variable] = value->is_string() ? std::string(value->get_string())
                                                                 : core::toText(*value);
        answers.push_back(maskedAnswer(run.mask, step, *response));
    }
    return core::Json(std::move(answers));
}

} // namespace tests
