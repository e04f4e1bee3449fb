// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/syncdialog.h"

#include "widgets/delegates/rowdelegate.h"
#include "widgets/models/diffmodel.h"
#include "widgets/text/texts.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

QString sentenceFor(const core::ApplicationState& state)
{
    if (!state.revision)
        return SyncDialog::tr("The newest commit is rendered first.");
    return SyncDialog::tr("Brings the cluster to commit %1, %2.")
        .arg(text(state.revision->shortId()), text(state.revision->subject));
}

} // namespace

SyncDialog::SyncDialog(const core::ApplicationState& state, const core::ClusterState& cluster,
                       QWidget* parent)
    : DialogFrame(tr("Sync %1").arg(text(state.spec.name)), sentenceFor(state), cluster, parent)
    , m_application(state.spec.name)
    , m_dryRun(
          new QCheckBox(tr("Dry run: the server says what would happen, nothing changes"), this))
    , m_prune(new QCheckBox(tr("Prune: delete what Git no longer has"), this))
    , m_onlyDiffering(new QCheckBox(tr("Choose the objects that differ only"), this))
    , m_list(new QTreeWidget(this))
    , m_summary(new QLabel(this))
{
    m_prune->setChecked(state.spec.prune);
    content()->addWidget(m_dryRun);
    content()->addWidget(m_prune);
    setupList(state);
    auto* row = new QHBoxLayout;
    row->addWidget(m_onlyDiffering);
    row->addStretch(1);
    m_summary->setProperty("role", QStringLiteral("secondary"));
    row->addWidget(m_summary);
    content()->addSpacing(4);
    content()->addLayout(row);
    content()->addWidget(m_list, 1);
    setAccept(tr("Sync"), false);
    makeAcceptDefault();
    connect(m_list, &QTreeWidget::itemChanged, this, &SyncDialog::updateState);
    connect(m_dryRun, &QCheckBox::toggled, this, &SyncDialog::updateState);
    connect(m_onlyDiffering, &QCheckBox::toggled, this, [this](bool only) {
        for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
            QTreeWidgetItem* item = m_list->topLevelItem(i);
            const bool differs = item->data(0, Qt::UserRole).toBool();
            item->setCheckState(0, !only || differs ? Qt::Checked : Qt::Unchecked);
        }
    });
    updateState();
    resize(640, std::clamp(300 + 28 * int(m_keys.size()), 340, 560));
    acceptButton()->setFocus();
}

void SyncDialog::setupList(const core::ApplicationState& state)
{
    m_list->setAccessibleName(tr("Objects of the sync"));
    m_list->setHeaderLabels({tr("Object"), tr("Wave"), tr("State")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setProperty("boxed", true);
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_list->header()->setStretchLastSection(true);
    for (const core::ResourceState& resource : state.resources) {
        if (!resource.declared && !resource.requiresPrune)
            continue;
        auto* item = new QTreeWidgetItem(
            {objectText(resource.key), QString::number(resource.wave), verdictText(resource)});
        item->setCheckState(0, Qt::Checked);
        item->setData(0, Qt::UserRole, verdictOn(resource) != core::ResourceDiff::Verdict::Same);
        m_list->addTopLevelItem(item);
        m_keys.push_back(resource.key);
    }
    m_list->setColumnWidth(0, 360);
    m_list->setColumnWidth(1, 60);
}

void SyncDialog::updateState()
{
    const int all = m_list->topLevelItemCount();
    int chosen = 0;
    for (int i = 0; i < all; ++i)
        chosen += m_list->topLevelItem(i)->checkState(0) == Qt::Checked;
    m_summary->setText(tr("%1 of %2").arg(chosen).arg(objectCount(all)));
    acceptButton()->setEnabled(chosen > 0 || all == 0);
    acceptButton()->setText(m_dryRun->isChecked() ? tr("Dry run") : tr("Sync"));
}

core::command::Sync SyncDialog::command() const
{
    core::command::Sync sync;
    sync.application = m_application;
    sync.dryRun = m_dryRun->isChecked();
    sync.prune = m_prune->isChecked();
    for (int i = 0; i < m_list->topLevelItemCount(); ++i)
        if (m_list->topLevelItem(i)->checkState(0) == Qt::Checked)
            sync.only.push_back(m_keys[std::size_t(i)]);
    // Everything chosen is the whole sync, hooks and all, not a partial one.
    if (sync.only.size() == m_keys.size())
        sync.only.clear();
    return sync;
}

} // namespace widgets
