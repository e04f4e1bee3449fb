// SPDX-License-Identifier: GPL-3.0-or-later
// What the lineage page shows, written into a file.
#include "core/platform/lineagetext.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/graph/lineagegraph.h"
#include "widgets/pages/lineagepage.h"
#include "widgets/text/texts.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QSaveFile>

namespace widgets {

QString LineagePage::exportTo(const QString& format, const QString& file)
{
    if (format == QStringLiteral("png"))
        return m_graph->exportPng(file) ? QString()
                                        : tr("The picture could not be written to %1.").arg(file);
    std::vector<core::LineageGraph::Index> nodes;
    for (const core::LineageBox& box : m_view.boxes)
        nodes.insert(nodes.end(), box.nodes.begin(), box.nodes.end());
    const core::LineageGraph part = m_views->lineage->part(nodes);
    std::string words;
    if (format == QStringLiteral("dot"))
        words = core::toDot(part);
    else
        words =
            core::toPrettyText(core::Json(core::toOpenLineage(part, m_context.clock.now()))) + '\n';
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(words.data(), qint64(words.size())) < 0
        || !out.commit())
        return tr("%1 could not be written: %2.").arg(file, out.errorString());
    return {};
}

void LineagePage::askFile(const QString& format)
{
    const bool isPicture = format == QStringLiteral("png");
    const QString suffix = isPicture      ? format
        : format == QStringLiteral("dot") ? format
                                          : QStringLiteral("json");
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the lineage"),
                                                      QStringLiteral("lineage.") + suffix,
                                                      QStringLiteral("*.") + suffix);
    if (file.isEmpty())
        return;
    const QString problem = exportTo(format, file);
    if (!problem.isEmpty())
        QMessageBox::warning(this, tr("Export the lineage"), problem);
}

} // namespace widgets
