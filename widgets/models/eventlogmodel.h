// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"
#include "widgets/models/filterwords.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QStringList>

#include <deque>

namespace widgets {

class WallClock;

/// What happened since the window opened, newest first. Holds a bounded number; what falls out is
/// counted.
class EventLogModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        TimeColumn,
        ApplicationColumn,
        TextColumn,
        ColumnCount
    };
    enum Role
    {
        IconRole = Qt::UserRole, ///< QString, for paintIcon
        ToneRole, ///< int(Tone)
        ApplicationRole, ///< QString
    };
    enum class Tone
    {
        Plain,
        Good,
        Busy,
        Warning,
        Bad
    };

    EventLogModel(const WallClock& clock, int capacity, QObject* parent = nullptr);

    void add(const std::vector<core::Event>& events);
    qint64 dropped() const { return m_dropped; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Entry
    {
        core::WallTime at;
        QString application;
        QString text;
        QString icon;
        Tone tone = Tone::Plain;
    };
    static Entry makeEntry(const core::Event& event);

    const WallClock& m_clock;
    int m_capacity;
    std::deque<Entry> m_entries; ///< newest first
    qint64 m_dropped = 0;
};

/// Events of one application (or of all), that hold every word, or only those that warn.
class EventFilterProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit EventFilterProxy(QObject* parent = nullptr);
    void setApplication(const QString& application); ///< "" is all
    void setWords(const QString& words);
    void setOnlyWarnings(bool only);
    bool isFiltering() const { return !m_words.isEmpty() || m_onlyWarnings; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QString m_application;
    FilterWords m_words;
    bool m_onlyWarnings = false;
};

} // namespace widgets
