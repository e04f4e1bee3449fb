// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topiccells.h"

#include "core/platform/serieschart.h"
#include "widgets/text/texts.h"

#include <QCoreApplication>

#include <algorithm>

namespace widgets {

namespace {

QString words(const char* english)
{
    return QCoreApplication::translate("widgets::Topics", english);
}

QString joined(const std::vector<std::string>& names)
{
    QStringList out;
    for (const std::string& name : names)
        out << text(name);
    return out.join(QLatin1Char('\n'));
}

template<class T>
Cell optionalCell(const std::optional<T>& value)
{
    if (value)
        return numberCell(qint64(*value));
    return {.text = QStringLiteral("–"),
            .tone = Cell::Tone::Faint,
            .order = -1,
            .tip = words("No manifest and no broker tells it.")};
}

Cell usersCell(const std::vector<std::string>& users, const std::vector<std::string>& both,
               const std::vector<std::string>& may)
{
    Cell cell = countCell(qint64(users.size()));
    if (!both.empty())
        cell.text = users.empty() ? QStringLiteral("%1?").arg(both.size())
                                  : QStringLiteral("%1 + %2?").arg(users.size()).arg(both.size());
    if (!both.empty())
        cell.tone = Cell::Tone::Plain;
    QStringList tip;
    if (!users.empty())
        tip << joined(users);
    if (!both.empty())
        tip << words("which way they use it is not told:") << joined(both);
    if (!may.empty())
        tip << words("may, by their rights:") << joined(may);
    cell.tip = tip.join(QLatin1Char('\n'));
    return cell;
}

/// What matters of the marks, in as few words as may be: who sees "flowing" needs not be told that
/// it exists.
std::vector<CellBadge> badgesOf(const core::TopicRow& row)
{
    using enum core::TopicMark;
    std::vector<CellBadge> out;
    if (row.has(Missing))
        out.push_back({words("missing"), Cell::Tone::Bad});
    else if (row.has(Undeclared))
        out.push_back({words("undeclared"), Cell::Tone::Warning});
    else if (row.has(Existing) && !row.has(Flowing))
        out.push_back({words("existing"), Cell::Tone::Secondary});
    else if (!row.has(Flowing))
        out.push_back({words("declared"), Cell::Tone::Secondary});
    if (row.has(Flowing))
        out.push_back({words("flowing"), Cell::Tone::Good});
    if (row.has(Silent) && row.has(Unread))
        out.push_back({words("unused"), Cell::Tone::Warning});
    else if (row.has(Silent))
        out.push_back({words("silent"), Cell::Tone::Warning});
    else if (row.has(Unread))
        out.push_back({words("unread"), Cell::Tone::Warning});
    return out;
}

/// The text has every mark, for filters, sorting and screen readers.
Cell marksCell(const core::TopicRow& row)
{
    using enum core::TopicMark;
    QStringList tip {marksText(row)};
    if (row.has(Silent))
        tip << words("Nobody is known to write it.");
    if (row.has(Unread))
        tip << words("Nobody is known to read it.");
    if (row.has(Undeclared))
        tip << words("It exists, and nobody declares it.");
    if (row.has(Missing))
        tip << words("Git declares it, and it is not in the cluster.");
    if (!row.topic.note.empty())
        tip << text(row.topic.note);
    return {.text = marksText(row), .tip = tip.join(QLatin1Char('\n')), .badges = badgesOf(row)};
}

QString iconOf(core::Topic::Type type)
{
    switch (type) {
    case core::Topic::Type::Queue:
        return QStringLiteral("node-queue");
    case core::Topic::Type::Exchange:
        return QStringLiteral("node-exchange");
    case core::Topic::Type::Topic:
        break;
    }
    return QStringLiteral("node-topic");
}

} // namespace

std::vector<ViewTableModel::Column> topicColumns()
{
    const QString behind = QStringLiteral("behind");
    const QString kept = QStringLiteral("retention");
    // The ranks say which go first where the window is narrow; the topic's own page has them all.
    return {{.title = words("Name"), .width = 132, .stretches = true},
            {.title = words("Type"), .width = 88, .rank = 2},
            {.title = words("Cluster"), .width = 100, .stretches = true},
            {.title = words("State"), .width = 154},
            {.title = words("In"), .width = 198, .right = true},
            {.title = words("Out"), .width = 124, .right = true},
            {.title = words("Lag"), .width = 114, .right = true},
            {.title = words("Behind by"), .width = 114, .right = true, .key = behind},
            {.title = words("Partitions"), .width = 82, .right = true, .rank = 3},
            {.title = words("Replicas"), .width = 78, .right = true, .rank = 5},
            {.title = words("Kept for"), .width = 78, .right = true, .rank = 4, .key = kept},
            {.title = words("Writers"), .width = 66, .right = true, .rank = 1},
            {.title = words("Readers"), .width = 68, .right = true, .rank = 1},
            {.title = words("Application"), .width = 120, .rank = 6}};
}

QStringList topicFilterKeys()
{
    return {QStringLiteral("tenant"), QStringLiteral("system"), QStringLiteral("vhost"),
            QStringLiteral("group"),  QStringLiteral("writer"), QStringLiteral("reader"),
            QStringLiteral("file")};
}

QString topicField(const core::TopicRow& row, const std::vector<core::TenantView>& tenants,
                   const QString& key)
{
    const core::Topic& topic = row.topic;
    QStringList out;
    const auto addAll = [&out](const std::vector<std::string>& names) {
        for (const std::string& name : names)
            out << text(name);
    };
    if (key == QLatin1String("tenant")) {
        for (const core::TenantView& tenant : tenants)
            if (std::ranges::find(tenant.usedTopics, topic.id) != tenant.usedTopics.end()
                || std::ranges::find(tenant.permittedTopics, topic.id)
                    != tenant.permittedTopics.end())
                out << text(tenant.name);
    } else if (key == QLatin1String("system")) {
        out << text(topic.system);
    } else if (key == QLatin1String("vhost")) {
        out << text(topic.vhost);
    } else if (key == QLatin1String("group")) {
        for (const core::TopicGroup& group : row.groups)
            out << text(group.name);
    } else if (key == QLatin1String("writer")) {
        addAll(topic.producers);
    } else if (key == QLatin1String("reader")) {
        addAll(topic.consumers);
    } else {
        out << text(topic.place.file);
    }
    return out.join(QStringLiteral(", "));
}

QString marksText(const core::TopicRow& row)
{
    QStringList out;
    for (const core::TopicMark mark : row.marks)
        out << text(core::toString(mark));
    return out.join(QStringLiteral(", "));
}

Cell figureCell(const core::TopicFigure& figure, core::Measure measure)
{
    if (!figure.value)
        return {.text = QStringLiteral("–"),
                .tone = Cell::Tone::Faint,
                .order = -1,
                .tip = text(figure.reason),
                .spoken = words("none: ") + text(figure.reason)};
    QString shown =
        text(measure == core::Measure::LagSeconds ? core::withUnit(*figure.value, measure)
                                                  : core::shortNumber(*figure.value));
    if (measure == core::Measure::RecordsIn || measure == core::Measure::RecordsOut)
        shown += QStringLiteral(" /s");
    const int smallFrom = figure.simulated ? int(shown.size()) : -1;
    if (figure.simulated)
        shown += QLatin1Char(' ') + words("simulated");
    return {.text = shown,
            .order = *figure.value,
            .tip = text(core::withUnit(*figure.value, measure)) + QLatin1Char('\n')
                + text(figure.source),
            .smallFrom = smallFrom};
}

QString retentionText(const std::optional<std::int64_t>& milliseconds)
{
    if (!milliseconds)
        return QStringLiteral("–");
    if (*milliseconds < 0)
        return words("for ever");
    return text(core::describeDuration(std::chrono::milliseconds(*milliseconds)));
}

Cell topicCell(const core::TopicRow& row, TopicColumn column, const std::vector<double>& recent)
{
    const core::Topic& topic = row.topic;
    const bool isQueue = topic.type == core::Topic::Type::Queue;
    switch (column) {
    case TopicColumn::Name:
        return {.text = text(topic.name),
                .icon = iconOf(topic.type),
                .tone = Cell::Tone::Unknown,
                .tip = text(row.type()) + QLatin1Char('\n') + text(topic.id)};
    case TopicColumn::Type:
        return {.text = text(row.type()), .tone = Cell::Tone::Secondary};
    case TopicColumn::Cluster: {
        const QString where = topic.cluster.empty() ? words("not told") : text(topic.cluster);
        return {.text = where,
                .tone = Cell::Tone::Secondary,
                .tip =
                    topic.vhost.empty() ? text(topic.note) : words("vhost ") + text(topic.vhost)};
    }
    case TopicColumn::Marks:
        return marksCell(row);
    case TopicColumn::In: {
        Cell cell = figureCell(row.in, core::Measure::RecordsIn);
        cell.line = recent;
        return cell;
    }
    case TopicColumn::Out:
        return figureCell(row.out, core::Measure::RecordsOut);
    case TopicColumn::Lag:
        return figureCell(row.lag, isQueue ? core::Measure::Depth : core::Measure::Lag);
    case TopicColumn::LagSeconds:
        return figureCell(row.lagSeconds, core::Measure::LagSeconds);
    case TopicColumn::Partitions:
        return optionalCell(topic.partitions);
    case TopicColumn::Replicas:
        return optionalCell(topic.replicas);
    case TopicColumn::Retention:
        return {.text = retentionText(topic.retentionMs),
                .tone = topic.retentionMs ? Cell::Tone::Plain : Cell::Tone::Faint,
                .order = qint64(topic.retentionMs.value_or(-2))};
    case TopicColumn::Producers:
        return usersCell(topic.producers, topic.users, topic.permittedProducers);
    case TopicColumn::Consumers:
        return usersCell(topic.consumers, topic.users, topic.permittedConsumers);
    case TopicColumn::Application:
        return {.text = text(topic.application), .tone = Cell::Tone::Secondary};
    }
    return {};
}

} // namespace widgets
