// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/tenants.h"
#include "core/platform/topicrows.h"
#include "widgets/controls/viewtable.h"

#include <vector>

namespace widgets {

/// The columns of the list of topics.
enum class TopicColumn
{
    Name,
    Type,
    Cluster,
    Marks,
    In,
    Out,
    Lag,
    LagSeconds,
    Partitions,
    Replicas,
    Retention,
    Producers,
    Consumers,
    Application,
};

std::vector<ViewTableModel::Column> topicColumns();
/// recent: values for the sparkline of what comes in, empty without.
Cell topicCell(const core::TopicRow& row, TopicColumn column, const std::vector<double>& recent);
/// What filters find beside the columns: "tenant", "system", "group" and the like.
QStringList topicFilterKeys();
QString topicField(const core::TopicRow& row, const std::vector<core::TenantView>& tenants,
                   const QString& key);
/// "declared, flowing", in the field's words.
QString marksText(const core::TopicRow& row);
/// A figure with "simulated" beside it, or a dash with the reason.
Cell figureCell(const core::TopicFigure& figure, core::Measure measure);
/// "7 d", "1 h": what Kafka's retention.ms means.
QString retentionText(const std::optional<std::int64_t>& milliseconds);

} // namespace widgets
