// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/graphlook.h"

#include "core/platform/serieschart.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

namespace widgets {

namespace {

struct LayerLook
{
    std::string_view layer;
    QRgb light;
    QRgb dark;
};

constexpr LayerLook kLayers[] = {
    {"bronze", 0xffa86432, 0xffc98a5a},        {"silver", 0xff8492a6, 0xffa9b6c8},
    {"gold", 0xffc79a12, 0xffe3bd4a},          {"speed", 0xff3a7bd5, 0xff6aa5f5},
    {"batch", 0xff7c5cc4, 0xffa88bea},         {"serving", 0xff0e8f86, 0xff45bdb2},
    {"ingress", 0xffc2557a, 0xffe384a5},       {"service", 0xff4f6d9a, 0xff8aa6cf},
    {"data", 0xff2c8a9e, 0xff5cbacd},          {"messaging", 0xffb8741a, 0xffdca052},
    {"observability", 0xff6d7f2b, 0xffa4b85a},
};

constexpr QRgb kOtherLight[] = {0xff3f7f5f, 0xff8a5a8f, 0xff9a5a4a, 0xff4a7a9a};
constexpr QRgb kOtherDark[] = {0xff74b494, 0xffbd90c2, 0xffcf9080, 0xff80b0cf};

} // namespace

QColor layerColour(const std::string& layer, const Colours& colours)
{
    if (layer.empty())
        return Qt::transparent;
    const auto found = std::ranges::find(kLayers, layer, &LayerLook::layer);
    if (found != std::end(kLayers))
        return QColor::fromRgb(colours.dark ? found->dark : found->light);
    std::size_t sum = 0;
    for (const char c : layer)
        sum = sum * 31 + static_cast<unsigned char>(c);
    return QColor::fromRgb((colours.dark ? kOtherDark : kOtherLight)[sum % 4]);
}

QString iconOf(core::LineageNodeType type, const std::string& system, const std::string& name)
{
    using enum core::LineageNodeType;
    switch (type) {
    case Job:
        return QStringLiteral("node-job");
    case Service:
        return QStringLiteral("node-service");
    case Store:
        return QStringLiteral("node-store");
    case External:
        return QStringLiteral("node-external");
    case Unresolved:
        return QStringLiteral("node-unresolved");
    case Dataset:
        break;
    }
    if (system == "kafka")
        return QStringLiteral("node-topic");
    if (system == "rabbitmq")
        return name.find("/exchange/") != name.npos ? QStringLiteral("node-exchange")
                                                    : QStringLiteral("node-queue");
    return system == "s3" ? QStringLiteral("node-bucket") : QStringLiteral("node-table");
}

QString iconOf(const core::LineageBox& box)
{
    return box.isGroup ? QStringLiteral("node-group") : iconOf(box.type, box.system, box.id);
}

QPen penOf(core::LineageEvidence evidence, const Colours& colours)
{
    QPen pen(mixed(colours.text, colours.surface, 0.58), 1.5);
    pen.setCapStyle(Qt::FlatCap);
    switch (evidence) {
    case core::LineageEvidence::Permitted:
        pen.setDashPattern({1.2, 2.8});
        break;
    case core::LineageEvidence::Inferred:
        pen.setDashPattern({5, 3.2});
        break;
    case core::LineageEvidence::Declared:
        break;
    case core::LineageEvidence::Observed:
        pen.setWidthF(2.6);
        break;
    }
    return pen;
}

QPen penOf(const core::LineageArrow& arrow, const Colours& colours)
{
    QPen pen = penOf(arrow.evidence, colours);
    if (arrow.relation == core::LineageRelation::Contains) {
        pen = QPen(mixed(colours.text, colours.surface, 0.28), 1);
        pen.setDashPattern({2, 2});
    }
    if (arrow.rate && *arrow.rate > 0)
        pen.setWidthF(2.2 + std::min(3.4, std::log10(1 + *arrow.rate)));
    return pen;
}

QStringList lineageFilterKeys()
{
    return {QStringLiteral("name"),      QStringLiteral("type"),        QStringLiteral("kind"),
            QStringLiteral("system"),    QStringLiteral("layer"),       QStringLiteral("health"),
            QStringLiteral("namespace"), QStringLiteral("application"), QStringLiteral("file")};
}

QString lineageField(const core::LineageGraph& graph, const core::LineageBox& box,
                     const QString& key)
{
    if (key == QLatin1String("name"))
        return text(box.title);
    if (key == QLatin1String("type"))
        return box.isGroup ? QStringLiteral("group") : text(core::toString(box.type));
    if (key == QLatin1String("kind"))
        return text(box.detail);
    if (key == QLatin1String("system"))
        return text(box.system);
    if (key == QLatin1String("layer"))
        return text(box.layer);
    if (key == QLatin1String("health"))
        return box.health ? text(core::toString(*box.health)) : QString();
    QStringList out; // of all the nodes of a group
    for (const core::LineageGraph::Index index : box.nodes) {
        const core::LineageNode& node = graph.node(index);
        const QString each = text(key == QLatin1String("namespace") ? node.kubernetesNamespace
                                      : key == QLatin1String("application") ? node.application
                                                                            : node.place.file);
        if (!out.contains(each))
            out << each;
    }
    return out.join(QStringLiteral(", "));
}

FilterRow::LabelSets lineageLabels(const core::LineageGraph& graph, const core::LineageBox& box,
                                   const ObjectLabels& labels)
{
    FilterRow::LabelSets out;
    for (const core::LineageGraph::Index index : box.nodes)
        if (const auto& object = graph.node(index).object)
            out.push_back(labels.of(*object));
    return out;
}

QString evidenceText(core::LineageEvidence evidence)
{
    static constexpr const char* kWords[] = {
        QT_TRANSLATE_NOOP("widgets::Lineage", "permitted"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "inferred"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "declared"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "observed"),
    };
    return QCoreApplication::translate("widgets::Lineage", kWords[int(evidence)]);
}

QString typeText(core::LineageNodeType type)
{
    static constexpr const char* kWords[] = {
        QT_TRANSLATE_NOOP("widgets::Lineage", "dataset"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "job"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "service"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "store"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "external"),
        QT_TRANSLATE_NOOP("widgets::Lineage", "unresolved"),
    };
    return QCoreApplication::translate("widgets::Lineage", kWords[int(type)]);
}

QString sharedRateText(const core::LineageArrow& arrow, bool in)
{
    QString figure = text(core::shortNumber(*arrow.rate)) + QStringLiteral("/s");
    if (arrow.simulated)
        figure += QLatin1Char(' ') + QCoreApplication::translate("widgets::Lineage", "simulated");
    return (in ? QCoreApplication::translate("widgets::Lineage", "in %1")
               : QCoreApplication::translate("widgets::Lineage", "out %1"))
        .arg(figure);
}

QString shortRateText(const core::LineageArrow& arrow)
{
    if (!arrow.rate)
        return {};
    const QString figure = text(core::shortNumber(*arrow.rate)) + QStringLiteral("/s");
    return arrow.simulated
        ? figure + QLatin1Char('\n') + QCoreApplication::translate("widgets::Lineage", "simulated")
        : figure;
}

std::vector<bool> toldByName(const core::LineageView& view)
{
    const auto isTold = [&](const core::LineageArrow& arrow) {
        const core::LineageBox& from = view.boxes[arrow.from];
        const core::LineageBox& to = view.boxes[arrow.to];
        return arrow.relation == core::LineageRelation::Contains && !from.isGroup && !to.isGroup
            && to.title.starts_with(from.title + '/');
    };
    std::vector<int> others(view.boxes.size());
    for (const core::LineageArrow& arrow : view.arrows)
        if (!isTold(arrow)) {
            ++others[arrow.from];
            ++others[arrow.to];
        }
    std::vector<bool> out;
    for (const core::LineageArrow& arrow : view.arrows)
        out.push_back(isTold(arrow) && others[arrow.from] > 0 && others[arrow.to] > 0);
    return out;
}

QString rateText(const core::LineageArrow& arrow)
{
    if (!arrow.rate)
        return {};
    QString figure = text(core::withUnit(*arrow.rate, core::Measure::RecordsIn));
    if (arrow.sharing > 1)
        figure = QCoreApplication::translate("widgets::Lineage", "%1 by %2 together")
                     .arg(figure)
                     .arg(arrow.sharing);
    return arrow.simulated
        ? QCoreApplication::translate("widgets::Lineage", "%1, simulated").arg(figure)
        : figure;
}

} // namespace widgets
