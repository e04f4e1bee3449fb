// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/application/syncwindows.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/desiredstate.h"
#include "gitops/engine/projects.h"

#include <functional>
#include <map>
#include <string>

namespace gitops {

/// What its project permits one application, now. On the engine's strand.
class ProjectGuard
{
public:
    /// changed: a sync window has opened or closed.
    ProjectGuard(Projects& projects, core::Executor& executor, std::function<void()> changed);
    ~ProjectGuard();
    ProjectGuard(const ProjectGuard&) = delete;
    ProjectGuard& operator=(const ProjectGuard&) = delete;

    /// To be called when the application, its desired state or a project may have changed. True
    /// when the answers may be others now.
    bool judge(const core::Application& application, const DesiredStatePtr& desired);

    /// Why the application may not be in its project at all; "" when it may. Then nothing of it is
    /// written.
    const std::string& problem() const { return m_problem; }
    bool isPending() const { return m_isPending; } ///< the problem is that it is not known yet
    /// Declared objects that it may not have, and why.
    const std::map<core::ObjectKey, std::string>& forbidden() const { return m_forbidden; }
    std::string forbiddenText() const; ///< the same for people, "" when there are none
    /// An object that the project does not let the application touch.
    bool isForbidden(const core::ObjectKey& key) const;
    const WindowVerdict& window() const;
    bool wantsOrphans() const;
    bool isOrphan(const core::ObjectKey& key) const;

private:
    void judgeWindow() const;

    Projects& m_projects;
    core::Executor& m_executor;
    std::function<void()> m_changed;
    core::Application m_application;
    Projects::ProjectPtr m_project;
    std::string m_problem;
    bool m_isPending = false;
    std::map<core::ObjectKey, std::string> m_forbidden;
    mutable WindowVerdict m_window;
    mutable core::WallTime m_windowJudged {};
    mutable core::Executor::TimerId m_timer = 0;
    Alive m_alive;
};

} // namespace gitops
