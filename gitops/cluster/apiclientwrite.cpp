// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/http.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/apiclientprivate.h"
#include "gitops/cluster/apierror.h"
#include "gitops/cluster/jsonbody.h"

namespace gitops {

namespace {

core::HttpRequest writeRequest(std::string_view method, std::string target,
                               std::string_view contentType, std::string body)
{
    core::HttpRequest request;
    request.method = method;
    request.target = std::move(target);
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", contentType);
    request.body = std::move(body);
    return request;
}

/// Which object a write is about, and how its answer is to be read.
struct WriteContext
{
    std::string object;
    bool isSensitive = false;
    bool isDryRun = false;
};

core::Error transportError(core::Error error, const WriteContext& context)
{
    // Nothing is stored in a dry-run: not to know its outcome is only to have no answer.
    if (context.isDryRun && error.code == core::ErrorCode::UnknownOutcome)
        error.code = core::ErrorCode::Timeout;
    return error;
}

core::Result<ApiObject> objectFrom(core::Result<core::HttpResponse> answer,
                                   const WriteContext& context)
{
    if (!answer)
        return std::unexpected(transportError(std::move(answer.error()), context));
    if (answer->status < 200 || answer->status > 299) {
        core::Error error = writeErrorFromResponse(*answer, context.isSensitive, context.isDryRun);
        error.place.object = context.object;
        return std::unexpected(std::move(error));
    }
    auto body = parseBody(answer->body);
    if (!body || !body->is_object())
        return core::failure(context.isDryRun ? core::ErrorCode::Internal
                                              : core::ErrorCode::UnknownOutcome,
                             "the server accepted the write with an answer that cannot be read",
                             {.object = context.object}, core::Fault::Cluster);
    return ApiObject {std::move(*body), answer->status == 201, warningsOf(answer->headers)};
}

ApiCaller::Handler objectHandler(WriteContext context, ApiClient::ObjectHandler done)
{
    return [context = std::move(context),
            done = std::move(done)](core::Result<core::HttpResponse> answer) {
        done(objectFrom(std::move(answer), context));
    };
}

} // namespace

void ApiClient::apply(const ApiResource& resource, const std::string& namespaceName,
                      const std::string& name, std::string body, const ApplyOptions& options,
                      ObjectHandler done)
{
    ApiQuery query;
    query.add("fieldManager", options.fieldManager)
        .add("force", options.force ? "true" : "false")
        .add("fieldValidation", options.strictValidation ? "Strict" : "Warn")
        .addIf(options.dryRun, "dryRun", "All");
    d->caller->send(writeRequest("PATCH", resource.path(namespaceName, name) + query.text(),
                                 "application/apply-patch+yaml", std::move(body)),
                    RequestKind::RepeatableWrite,
                    objectHandler({describe(resource, namespaceName, name), isSensitive(resource),
                                   options.dryRun},
                                  std::move(done)));
}

void ApiClient::create(const ApiResource& resource, const std::string& namespaceName,
                       std::string body, bool dryRun, ObjectHandler done)
{
    ApiQuery query;
    query.add("fieldManager", core::kFieldManager)
        .add("fieldValidation", "Warn")
        .addIf(dryRun, "dryRun", "All");
    d->caller->send(writeRequest("POST", resource.path(namespaceName, {}) + query.text(),
                                 "application/json", std::move(body)),
                    dryRun ? RequestKind::RepeatableWrite : RequestKind::SingleWrite,
                    objectHandler({describe(resource, {}, {}), isSensitive(resource), dryRun},
                                  std::move(done)));
}

void ApiClient::replace(const ApiResource& resource, const std::string& namespaceName,
                        const std::string& name, std::string body, bool dryRun, ObjectHandler done)
{
    ApiQuery query;
    query.add("fieldManager", core::kFieldManager)
        .add("fieldValidation", "Warn")
        .addIf(dryRun, "dryRun", "All");
    d->caller->send(
        writeRequest("PUT", resource.path(namespaceName, name) + query.text(), "application/json",
                     std::move(body)),
        dryRun ? RequestKind::RepeatableWrite : RequestKind::SingleWrite,
        objectHandler({describe(resource, namespaceName, name), isSensitive(resource), dryRun},
                      std::move(done)));
}

void ApiClient::patch(const ApiResource& resource, const std::string& namespaceName,
                      const std::string& name, std::string_view contentType, std::string body,
                      const std::string& subresource, ObjectHandler done)
{
    ApiQuery query;
    query.add("fieldManager", core::kFieldManager).add("fieldValidation", "Warn");
    d->caller->send(
        writeRequest("PATCH", resource.path(namespaceName, name, subresource) + query.text(),
                     contentType, std::move(body)),
        RequestKind::SingleWrite,
        objectHandler({describe(resource, namespaceName, name), isSensitive(resource), false},
                      std::move(done)));
}

void ApiClient::remove(const ApiResource& resource, const std::string& namespaceName,
                       const std::string& name, const DeleteOptions& options,
                       std::function<void(core::Result<void>)> done)
{
    core::JsonObject body;
    body["kind"] = "DeleteOptions";
    body["apiVersion"] = "v1";
    body["propagationPolicy"] = options.propagationPolicy;
    if (!options.uid.empty())
        body["preconditions"] = core::JsonObject {{"uid", options.uid}};
    if (options.dryRun)
        body["dryRun"] = core::JsonArray {"All"};
    const WriteContext context {describe(resource, namespaceName, name), isSensitive(resource),
                                options.dryRun};
    // With a uid a second try cannot hit another object.
    const RequestKind kind =
        options.uid.empty() ? RequestKind::SingleWrite : RequestKind::RepeatableWrite;
    d->caller->send(
        writeRequest("DELETE", resource.path(namespaceName, name), "application/json",
                     core::toText(body)),
        kind, [context, done = std::move(done)](core::Result<core::HttpResponse> answer) {
            if (!answer)
                return done(std::unexpected(transportError(std::move(answer.error()), context)));
            if (answer->status >= 200 && answer->status < 300)
                return done({});
            core::Error error =
                writeErrorFromResponse(*answer, context.isSensitive, context.isDryRun);
            error.place.object = context.object;
            done(std::unexpected(std::move(error)));
        });
}

} // namespace gitops
