// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/namespacelifecycle.h"

#include "gitops/practice/objectmeta.h"
#include "gitops/practice/presentation.h"

namespace gitops::practice {

namespace {

const std::string kManager = "kube-controller-manager";

core::Json condition(std::string_view type, bool is, std::string_view reason,
                     std::string_view message, const std::string& now)
{
    return core::JsonObject {{"type", type},
                             {"status", is ? "True" : "False"},
                             {"reason", reason},
                             {"message", message},
                             {"lastTransitionTime", now}};
}

} // namespace

NamespaceLifecycle::NamespaceLifecycle(ObjectStore& store, ResourceRegistry& registry,
                                       ObjectWriter& writer, std::string certificateAuthority)
    : m_store(store)
    , m_registry(registry)
    , m_writer(writer)
    , m_certificateAuthority(std::move(certificateAuthority))
{
}

void NamespaceLifecycle::start()
{
    for (const StoredPtr& space : m_store.list("namespaces", "").objects)
        m_queue.emplace(space->name());
}

void NamespaceLifecycle::changed(const Change& change)
{
    if (change.storage == "namespaces") {
        if (change.type != ChangeType::Deleted)
            m_queue.insert(change.key);
        return;
    }
    const bool automatic = change.type == ChangeType::Deleted
        && (change.storage == "serviceaccounts" || change.storage == "configmaps");
    const std::string name(change.object->namespaceName());
    if (name.empty())
        return;
    if (automatic) {
        m_queue.insert(name);
        return;
    }
    if (const StoredPtr space = m_store.get("namespaces", name); space && space->isTerminating())
        m_queue.insert(name);
}

bool NamespaceLifecycle::work()
{
    if (m_queue.empty())
        return false;
    const std::set<std::string> names = std::exchange(m_queue, {});
    for (const std::string& name : names) {
        const StoredPtr space = m_store.get("namespaces", name);
        if (!space)
            continue;
        if (space->isTerminating())
            empty(space);
        else
            fill(name);
    }
    return true;
}

void NamespaceLifecycle::fill(const std::string& name)
{
    if (!m_store.get("serviceaccounts", storeKey(name, "default"))) {
        core::JsonObject account {{"apiVersion", "v1"},
                                  {"kind", "ServiceAccount"},
                                  {"metadata", core::JsonObject {{"name", "default"}}}};
        (void)m_writer.create(*m_registry.ofStorage("serviceaccounts"), name, std::move(account),
                              {.fieldManager = kManager});
    }
    if (!m_store.get("configmaps", storeKey(name, "kube-root-ca.crt"))) {
        core::JsonObject annotations {{"kubernetes.io/description",
                                       "Contains a CA bundle that can be used to verify the "
                                       "kube-apiserver when using internal "
                                       "endpoints such as the internal service IP or "
                                       "kubernetes.default.svc. No other usage is "
                                       "guaranteed across distributions of Kubernetes clusters."}};
        core::JsonObject metadata {{"name", "kube-root-ca.crt"},
                                   {"annotations", std::move(annotations)}};
        core::JsonObject map {{"apiVersion", "v1"},
                              {"kind", "ConfigMap"},
                              {"metadata", std::move(metadata)},
                              {"data", core::JsonObject {{"ca.crt", m_certificateAuthority}}}};
        (void)m_writer.create(*m_registry.ofStorage("configmaps"), name, std::move(map),
                              {.fieldManager = kManager});
    }
}

void NamespaceLifecycle::empty(const StoredPtr& space)
{
    const std::string prefix = std::string(space->name()) + "/";
    for (const TypePtr& type : m_registry.stored()) {
        if (!type->namespaced)
            continue;
        for (const StoredPtr& object : m_store.list(type->storage, prefix).objects)
            if (!object->isTerminating())
                (void)m_writer.remove(
                    *type, object,
                    {.propagation = Propagation::Background, .propagationGiven = true});
    }
    std::size_t left = 0;
    std::size_t held = 0;
    for (const TypePtr& type : m_registry.stored()) {
        if (!type->namespaced)
            continue;
        for (const StoredPtr& object : m_store.list(type->storage, prefix).objects) {
            ++left;
            held += !finalizersOf(object->value()).empty();
        }
    }
    if (left == 0)
        finish(space);
    else
        report(space, left, held);
}

void NamespaceLifecycle::report(const StoredPtr& space, std::size_t left, std::size_t held)
{
    const std::string now = core::formatRfc3339(m_writer.now());
    core::JsonArray conditions;
    conditions.push_back(
        condition("NamespaceContentRemaining", true, "SomeResourcesRemain",
                  "Some resources are remaining: " + std::to_string(left) + " objects", now));
    conditions.push_back(
        held > 0 ? condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                             "Some content in the namespace has finalizers remaining: "
                                 + std::to_string(held) + " objects",
                             now)
                 : condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers",
                             "All content-preserving finalizers finished", now));
    core::Json next = space->value();
    core::Json& status = next.as_object()["status"];
    if (!status.is_object())
        status = core::JsonObject {};
    if (const core::Json* before = core::find(status, "conditions");
        before && before->is_array() && before->get_array().size() == conditions.size()) {
        bool same = true;
        for (std::size_t i = 0; i < conditions.size(); ++i)
            same = same
                && core::stringAt(before->get_array()[i], {"message"})
                    == core::stringAt(conditions[i], {"message"});
        if (same)
            return;
    }
    status.as_object()["conditions"] = std::move(conditions);
    (void)m_writer.update(*m_registry.ofStorage("namespaces"), space, std::move(next),
                          {.fieldManager = kManager, .subresource = "status"});
}

void NamespaceLifecycle::finish(const StoredPtr& space)
{
    core::Json next = space->value();
    core::Json* own = core::find(next, "spec");
    if (!own || !own->is_object())
        return;
    core::JsonArray left;
    if (const core::Json* finalizers = core::find(*own, "finalizers");
        finalizers && finalizers->is_array())
        for (const core::Json& each : finalizers->get_array())
            if (!each.is_string() || each.get_string() != "kubernetes")
                left.push_back(each);
    own->get_object()["finalizers"] = std::move(left);
    (void)m_writer.update(*m_registry.ofStorage("namespaces"), space, std::move(next),
                          {.fieldManager = kManager, .subresource = "finalize"});
}

} // namespace gitops::practice
