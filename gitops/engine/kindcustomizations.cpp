// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/kindcustomizations.h"

#include "core/base/strings.h"
#include "gitops/engine/scriptrunner.h"
#include "gitops/health/health.h"

#include <utility>

namespace gitops {

namespace {

const core::ObjectKey kMap {"", "ConfigMap", "argocd", "argocd-cm"};
const core::GroupVersionKind kConfigMap {"", "v1", "ConfigMap"};
constexpr std::chrono::seconds kAgain {5};

} // namespace

KindCustomizations::KindCustomizations(const EngineOptions& options, ApiClient& api,
                                       LiveState& live, ClusterKnowledge& cluster,
                                       core::Executor& executor)
    : m_options(options)
    , m_api(api)
    , m_live(live)
    , m_cluster(cluster)
    , m_executor(executor)
{
    if (options.customizations) {
        m_value = *options.customizations;
        m_isKnown = true;
    } else {
        m_live.keep(kMap, true); // where ConfigMaps are watched, its changes are followed
        m_cluster.alsoWant(kMap);
    }
}

KindCustomizations::~KindCustomizations()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

core::HealthAssessment judgeHealth(const core::Json& object, const Customizations& customizations,
                                   ScriptRunner* scripts)
{
    if (customizations.health.empty())
        return assessHealth(object);
    const core::GroupVersionKind kind = core::groupVersionKindOf(object);
    const HealthScript* script = customizations.healthOf({kind.group, kind.kind});
    if (!script || isPendingDeletion(object))
        return assessHealth(object);
    if (!scripts)
        return {core::Health::Unknown, "Its health script cannot be run here."};
    // What a script says of a Secret may hold its values.
    const bool isSecret = kind.group.empty() && kind.kind == "Secret";
    auto health = scripts->judge(script->text, script->openLibraries, object);
    if (!health)
        return {core::Health::Unknown,
                isSecret ? "Its health script fails." : health.error().message};
    health->message = isSecret ? std::string() : core::sanitised(health->message.substr(0, 1000));
    return std::move(*health);
}

core::HealthAssessment KindCustomizations::judge(const core::Json& object) const
{
    return judgeHealth(object, m_value, m_options.scripts);
}

JqSelect KindCustomizations::jq() const
{
    if (!m_options.scripts)
        return {};
    return [scripts = m_options.scripts](const std::string& expression, const core::Json& object) {
        return scripts->select(expression, object);
    };
}

std::shared_ptr<const core::Application>
KindCustomizations::withIgnored(const std::shared_ptr<const core::Application>& application) const
{
    if (m_value.ignoreDifferences.empty())
        return application;
    auto result = std::make_shared<core::Application>(*application);
    result->ignoreDifferences.insert(result->ignoreDifferences.end(),
                                     m_value.ignoreDifferences.begin(),
                                     m_value.ignoreDifferences.end());
    return result;
}

std::string KindCustomizations::problem() const
{
    return core::join(m_value.problems, "; ");
}

void KindCustomizations::discoveryChanged()
{
    if (!m_options.customizations && !m_isReading)
        read();
}

void KindCustomizations::read()
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    if (!resource)
        return; // the next discovery may have it
    m_isReading = true;
    m_api.get(*resource, kMap.namespaceName, kMap.name,
              m_alive.guard([this](core::Result<ApiObject> answer) {
                  m_isReading = false;
                  const auto code = answer ? core::ErrorCode::Internal : answer.error().code;
                  if (answer)
                      take(readCustomizations(answer->object));
                  else if (code == core::ErrorCode::NotFound || code == core::ErrorCode::Forbidden)
                      take({});
                  else
                      readLater();
                  if (code == core::ErrorCode::Unauthorized)
                      m_cluster.distrust(answer.error());
              }));
}

void KindCustomizations::readLater()
{
    if (m_timer)
        return;
    m_timer = m_executor.postAt(m_executor.clock().steadyNow() + kAgain, m_alive.guard([this] {
        m_timer = 0;
        if (!m_isReading)
            read();
    }));
}

void KindCustomizations::observe(const LiveChange& change)
{
    const LiveObject& object = change.after ? *change.after : *change.before;
    if (m_options.customizations || object.key != kMap)
        return;
    if (!change.after)
        return take({});
    if (!object.manifest)
        return; // it comes
    if (const auto parsed = core::parseJson(*object.manifest))
        take(readCustomizations(*parsed));
}

void KindCustomizations::take(Customizations next)
{
    if (m_isKnown && next == m_value)
        return;
    m_isKnown = true;
    const Customizations before = std::exchange(m_value, std::move(next));
    for (const core::GroupKind& kind : m_live.watchedKinds()) {
        const HealthScript* old = before.healthOf(kind);
        const HealthScript* now = m_value.healthOf(kind);
        const bool isSame = old && now ? *old == *now : old == now;
        if (!isSame)
            m_live.judgeAgain(kind);
    }
    if (changed)
        changed();
}

} // namespace gitops
