// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"

#include "core/base/strings.h"

#include <cstdio>
#include <cstdlib>

namespace tests {

using gitops::practice::ApiServer;
using gitops::practice::MemoryStorage;

void CollectingSink::data(const std::shared_ptr<const std::string>& lines)
{
    text += *lines;
}

std::vector<core::Json> CollectingSink::take()
{
    std::vector<core::Json> events;
    for (std::string_view line : core::split(text, '\n'))
        if (!line.empty())
            events.push_back(core::parseJson(line).value_or(core::Json()));
    text.clear();
    return events;
}

std::vector<std::string> CollectingSink::takeNames()
{
    std::vector<std::string> names;
    for (const core::Json& event : take()) {
        std::string name(core::stringAt(event, {"type"}));
        if (const auto object = core::stringAt(event, {"object", "metadata", "name"});
            !object.empty())
            name += " " + std::string(object);
        names.push_back(std::move(name));
    }
    return names;
}

TestServer::TestServer(ApiServer::Options options,
                       std::unique_ptr<gitops::practice::Storage> storage)
{
    if (!storage)
        storage = std::make_unique<MemoryStorage>();
    auto made = ApiServer::make(std::move(storage), m_clock, std::move(options));
    if (!made) {
        std::fprintf(stderr, "%s\n", made.error().text().c_str());
        std::abort();
    }
    m_server = std::move(*made);
}

core::HttpResponse TestServer::send(const std::string& method, const std::string& target,
                                    const std::string& body, const std::string& contentType,
                                    const std::string& accept)
{
    core::HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"User-Agent", "tester/1.0"}};
    if (!contentType.empty())
        request.headers.emplace_back("Content-Type", contentType);
    if (!accept.empty())
        request.headers.emplace_back("Accept", accept);
    return m_server->handle(request);
}

core::Json TestServer::get(const std::string& target)
{
    return jsonOf(send("GET", target));
}

core::HttpResponse TestServer::apply(const std::string& target, const std::string& body)
{
    const bool hasManager = target.find("fieldManager=") != std::string::npos;
    const std::string separator = target.find('?') == std::string::npos ? "?" : "&";
    return send("PATCH", hasManager ? target : target + separator + "fieldManager=tester", body,
                "application/apply-patch+yaml");
}

std::shared_ptr<CollectingSink> TestServer::watch(const std::string& target)
{
    core::HttpRequest request;
    request.target = target;
    auto sink = std::make_shared<CollectingSink>();
    const auto id = m_server->watch(request, {}, sink);
    if (!id)
        sink->text = "refused " + std::to_string(id.error().status) + " " + id.error().body;
    return sink;
}

core::Json jsonOf(const core::HttpResponse& response)
{
    return core::parseJson(response.body).value_or(core::Json());
}

std::string text(const core::Json& object, std::initializer_list<std::string_view> path)
{
    const core::Json* value = core::findPath(object, path);
    if (!value)
        return "<absent>";
    return value->is_string() ? std::string(value->get_string()) : core::toText(*value);
}

} // namespace tests
