// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/diffmodel.h"

#include "widgets/models/resourcetreemodel.h"
#include "widgets/models/rowchanges.h"
#include "widgets/text/texts.h"

#include <algorithm>
#include <iterator>

namespace widgets {

namespace {

using Verdict = core::ResourceDiff::Verdict;

int fieldCount(const core::ResourceState& resource)
{
    if (!resource.diff)
        return 0;
    const auto& changes = resource.diff->changes;
    return int(std::count_if(changes.begin(), changes.end(), [](const core::FieldChange& change) {
        return change.type != core::FieldChange::Type::NotOurs;
    }));
}

} // namespace

Verdict verdictOn(const core::ResourceState& resource)
{
    if (resource.requiresPrune)
        return Verdict::Extra;
    if (resource.diff)
        return resource.diff->isQuiet() ? Verdict::Same : resource.diff->verdict;
    if (resource.declared && resource.hook.empty() && resource.sync == core::SyncState::OutOfSync)
        return resource.uid.empty() ? Verdict::MissingLive : Verdict::Different;
    return Verdict::Same;
}

QString verdictText(const core::ResourceState& resource)
{
    switch (verdictOn(resource)) {
    case Verdict::Different: {
        const int count = fieldCount(resource);
        if (count == 0)
            return DiffModel::tr("differs");
        return count == 1 ? DiffModel::tr("1 field differs")
                          : DiffModel::tr("%1 fields differ").arg(count);
    }
    case Verdict::MissingLive:
        return DiffModel::tr("not in the cluster");
    case Verdict::Extra:
        return DiffModel::tr("not in Git: to prune");
    case Verdict::CouldNotTell:
        return DiffModel::tr("could not tell");
    case Verdict::Same:
        break;
    }
    return DiffModel::tr("equal");
}

DiffModel::DiffModel(QObject* parent)
    : QAbstractListModel(parent)
{
}

void DiffModel::setApplication(const core::ApplicationStatePtr& state)
{
    if (state == m_state)
        return;
    const bool another = !state || !m_state || state->spec.name != m_state->spec.name;
    if (another) {
        beginResetModel();
        m_rows.clear();
        endResetModel();
    }
    m_state = state;
    if (!state)
        return;
    std::vector<core::ResourceState> target;
    std::copy_if(state->resources.begin(), state->resources.end(), std::back_inserter(target),
                 [this](const core::ResourceState& resource) { return belongs(resource); });
    auto keyOf = [](const core::ResourceState& resource) { return resource.key; };
    applyRowChanges(m_rows, target, core::ObjectKeyHash(), keyOf, keyOf,
                    [](const core::ResourceState& resource) { return resource; },
                    {.beginInsert = [this](int a, int b) { beginInsertRows({}, a, b); },
                     .endInsert = [this] { endInsertRows(); },
                     .beginRemove = [this](int a, int b) { beginRemoveRows({}, a, b); },
                     .endRemove = [this] { endRemoveRows(); },
                     .beginMove = [this](int a, int b) { beginMoveRows({}, a, a, {}, b); },
                     .endMove = [this] { endMoveRows(); }});
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const bool changed = m_rows[row].diff != target[row].diff
            || m_rows[row].health != target[row].health || words(m_rows[row]) != words(target[row]);
        m_rows[row] = std::move(target[row]);
        if (changed)
            Q_EMIT dataChanged(index(int(row)), index(int(row)));
    }
}

bool DiffModel::belongs(const core::ResourceState& resource) const
{
    return verdictOn(resource) != Verdict::Same;
}

QString DiffModel::words(const core::ResourceState& resource) const
{
    return verdictText(resource);
}

bool AttentionModel::belongs(const core::ResourceState& resource) const
{
    const bool unwell = resource.health == core::Health::Degraded
        || resource.health == core::Health::Missing || resource.health == core::Health::Progressing;
    return unwell || resource.deleting || !resource.paused.empty() || DiffModel::belongs(resource);
}

QString AttentionModel::words(const core::ResourceState& resource) const
{
    const QString remark = remarkOn(resource);
    if (!DiffModel::belongs(resource))
        return remark;
    return remark.isEmpty() ? verdictText(resource)
                            : verdictText(resource) + QStringLiteral("  ·  ") + remark;
}

const core::ResourceState* DiffModel::resource(const QModelIndex& index) const
{
    return index.isValid() ? &m_rows[std::size_t(index.row())] : nullptr;
}

QModelIndex DiffModel::indexOf(const core::ObjectKey& key) const
{
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].key == key)
            return index(int(row));
    return {};
}

int DiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant DiffModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const core::ResourceState& resource = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(resource.key.name);
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(objectText(resource.key), words(resource));
    case Qt::ToolTipRole:
        return objectText(resource.key);
    case KindRole:
        return text(resource.key.kind);
    case VerdictRole:
        return int(verdictOn(resource));
    case WordsRole:
        return words(resource);
    case HealthRole:
        return resource.health ? QVariant(int(*resource.health)) : QVariant();
    default:
        return {};
    }
}

} // namespace widgets
