// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topiccells.h"

#include "core/platform/serieschart.h"
#include "widgets/text/texts.h"

#include <QCoreApplication>

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

Cell marksCell(const core::TopicRow& row)
{
    using enum core::TopicMark;
    Cell cell {.text = marksText(row), .icon = QStringLiteral("check"), .tone = Cell::Tone::Good};
    if (row.has(Missing))
        cell.icon = QStringLiteral("health-missing"), cell.tone = Cell::Tone::Warning;
    else if (row.has(Undeclared))
        cell.icon = QStringLiteral("warning"), cell.tone = Cell::Tone::Warning;
    else if (row.has(Silent) || row.has(Unread))
        cell.icon = QStringLiteral("warning"), cell.tone = Cell::Tone::Warning;
    else if (!row.has(Flowing))
        cell.tone = Cell::Tone::Secondary;
    QStringList tip;
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
    cell.tip = tip.join(QLatin1Char('\n'));
    return cell;
}

} // namespace

std::vector<ViewTableModel::Column> topicColumns()
{
    return {{words("Name"), 160},
            {words("Type"), 86},
            {words("Cluster"), 146},
            {words("State"), 216},
            {words("In"), 200, true},
            {words("Out"), 130, true},
            {words("Lag"), 122, true},
            {words("Behind by"), 116, true},
            {words("Partitions"), 86, true},
            {words("Replicas"), 76, true},
            {words("Kept for"), 76, true},
            {words("Writers"), 70, true},
            {words("Readers"), 70, true},
            {words("Application"), 120}};
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
    if (figure.simulated)
        shown += QLatin1Char(' ') + words("simulated");
    return {.text = shown,
            .tone = figure.simulated ? Cell::Tone::Secondary : Cell::Tone::Plain,
            .order = *figure.value,
            .tip = text(core::withUnit(*figure.value, measure)) + QLatin1Char('\n')
                + text(figure.source)};
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
        return {.text = text(topic.name), .tip = text(topic.id)};
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
