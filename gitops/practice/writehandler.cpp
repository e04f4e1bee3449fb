// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/writehandler.h"

#include "core/value/jsonpatch.h"
#include "core/value/mergepatch.h"
#include "gitops/practice/conversion.h"
#include "gitops/practice/fieldtracking.h"
#include "gitops/practice/objectmeta.h"
#include "gitops/practice/objectselector.h"
#include "gitops/practice/strategicpatch.h"

#include <charconv>

namespace gitops::practice {

namespace {

constexpr std::string_view kApplyType = "application/apply-patch+yaml";

core::Json successStatus(const ResourceRequest& request, std::string_view name,
                         std::string_view uid)
{
    core::JsonObject details {{"name", name}};
    if (!request.type->kind.group.empty())
        details["group"] = request.type->kind.group;
    details["kind"] = request.type->plural;
    details["uid"] = uid;
    return core::JsonObject {{"kind", "Status"},
                             {"apiVersion", "v1"},
                             {"metadata", core::JsonObject {}},
                             {"status", "Success"},
                             {"details", std::move(details)}};
}

std::optional<Propagation> propagationOf(std::string_view text)
{
    if (text == "Foreground")
        return Propagation::Foreground;
    if (text == "Background")
        return Propagation::Background;
    if (text == "Orphan")
        return Propagation::Orphan;
    return std::nullopt;
}

ApiResult<void> checkApplyBody(const ResourceRequest& request, const core::Json& body)
{
    if (!body.is_object())
        return badRequest("the apply configuration is no object");
    const core::GroupVersionKind kind = core::groupVersionKindOf(body);
    if (kind != request.type->kind)
        return badRequest("invalid object type: " + kind.group + "/" + kind.version
                          + ", Kind=" + kind.kind);
    const std::string_view name = core::stringAt(body, {"metadata", "name"});
    if (!name.empty() && name != request.path.name)
        return badRequest("the name of the object (" + std::string(name)
                          + ") does not match the name on the URL (" + request.path.name + ")");
    if (core::findPath(body, {"metadata", "managedFields"}))
        return badRequest("metadata.managedFields must be nil");
    return {};
}

} // namespace

WriteHandler::WriteHandler(ObjectStore& store, ObjectWriter& writer)
    : m_store(store)
    , m_writer(writer)
{
}

StoredPtr WriteHandler::find(const ResourceRequest& request) const
{
    return m_writer.find(*request.type, request.path.namespaceName, request.path.name);
}

Answer WriteHandler::create(const ResourceRequest& request)
{
    std::vector<std::string> warnings;
    auto options = writeOptions(request, &warnings);
    if (!options)
        return std::unexpected(std::move(options).error());
    auto body = bodyOf(request.http, false);
    if (!body)
        return std::unexpected(std::move(body).error());
    auto kept =
        m_writer.create(*request.type, request.path.namespaceName, std::move(*body), *options);
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return objectResponse(request, 201, **kept, warnings);
}

Answer WriteHandler::update(const ResourceRequest& request)
{
    std::vector<std::string> warnings;
    auto options = writeOptions(request, &warnings);
    if (!options)
        return std::unexpected(std::move(options).error());
    auto body = bodyOf(request.http, false);
    if (!body)
        return std::unexpected(std::move(body).error());
    const StoredPtr current = find(request);
    if (!current)
        return notFound(request.subject());
    auto kept = m_writer.update(*request.type, current, std::move(*body), *options);
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return objectResponse(request, 200, **kept, warnings);
}

ApiResult<core::Json> patched(const ResourceRequest& request, core::Json object)
{
    const std::string type = contentType(request.http);
    auto body = bodyOf(request.http, false);
    if (!body && body.error().code == 400)
        return badRequest("error decoding patch: " + body.error().message);
    if (!body)
        return std::unexpected(std::move(body).error());
    if (type == "application/json-patch+json") {
        if (!body->is_array())
            return badRequest("error decoding patch: a JSON patch is a list of operations");
        auto done = core::applyJsonPatch(object, *body);
        if (!done) {
            ApiError error;
            error.code = 422;
            error.reason = "Invalid";
            error.message = "the server rejected our request due to an error in our request";
            return std::unexpected(std::move(error));
        }
        return object;
    }
    if (type == "application/merge-patch+json") {
        core::applyMergePatch(object, *body);
        return object;
    }
    if (type == "application/strategic-merge-patch+json" && !request.type->custom) {
        if (auto done = applyStrategicPatch(*request.type, object, *body); !done)
            return std::unexpected(std::move(done).error());
        return object;
    }
    ApiError error;
    error.code = 415;
    error.reason = "UnsupportedMediaType";
    error.message = "415: Unsupported Media Type";
    error.hasDetails = true;
    return std::unexpected(std::move(error));
}

Answer WriteHandler::patch(const ResourceRequest& request)
{
    std::vector<std::string> warnings;
    auto options = writeOptions(request, &warnings);
    if (!options)
        return std::unexpected(std::move(options).error());
    const StoredPtr current = find(request);
    if (contentType(request.http) == kApplyType)
        return apply(request, current, *options);
    if (request.target.flag("force"))
        return invalid("meta.k8s.io", "PatchOptions", "",
                       {fieldForbidden("force", "may not be specified for non-apply patch")});
    if (!current)
        return notFound(request.subject());
    auto object = patched(request, objectValue(*request.type, *current));
    if (!object)
        return std::unexpected(std::move(object).error());
    options->isPatch = true;
    auto kept = m_writer.update(*request.type, current, std::move(*object), *options);
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return objectResponse(request, 200, **kept, warnings);
}

Answer WriteHandler::apply(const ResourceRequest& request, const StoredPtr& current,
                           const WriteOptions& given)
{
    if (request.target.parameter("fieldManager").empty())
        return invalid("meta.k8s.io", "PatchOptions", "",
                       {fieldRequired("fieldManager", "is required for apply patch")});
    auto body = bodyOf(request.http, true);
    if (!body)
        return std::unexpected(std::move(body).error());
    if (auto fine = checkApplyBody(request, *body); !fine)
        return std::unexpected(std::move(fine).error());
    if (!current && !request.path.subresource.empty())
        return notFound(request.subject());
    const std::string_view uid = core::stringAt(*body, {"metadata", "uid"});
    if (!current && !uid.empty())
        return conflict(request.subject(),
                        "uid mismatch: the provided object specified uid " + std::string(uid)
                            + ", and no existing object was "
                              "found");
    if (current && !uid.empty() && uid != current->uid())
        return invalid(request.type->kind.group, request.type->kind.kind, request.path.name,
                       {fieldInvalidText("metadata.uid", uid, "field is immutable")});
    const std::string_view version = core::stringAt(*body, {"metadata", "resourceVersion"});
    if (current && !version.empty() && version != std::to_string(current->resourceVersion()))
        return conflict(request.subject(),
                        "the object has been modified; please apply your changes to the latest "
                        "version and try again");
    metadataOf(*body)["name"] = request.path.name;
    WriteOptions options = given;
    options.fieldsTracked = true;
    const FieldWriter writer {options.fieldManager, options.subresource, request.now};
    const core::Json live = current ? objectValue(*request.type, *current) : core::Json();
    auto merged = applyConfiguration(*request.type, current ? &live : nullptr, *body, writer,
                                     request.target.flag("force"));
    if (!merged)
        return std::unexpected(std::move(merged).error());
    auto kept = current
        ? m_writer.update(*request.type, current, std::move(*merged), options)
        : m_writer.create(*request.type, request.path.namespaceName, std::move(*merged), options);
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return objectResponse(request, current ? 200 : 201, **kept,
                          options.warnings ? *options.warnings : std::vector<std::string> {});
}

ApiResult<DeleteRequest> deleteRequest(const ResourceRequest& request)
{
    DeleteRequest wanted;
    core::Json options = core::JsonObject {};
    if (!request.http.body.empty()) {
        auto body = bodyOf(request.http, false);
        if (!body)
            return std::unexpected(std::move(body).error());
        options = std::move(*body);
    }
    std::string policy(core::stringAt(options, {"propagationPolicy"}));
    if (policy.empty())
        policy = request.target.parameter("propagationPolicy");
    if (!policy.empty()) {
        const auto propagation = propagationOf(policy);
        if (!propagation)
            return invalid("meta.k8s.io", "DeleteOptions", "",
                           {fieldUnsupported("propagationPolicy", policy,
                                             {"Foreground", "Background", "Orphan", "nil"})});
        if (core::find(options, "orphanDependents"))
            return invalid(
                "meta.k8s.io", "DeleteOptions", "",
                {fieldInvalidText("propagationPolicy", policy,
                                  "orphanDependents and deletionPropagation cannot be both set")});
        wanted.propagation = *propagation;
        wanted.propagationGiven = true;
    }
    if (const core::Json* grace = core::find(options, "gracePeriodSeconds"); grace)
        wanted.gracePeriodSeconds = core::integerAt(options, {"gracePeriodSeconds"}, 0);
    else if (const std::string_view text = request.target.parameter("gracePeriodSeconds");
             !text.empty()) {
        std::int64_t seconds = 0;
        std::from_chars(text.data(), text.data() + text.size(), seconds);
        wanted.gracePeriodSeconds = seconds;
    }
    wanted.uid = core::stringAt(options, {"preconditions", "uid"});
    wanted.resourceVersion = core::stringAt(options, {"preconditions", "resourceVersion"});
    wanted.dryRun = request.target.parameter("dryRun") == "All";
    if (const core::Json* dry = core::find(options, "dryRun"); dry && dry->is_array())
        for (const core::Json& each : dry->get_array()) {
            const std::string_view text =
                each.is_string() ? std::string_view(each.get_string()) : std::string_view();
            if (text != "All")
                return invalid("meta.k8s.io", "DeleteOptions", "", {unsupportedDryRun(text)});
            wanted.dryRun = true;
        }
    return wanted;
}

Answer WriteHandler::remove(const ResourceRequest& request)
{
    auto wanted = deleteRequest(request);
    if (!wanted)
        return std::unexpected(std::move(wanted).error());
    const StoredPtr current = find(request);
    if (!current)
        return notFound(request.subject());
    auto outcome = m_writer.remove(*request.type, current, *wanted);
    if (!outcome)
        return std::unexpected(std::move(outcome).error());
    if (outcome->gone && request.type->storage != "pods")
        return valueResponse(200, successStatus(request, current->name(), current->uid()));
    return objectResponse(request, 200, *outcome->object);
}

Answer WriteHandler::removeCollection(const ResourceRequest& request)
{
    auto wanted = deleteRequest(request);
    if (!wanted)
        return std::unexpected(std::move(wanted).error());
    auto selector = ObjectSelector::make(*request.type, request.target.parameter("labelSelector"),
                                         request.target.parameter("fieldSelector"));
    if (!selector)
        return std::unexpected(std::move(selector).error());
    std::vector<StoredPtr> removed;
    for (const StoredPtr& object :
         m_store.list(request.type->storage, request.keyPrefix()).objects) {
        if (!selector->matches(object->value()))
            continue;
        auto outcome = m_writer.remove(*request.type, object, *wanted);
        if (!outcome)
            return std::unexpected(std::move(outcome).error());
        removed.push_back(object); // as it was before
    }
    const ListPosition position {std::to_string(m_store.resourceVersion()), {}, 0};
    return core::HttpResponse {
        200,
        {{"Content-Type", "application/json"}},
        presentList(*request.type, removed, position, request.form, request.now) + "\n"};
}

} // namespace gitops::practice
