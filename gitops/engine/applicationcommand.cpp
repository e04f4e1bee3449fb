// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask of one application: the commands of core/model/command.h.
#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/ownership.h"

namespace gitops {

core::Result<void> ApplicationController::take(const core::command::Sync& command)
{
    if (m_context.options.readOnly && !command.dryRun)
        return core::failure(core::ErrorCode::Forbidden, "This Wavewright only reads.", {},
                             core::Fault::User);
    if (const WindowVerdict& window = m_guard.window(); !window.allowsManual && !command.dryRun)
        return core::failure(core::ErrorCode::Forbidden, window.reason, {}, core::Fault::User);
    if (m_runner.isRunning())
        return core::failure(core::ErrorCode::Conflict,
                             "An operation of \"" + m_spec->name + "\" is running.", {},
                             core::Fault::User);
    m_requests.push_back(command);
    m_context.sources.refresh(m_spec->name);
    m_context.remotes.refresh(m_spec->name);
    wake();
    return {};
}

core::Result<void> ApplicationController::take(const core::command::Refresh& command)
{
    if (command.hard) {
        m_context.renders = std::make_shared<RenderCache>();
        m_desiredSpec.reset();
        m_context.cluster.rediscover();
    } else {
        m_context.cluster.recheck();
    }
    m_needsRender = m_revision.has_value();
    m_context.sources.refresh(m_spec->name);
    m_context.remotes.refresh(m_spec->name);
    if (command.hard) {
        m_comparator.lookAnew();
        m_listed.reset();
    } else {
        m_comparator.touchAll();
    }
    const bool isAlone = !m_awake;
    wake();
    m_onlyLooks = isAlone;
    return {};
}

core::Result<void> ApplicationController::take(const core::command::SetPause& command)
{
    m_pauses.set(command.pause);
    return {};
}

core::Result<void> ApplicationController::take(const core::command::Resume& command)
{
    if (!m_pauses.resume(command.key))
        return core::failure(core::ErrorCode::NotFound, "Nothing of that is paused.", {},
                             core::Fault::User);
    return {};
}

core::Result<void> ApplicationController::take(const core::command::Confirm& command)
{
    const std::set<core::ObjectKey> waiting = waitingPrunes();
    std::vector<core::ObjectKey> keys = command.keys;
    if (std::string why = otherOrigin(); !keys.empty() && !why.empty())
        return core::failure(core::ErrorCode::Conflict, std::move(why), {}, core::Fault::User);
    if (keys.empty()) {
        takeOverOrigin();
        keys.assign(waiting.begin(), waiting.end());
        m_saved.historyRewritten = false;
    }
    for (const core::ObjectKey& key : keys) {
        const auto known = facts(key);
        if (!waiting.contains(key) || !known)
            return core::failure(core::ErrorCode::NotFound,
                                 key.text() + " does not wait for a confirmation.", {},
                                 core::Fault::User);
        m_saved.confirmed[key] = known->view.uid;
    }
    saveSoon();
    wake();
    return {};
}

core::Result<void> ApplicationController::take(const core::command::Adopt&)
{
    if (!m_desired)
        return core::failure(core::ErrorCode::Unavailable,
                             "\"" + m_spec->name + "\" has not been rendered yet.", {},
                             core::Fault::User);
    for (const auto& [key, object] : m_desired->objects) {
        const LiveObjectPtr live = m_context.live.find(key);
        if (live && (live->preexisting || !withheldBecause(key, *live).empty()))
            m_saved.adopted.insert(live->uid);
    }
    // What Git gave up already may go then, too: it says that it is of this application.
    for (const core::ObjectKey& key : tracked()) {
        const LiveObjectPtr live = m_context.live.find(key);
        if (live && live->preexisting && !m_desired->objects.contains(key)
            && tracksItself(live->tracking, m_spec->name, key))
            m_saved.adopted.insert(live->uid);
    }
    m_extrasChanged = true;
    takeOverOrigin();
    m_saved.attempt.reset();
    m_comparator.decorateAnew();
    m_facts.clear();
    saveSoon();
    wake();
    return {};
}

core::Result<void> ApplicationController::take(const core::command::Terminate&)
{
    if (!m_runner.isRunning())
        return core::failure(core::ErrorCode::NotFound,
                             "No operation of \"" + m_spec->name + "\" is running.", {},
                             core::Fault::User);
    m_runner.terminate();
    return {};
}

} // namespace gitops
