// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/prunedialog.h"

#include "widgets/delegates/rowdelegate.h"
#include "widgets/text/texts.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

/// Objects that live below key by ownership and go with it.
int dependantsOf(const core::ApplicationState& state, const core::ObjectKey& key, int depth = 0)
{
    int count = 0;
    if (depth > 8) // owners in a ring
        return count;
    for (const core::ResourceState& resource : state.resources)
        if (resource.parent == key)
            count += 1 + dependantsOf(state, resource.key, depth + 1);
    return count;
}

QString consequence(const core::ApplicationState& state, const core::ObjectKey& key)
{
    if (key.kind == "Namespace")
        return PruneDialog::tr("everything in it goes too");
    if (key.kind == "CustomResourceDefinition")
        return PruneDialog::tr("every object of this kind goes too");
    if (key.kind == "PersistentVolumeClaim" || key.kind == "PersistentVolume")
        return PruneDialog::tr("its data may go too");
    if (const int count = std::min(dependantsOf(state, key), 999))
        return PruneDialog::tr("and %1 that it owns").arg(objectCount(count));
    return {};
}

} // namespace

PruneDialog::PruneDialog(const core::ApplicationState& state, const core::ClusterState& cluster,
                         QWidget* parent)
    : DialogFrame(tr("Delete %1?").arg(objectCount(int(state.awaitingConfirmation.size()))),
                  tr("Git no longer has them. They are deleted from the cluster, which cannot be "
                     "undone."),
                  cluster, parent)
    , m_keys(state.awaitingConfirmation)
    , m_word(new QLineEdit(this))
{
    auto* list = new QTreeWidget(this);
    list->setAccessibleName(tr("Objects that would be deleted"));
    list->setHeaderLabels({tr("Kind"), tr("Namespace"), tr("Name"), tr("Remark")});
    list->setProperty("boxed", true);
    list->setRootIsDecorated(false);
    list->setItemDelegate(new RowDelegate(list));
    list->setFocusPolicy(Qt::TabFocus);
    list->setUniformRowHeights(true);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    list->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const core::ObjectKey& key : m_keys) {
        auto* item = new QTreeWidgetItem(
            {text(key.kind), text(key.namespaceName), text(key.name), consequence(state, key)});
        list->addTopLevelItem(item);
    }
    for (int column = 0; column < 3; ++column)
        list->resizeColumnToContents(column);
    list->setFixedHeight(std::min(int(m_keys.size()), 9) * 28 + 36);
    content()->addWidget(list);
    auto* ask = new QLabel(tr("Type <b>prune</b> to allow it:"), this);
    m_word->setAccessibleName(tr("Type prune to allow it"));
    m_word->setPlaceholderText(QStringLiteral("prune"));
    ask->setBuddy(m_word);
    content()->addWidget(ask);
    content()->addWidget(m_word);
    setAccept(tr("Delete %1").arg(objectCount(int(m_keys.size()))), true);
    acceptButton()->setEnabled(false);
    connect(m_word, &QLineEdit::textChanged, this, [this](const QString& word) {
        acceptButton()->setEnabled(word.trimmed() == QLatin1String("prune"));
    });
    m_word->setFocus();
    resize(640, sizeHint().height());
}

} // namespace widgets
