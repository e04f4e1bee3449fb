// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace widgets {

/// Everything that can be done or opened, found by a few letters.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    CommandPalette(const std::vector<QAction*>& actions, const QStringList& applications,
                   QWidget* parent);

Q_SIGNALS:
    void applicationChosen(const QString& name);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& words);
    void run();

    struct Entry
    {
        QString label;
        QString hint;
        QAction* action = nullptr; ///< null for an application
    };

    std::vector<Entry> m_entries;
    QLineEdit* m_edit;
    QStandardItemModel* m_model;
    QListView* m_list;
};

/// How well letters fit a label: -1 when they do not occur in this order, else higher is better.
int fitness(const QString& letters, const QString& label);

} // namespace widgets
