// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/statuslook.h"

#include "widgets/theme/colours.h"

namespace widgets {

namespace {

QString word(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

StatusLook lookOf(core::Health health, const Colours& c)
{
    const QString text = word(core::toString(health));
    switch (health) {
    case core::Health::Healthy:
        return {QStringLiteral("health-healthy"), text, c.healthy};
    case core::Health::Suspended:
        return {QStringLiteral("health-suspended"), text, c.suspended};
    case core::Health::Progressing:
        return {QStringLiteral("health-progressing"), text, c.progressing};
    case core::Health::Missing:
        return {QStringLiteral("health-missing"), text, c.outOfSync};
    case core::Health::Degraded:
        return {QStringLiteral("health-degraded"), text, c.degraded};
    case core::Health::Unknown:
        break;
    }
    return {QStringLiteral("health-unknown"), text, c.unknown};
}

StatusLook lookOf(core::SyncState state, const Colours& c)
{
    const QString text = word(core::toString(state));
    switch (state) {
    case core::SyncState::Synced:
        return {QStringLiteral("sync-synced"), text, c.healthy};
    case core::SyncState::OutOfSync:
        return {QStringLiteral("sync-outofsync"), text, c.outOfSync};
    case core::SyncState::Unknown:
        break;
    }
    return {QStringLiteral("sync-unknown"), text, c.unknown};
}

StatusLook pruneLook(const Colours& c)
{
    return {QStringLiteral("prune"), word(core::toString(core::SyncState::OutOfSync)), c.outOfSync};
}

StatusLook lookOf(core::OperationPhase phase, const Colours& c)
{
    const QString text = word(core::toString(phase));
    switch (phase) {
    case core::OperationPhase::Running:
    case core::OperationPhase::Terminating:
        return {QStringLiteral("health-progressing"), text, c.progressing};
    case core::OperationPhase::Succeeded:
        return {QStringLiteral("sync-synced"), text, c.healthy};
    case core::OperationPhase::Failed:
    case core::OperationPhase::Error:
        break;
    }
    return {QStringLiteral("row-failed"), text, c.degraded};
}

StatusLook lookOf(core::WaveProgress::State state, const Colours& c)
{
    const QString text = word(core::toString(state));
    switch (state) {
    case core::WaveProgress::State::Pending:
        return {QStringLiteral("row-pending"), text, c.faint};
    case core::WaveProgress::State::Applying:
    case core::WaveProgress::State::Waiting:
        return {QStringLiteral("health-progressing"), text, c.progressing};
    case core::WaveProgress::State::Done:
        return {QStringLiteral("sync-synced"), text, c.healthy};
    case core::WaveProgress::State::Failed:
        break;
    }
    return {QStringLiteral("row-failed"), text, c.degraded};
}

} // namespace widgets
