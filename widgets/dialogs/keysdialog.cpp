// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/keysdialog.h"

#include "widgets/actions.h"
#include "widgets/theme/fonts.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <map>

namespace widgets {

namespace {

QString keysOf(const QAction* action)
{
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts())
        keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral("   "));
}

/// Keys that lists and lanes know by themselves.
std::vector<std::pair<QString, QString>> listKeys()
{
    return {{KeysDialog::tr("Open"), QStringLiteral("Enter")},
            {KeysDialog::tr("Manifest"), QStringLiteral("Y")},
            {KeysDialog::tr("Fold, unfold"), QStringLiteral("←   →")},
            {KeysDialog::tr("From wave to wave"), QStringLiteral("←   →")},
            {KeysDialog::tr("From part to part"), QStringLiteral("Tab")}};
}

} // namespace

KeysDialog::KeysDialog(const std::vector<QAction*>& actions, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    setModal(true);
    std::map<QString, QGridLayout*> groups;
    auto* columns = new QHBoxLayout;
    columns->setSpacing(40);
    QVBoxLayout* sides[] = {new QVBoxLayout, new QVBoxLayout};
    auto addLine = [](QGridLayout* grid, const QString& what, const QString& keys) {
        const int row = grid->rowCount();
        auto* name = new QLabel(what);
        auto* key = new QLabel(keys);
        key->setFont(monoFont());
        key->setProperty("role", QStringLiteral("secondary"));
        grid->addWidget(name, row, 0);
        grid->addWidget(key, row, 1);
    };
    auto gridOf = [&](const QString& group, int side) {
        if (!groups.contains(group)) {
            auto* heading = new QLabel(group);
            heading->setProperty("role", QStringLiteral("heading"));
            auto* grid = new QGridLayout;
            grid->setHorizontalSpacing(24);
            grid->setVerticalSpacing(6);
            grid->setColumnMinimumWidth(0, 190);
            grid->addWidget(heading, 0, 0, 1, 2);
            sides[side]->addLayout(grid);
            sides[side]->addSpacing(18);
            groups[group] = grid;
        }
        return groups[group];
    };
    for (const QAction* action : actions) {
        if (action->shortcuts().isEmpty())
            continue;
        const QString group = Actions::groupOf(action);
        addLine(gridOf(group, group == QLatin1String("Go") ? 1 : 0), action->text(),
                keysOf(action));
    }
    for (const auto& [what, keys] : listKeys())
        addLine(gridOf(tr("In lists"), 1), what, keys);
    for (QVBoxLayout* side : sides) {
        side->addStretch(1);
        columns->addLayout(side);
    }
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 20, 22, 16);
    layout->addLayout(columns);
    layout->addWidget(close, 0, Qt::AlignRight);
}

} // namespace widgets
