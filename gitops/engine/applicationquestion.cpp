// SPDX-License-Identifier: GPL-3.0-or-later
// How a prune is put to a person.
#include "core/base/strings.h"
#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/namespacecontents.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gitops {

namespace {

constexpr std::chrono::seconds kContentsAgain {5}; ///< it looks at every object that is watched

} // namespace

std::vector<std::string> ApplicationController::waitingNamespaces() const
{
    std::vector<std::string> names;
    for (const core::ObjectKey& key : waitingPrunes())
        if (key.kind == "Namespace" && key.group.empty())
            names.push_back(key.name);
    return names;
}

/// Nothing more is learned by waiting.
bool ApplicationController::areContentsKnown() const
{
    const std::vector<std::string> names = waitingNamespaces();
    return std::ranges::none_of(askedContents(), [&](const core::GroupKind& kind) {
        return std::ranges::any_of(names, [&](const std::string& name) {
            return m_context.cluster.isPending(kind, name);
        });
    });
}

/// What the namespaces that wait take along; "" when none waits.
std::string ApplicationController::waitingContents() const
{
    std::string text;
    for (const std::string& name : waitingNamespaces()) {
        text += (text.empty() ? "" : "; ") + describeContents(m_context.live, name, m_spec->name);
        std::vector<std::string> unseen;
        for (const core::GroupKind& kind : askedContents())
            if (m_context.cluster.isUnseen(kind, name))
                unseen.push_back(kind.text());
        if (!unseen.empty())
            text += " (may not be looked at: " + core::join(unseen, ", ") + ")";
    }
    return text;
}

/// A question about a namespace says what is in it, so it comes once that is known. What was asked
/// waits from the beginning.
void ApplicationController::tellQuestions()
{
    const bool hasNamespace = !waitingNamespaces().empty();
    if (std::exchange(m_watchesContents, hasNamespace) != hasNamespace)
        watchKinds();
    const auto now = m_context.executor.clock().steadyNow();
    if (hasNamespace && (!areContentsKnown() || (m_untold.empty() && now < m_contentsDue)))
        return;
    m_contentsDue = now + kContentsAgain;
    const std::string contents = waitingContents();
    m_conditions.set("PruneTakesAlong",
                     contents.empty() ? contents : "Waits for a person: " + contents + ".");
    if (m_untold.empty())
        return;
    std::vector<core::ObjectKey> keys = std::exchange(m_untold, {});
    std::ranges::stable_partition(keys, takesOthers);
    m_context.events.send(core::event::ConfirmationNeeded {
        m_spec->name, std::move(keys),
        (contents.empty() ? "" : contents + ". ")
            + std::string("Git has them no longer; a person has to agree.")});
}

} // namespace gitops
