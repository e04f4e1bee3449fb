// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/actionrequest.h"

#include <cctype>

namespace gitops {

namespace {

WriteRequest::Type typeOf(const SyncAction& action)
{
    switch (action.type) {
    case SyncAction::Type::Replace:
        return WriteRequest::Type::Replace;
    case SyncAction::Type::Delete:
        return WriteRequest::Type::Delete;
    case SyncAction::Type::ReleaseHook:
        return WriteRequest::Type::Release;
    case SyncAction::Type::Apply:
    case SyncAction::Type::CreateNamespace:
        break;
    }
    return WriteRequest::Type::Apply;
}

/// What CreateNamespace=true applies: labels and annotations as the application asks, no tracking.
core::ManifestPtr namespaceManifest(const std::string& name, const core::Application& application)
{
    core::JsonObject labels, annotations;
    for (const auto& [key, value] : application.managedNamespaceLabels)
        labels[key] = value;
    for (const auto& [key, value] : application.managedNamespaceAnnotations)
        annotations[key] = value;
    core::JsonObject metadata {{"name", name}};
    if (!labels.empty())
        metadata["labels"] = std::move(labels);
    if (!annotations.empty())
        metadata["annotations"] = std::move(annotations);
    auto made = core::Manifest::make(core::JsonObject {
        {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", std::move(metadata)}});
    return made ? *made : nullptr;
}

} // namespace

core::Result<WriteRequest> writeRequestOf(const SyncAction& action, const LiveView* live,
                                          OperationHost& host)
{
    WriteRequest request;
    request.type = typeOf(action);
    request.key = action.key;
    request.application = host.spec().name;
    request.uid = action.uid;
    request.finalizers = action.finalizers;
    request.dryRun = action.dryRun;
    if (!action.propagationPolicy.empty()) {
        request.propagationPolicy = action.propagationPolicy;
        request.propagationPolicy[0] = char(std::toupper(request.propagationPolicy[0]));
    }
    switch (action.type) {
    case SyncAction::Type::Delete:
    case SyncAction::Type::ReleaseHook:
        if (live)
            request.kind = live->kind;
        break;
    case SyncAction::Type::CreateNamespace:
        request.manifest =
            action.manifest ? action.manifest : namespaceManifest(action.key.name, host.spec());
        break;
    case SyncAction::Type::Apply:
    case SyncAction::Type::Replace: {
        auto decorated = host.decorated(action.manifest, action.key);
        if (!decorated)
            return std::unexpected(std::move(decorated.error()));
        request.manifest = std::move(*decorated);
        if (request.type == WriteRequest::Type::Apply)
            request.replaces = host.replacedManagers(action.key);
        break;
    }
    }
    return request;
}

} // namespace gitops
