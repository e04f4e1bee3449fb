// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/projectguard.h"

#include "gitops/application/projectrules.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {

constexpr std::size_t kNamed = 10; ///< objects that a text names

std::map<core::ObjectKey, std::string> forbiddenOf(const Project& project,
                                                   const core::Application& application,
                                                   const DesiredState& desired)
{
    std::map<core::ObjectKey, std::string> result;
    const auto look = [&](const core::ObjectKey& key) {
        if (auto why = whyNotPermitted(project, application, key); !why.empty())
            result.emplace(key, std::move(why));
    };
    for (const core::ManifestPtr& manifest : desired.manifests)
        look(manifest->key());
    if (application.hasOption("CreateNamespace=true") && !application.destinationNamespace.empty())
        look({"", "Namespace", "", application.destinationNamespace});
    return result;
}

} // namespace

ProjectGuard::ProjectGuard(Projects& projects, core::Executor& executor,
                           std::function<void()> changed)
    : m_projects(projects)
    , m_executor(executor)
    , m_changed(std::move(changed))
{
}

ProjectGuard::~ProjectGuard()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

bool ProjectGuard::judge(const core::Application& application, const DesiredStatePtr& desired)
{
    m_application = application;
    Projects::Found found = m_projects.find(application);
    std::string problem = std::move(found.problem);
    if (problem.empty() && found.project)
        problem = whyNotPermitted(*found.project, application);
    std::map<core::ObjectKey, std::string> forbidden;
    if (found.project && desired)
        forbidden = forbiddenOf(*found.project, application, *desired);
    const bool isOther = problem != m_problem || found.isPending != m_isPending
        || forbidden != m_forbidden || found.project != m_project;
    m_project = std::move(found.project);
    m_problem = std::move(problem);
    m_isPending = found.isPending;
    m_forbidden = std::move(forbidden);
    judgeWindow();
    return isOther;
}

std::string ProjectGuard::forbiddenText() const
{
    std::string text;
    std::size_t count = 0;
    for (const auto& [key, why] : m_forbidden)
        if (++count <= kNamed)
            text += (text.empty() ? "" : "; ") + key.text() + ": " + why;
    if (count > kNamed)
        text += "; and " + std::to_string(count - kNamed) + " more";
    return text;
}

bool ProjectGuard::isForbidden(const core::ObjectKey& key) const
{
    return m_project && !whyNotPermitted(*m_project, m_application, key).empty();
}

/// Now, and again when the next of them opens or closes.
void ProjectGuard::judgeWindow() const
{
    if (const auto timer = std::exchange(m_timer, 0))
        m_executor.cancel(timer);
    const core::WallTime now = m_executor.clock().wallNow();
    m_windowJudged = now;
    m_window =
        m_project ? judgeWindows(m_project->syncWindows, m_application, now) : WindowVerdict {};
    if (m_window.until)
        m_timer = m_executor.postAt(m_executor.clock().steadyNow() + (*m_window.until - now),
                                    m_alive.guard([this] {
                                        m_timer = 0;
                                        judgeWindow();
                                        m_changed();
                                    }));
}

const WindowVerdict& ProjectGuard::window() const
{
    const core::WallTime now = m_executor.clock().wallNow();
    if (now < m_windowJudged || (m_window.until && now >= *m_window.until))
        judgeWindow(); // the clock was set, or the machine has slept
    return m_window;
}

bool ProjectGuard::wantsOrphans() const
{
    return m_project && m_project->orphanedResources && m_project->orphanedResources->warn;
}

bool ProjectGuard::isOrphan(const core::ObjectKey& key) const
{
    return m_project && gitops::isOrphan(*m_project, key);
}

} // namespace gitops
