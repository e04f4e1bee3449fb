// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "widgets/models/filterwords.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QStackedWidget;
class QTreeView;

namespace widgets {

class EmptyState;
class FilterField;
class ResourceTreeModel;
class WallClock;

/// Objects that match what was typed; owners of such objects stay.
class ResourceFilterProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ResourceFilterProxy(QObject* parent = nullptr);
    void setWords(const QString& words);
    bool isFiltering() const { return !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    FilterWords m_words;
};

/// The objects of an application by owner.
class ResourcesSection : public QWidget
{
    Q_OBJECT

public:
    explicit ResourcesSection(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationStatePtr& state);
    void activateFilter();
    void focusList();
    void select(const core::ObjectKey& key);

Q_SIGNALS:
    void differenceRequested(const core::ObjectKey& key); ///< Enter on an object that differs

private:
    void setupView();
    void updateState();

    ResourceTreeModel* m_model;
    ResourceFilterProxy* m_proxy;
    FilterField* m_filter;
    QStackedWidget* m_stack;
    QTreeView* m_view;
    EmptyState* m_empty;
};

} // namespace widgets
