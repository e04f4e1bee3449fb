// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/topicrows.h"
#include "widgets/models/objectlabels.h"
#include "widgets/pages/platformpage.h"

#include <map>
#include <memory>

class QLabel;
class QSplitter;
class QStackedWidget;

namespace widgets {

class Banner;
class EmptyState;
class FilterField;
class TopicDetail;
class TopicPasts;
class TopicSamples;
class ViewTable;

/// Kafka's topics and RabbitMQ's exchanges and queues in one list, with what flows through them;
/// beside them one that is open.
class TopicsPage : public PlatformPage
{
    Q_OBJECT

public:
    explicit TopicsPage(const PageContext& context, QWidget* parent = nullptr);

    void setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading) override;
    QString subject() const override { return m_open; }
    void open(const QString& subject) override;
    void activateFilter() override;
    void focusContent() override;
    void setOnlyFaults(bool only) override;
    QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

    TopicDetail& detail() { return *m_detail; }
    bool isAsking() const; ///< for the past of the list's lines

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    using Rows = std::shared_ptr<const std::vector<core::TopicRow>>;

    void setupMaster();
    void setupConnections();
    void fillTable();
    void updateState();
    void updateSources();
    void askPasts();
    void arrange();
    void go(const QString& id);
    int rowOf(const QString& id) const;

    PageContext m_context;
    core::PlatformViewsPtr m_views;
    Rows m_rows;
    ObjectLabelsPtr m_labels;
    PlatformReading m_reading;
    bool m_onlyFaults = false;
    QString m_open;
    std::shared_ptr<TopicSamples> m_samples; ///< the list reads it as well
    TopicPasts* m_pasts;
    QSplitter* m_splitter;
    QWidget* m_master;
    FilterField* m_filter;
    QLabel* m_sources;
    QStackedWidget* m_stack;
    ViewTable* m_table;
    EmptyState* m_empty;
    TopicDetail* m_detail;
};

} // namespace widgets
