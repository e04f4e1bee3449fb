// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"
#include "widgets/models/objectlabels.h"

#include <QColor>
#include <QPen>
#include <QString>
#include <QStringList>

namespace widgets {

struct Colours;

/// How lineage is drawn: what each kind of node and edge looks like, in one place, for the picture,
/// its legend and its list.

QString iconOf(const core::LineageBox& box);
QString iconOf(core::LineageNodeType type, const std::string& system, const std::string& name);
/// The band of a layer; a colour of its own for those that platforms usually have, one by name for
/// others. Transparent without a layer.
QColor layerColour(const std::string& layer, const Colours& colours);

/// Solid when declared, dashed when inferred, dotted when only permitted; thick when observed, and
/// the thicker the more flows.
QPen penOf(const core::LineageArrow& arrow, const Colours& colours);
QPen penOf(core::LineageEvidence evidence, const Colours& colours);

/// What filters know of a box, in the picture and in the list: "type", "system", "layer" …
QStringList lineageFilterKeys();
QString lineageField(const core::LineageGraph& graph, const core::LineageBox& box,
                     const QString& key);
/// Labels of the objects that a box stands for.
FilterRow::LabelSets lineageLabels(const core::LineageGraph& graph, const core::LineageBox& box,
                                   const ObjectLabels& labels);

/// "declared", translated.
QString evidenceText(core::LineageEvidence evidence);
QString typeText(core::LineageNodeType type);
/// Which arrows are not drawn: those from a bucket to a folder whose name says where it is, as long
/// as both have others.
std::vector<bool> toldByName(const core::LineageView& view);
/// "12.4 records/s", with "simulated" where it is, and with how many others it has it.
QString rateText(const core::LineageArrow& arrow);
/// What several arrows of a dataset have together, for its box: "in 12.4/s".
QString sharedRateText(const core::LineageArrow& arrow, bool in);
/// The same for the room between two boxes: "12.4/s", with "simulated" below.
QString shortRateText(const core::LineageArrow& arrow);

} // namespace widgets
