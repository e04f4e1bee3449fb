// SPDX-License-Identifier: GPL-3.0-or-later
// What an application hears of: live objects, what the server serves, its project, its children.
#include "gitops/engine/applicationcontroller.h"

namespace gitops {

void ApplicationController::liveChanged(const core::ObjectKey& key)
{
    m_comparator.touch(key);
    m_runner.touch(key);
    m_noticed.try_emplace(key, m_context.executor.clock().steadyNow());
    if (!m_desired || !m_desired->objects.contains(key))
        m_extrasChanged = true;
    wake();
}

void ApplicationController::namespaceChanged(const core::ObjectKey& key)
{
    if (!m_desired
        || (!m_desired->namespaces.contains(key.name) && m_spec->destinationNamespace != key.name))
        return;
    m_runner.touch(key);
    wake();
}

void ApplicationController::knowledgeChanged(const core::GroupKind& kind)
{
    m_comparator.touchKind(kind);
    m_runner.touchAll();
    m_extrasChanged = true;
    if (Projects::isProject(kind))
        projectChanged();
    wake();
}

void ApplicationController::discoveryChanged()
{
    if (m_saved.attempt && m_saved.attempt->phase != core::OperationPhase::Succeeded)
        m_saved.attempt.reset(); // it may have failed for want of a kind
    m_needsRender = m_revision.has_value(); // scopes may have changed; the render itself is cached
    watchKinds();
    m_runner.touchAll();
    projectChanged();
    wake();
}

void ApplicationController::connectionChanged()
{
    if (m_context.cluster.isConnected())
        m_lastFailure.reset(); // what failed for want of a connection or a token may go on
    wake();
}

void ApplicationController::customizationsChanged()
{
    m_comparedSpec.reset();
    if (m_desired)
        m_comparator.setDesired(m_desired, compared(), m_context.customizations.jq());
    m_comparator.touchAll();
    m_runner.touchAll();
    wake();
}

/// The application as its objects are compared: with what is ignored everywhere.
const std::shared_ptr<const core::Application>& ApplicationController::compared()
{
    if (m_comparedSpec != m_spec) {
        m_comparedSpec = m_spec;
        m_compared = m_context.customizations.withIgnored(m_spec);
    }
    return m_compared;
}

void ApplicationController::projectChanged()
{
    if (!m_guard.judge(*m_spec, m_desired))
        return;
    if (m_saved.attempt && m_saved.attempt->phase != core::OperationPhase::Succeeded)
        m_saved.attempt.reset(); // it may have failed for what the project did not permit
    m_extrasChanged = true;
    m_pruneTried.clear();
    m_runner.touchAll();
    const bool isWrong = !m_guard.problem().empty() && !m_guard.isPending();
    if (!m_saved.deleting && (isWrong || m_conditions.has("InvalidSpecError")))
        follow();
    wake();
}

void ApplicationController::holdersChanged()
{
    if (!m_withheld.empty())
        wake();
}

/// Its record names them before they come into force.
void ApplicationController::recordChildren()
{
    std::set<std::string> names;
    for (const auto& [key, object] : m_desired->objects)
        if (Children::isApplication(key.groupKind()) && key.name != m_spec->name)
            names.insert(key.name);
    m_record.setChildren(std::move(names));
}

/// Who only reads has no wave that applies them: they are in force as Git has them.
void ApplicationController::followChildren()
{
    for (const auto& [key, object] : m_desired->objects)
        if (Children::isApplication(key.groupKind()) || m_children.livesInEngine(key.groupKind()))
            if (const auto put = m_children.put(object.manifest); !put)
                m_conditions.raise("InvalidSpecError", put.error().text(), put.error().place);
}

/// Children that the record names, that Git has no more and that nobody reconciles here.
void ApplicationController::lookForLeftBehind()
{
    if (!m_desired || !m_record.isLoaded() || m_saved.deleting)
        return;
    std::set<std::string> names = m_record.children();
    if (!names.empty()) // else there is no reason to look at every object
        for (const auto& [key, object] : m_desired->objects)
            if (Children::isApplication(key.groupKind()))
                names.erase(key.name);
    std::erase_if(names, [this](const auto& name) { return m_context.directory.find(name); });
    m_leftBehind.look(names);
}

void ApplicationController::childGone(const std::string& name)
{
    m_children.gone(name);
    m_extrasChanged = true;
    saveSoon();
    childChanged(name);
}

void ApplicationController::childChanged(const std::string& name)
{
    if (m_desired)
        for (const auto& [key, object] : m_desired->objects)
            if (Children::isApplication(key.groupKind()) && key.name == name) {
                m_comparator.touch(key);
                m_runner.touch(key);
            }
    for (const core::ObjectKey& key : m_extras)
        if (key.name == name)
            m_runner.touch(key);
    wake();
}

} // namespace gitops
