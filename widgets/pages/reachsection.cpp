// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/reachsection.h"

#include "core/platform/reachreason.h"
#include "widgets/controls/viewtable.h"
#include "widgets/delegates/celldelegate.h"
#include "widgets/delegates/paint.h"
#include "widgets/models/reachmatrixmodel.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kColumnWidth = 112;
constexpr int kHeaderWidth = 300;
constexpr int kPanelWidth = 350;
constexpr int kNarrow = 960; ///< below this the panel goes under the matrix

/// A cell of its own has the focus, not a row.
class ReachDelegate : public CellDelegate
{
public:
    using CellDelegate::CellDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        CellDelegate::paint(painter, option, index);
        if (!(option.state & QStyle::State_HasFocus))
            return;
        painter->setPen(QPen(coloursOf(option.palette).accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(1, 1, -2, -2));
    }
};

QLabel* paragraph(QWidget* parent, const char* role)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (*role)
        label->setProperty("role", QString::fromLatin1(role));
    return label;
}

QString titleOf(const core::ReachReason& reason)
{
    const QString word = reachCell(reason.reach, false).text;
    const QString title = reason.outgoing ? ReachSection::tr("Out of the source: %1").arg(word)
                                          : ReachSection::tr("Into the target: %1").arg(word);
    return reason.decides ? ReachSection::tr("%1, decides").arg(title) : title;
}

QString reasonText(const core::ReachReason& reason)
{
    QString words = text(reason.text);
    if (!words.isEmpty())
        words[0] = words[0].toUpper();
    const QString place = placeText(reason.place);
    return place.isEmpty() ? words + QLatin1Char('.') : words + QStringLiteral(".\n") + place;
}

} // namespace

ReachSection::ReachSection(QWidget* parent)
    : QWidget(parent)
    , m_views(core::noViews())
    , m_model(new ReachMatrixModel(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_table(new QTableView(m_splitter))
    , m_panel(new QWidget(m_splitter))
    , m_title(paragraph(m_panel, "heading"))
    , m_verdict(paragraph(m_panel, ""))
    , m_firstTitle(paragraph(m_panel, "heading"))
    , m_first(paragraph(m_panel, ""))
    , m_secondTitle(paragraph(m_panel, "heading"))
    , m_second(paragraph(m_panel, ""))
    , m_exceptionTitle(paragraph(m_panel, "heading"))
    , m_exceptions(new ViewTable({{tr("From"), 160}, {tr("Reaches it"), 110}, {tr("Because"), 300}},
                                 tr("Workloads that differ"), m_panel))
{
    setupTable();
    setupPanel();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    explain();
}

void ReachSection::setupTable()
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(new ReachDelegate(m_table));
    m_table->setAccessibleName(tr("Who reaches what"));
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setMouseTracking(true);
    m_table->setTabKeyNavigation(false);
    m_table->setCornerButtonEnabled(false);
    m_table->horizontalHeader()->setDefaultSectionSize(kColumnWidth);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setFixedWidth(kHeaderWidth);
    m_table->verticalHeader()->setHighlightSections(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ReachSection::explain);
}

void ReachSection::setupPanel()
{
    m_panel->setProperty("surface", true);
    m_panel->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(m_panel);
    column->setContentsMargins(16, 12, 14, 12);
    column->setSpacing(4);
    for (QLabel* label :
         {m_title, m_verdict, m_firstTitle, m_first, m_secondTitle, m_second, m_exceptionTitle}) {
        if (label->property("role").isValid() && label != m_title)
            column->addSpacing(10);
        column->addWidget(label);
    }
    column->addWidget(m_exceptions);
    column->addStretch(1);
    m_exceptions->setFitted(5);
    auto* area = new QScrollArea(m_splitter);
    area->setWidget(m_panel);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumWidth(240);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(area);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
}

void ReachSection::show(const core::PlatformViewsPtr& views, const std::string& tenant)
{
    m_views = views;
    const QModelIndex before = m_table->currentIndex();
    const int row = before.row();
    const int column = before.column();
    m_model->setViews(views, tenant);
    if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0)
        m_table->setCurrentIndex(
            m_model->index(std::clamp(row, 0, m_model->rowCount() - 1),
                           std::clamp(column, 0, std::max(m_model->columnCount() - 1, 0))));
    explain();
}

void ReachSection::setWords(const QString& words)
{
    m_model->setWords(words);
    explain();
}

int ReachSection::shownCount() const
{
    return m_model->rowCount();
}

int ReachSection::allCount() const
{
    return m_model->targetCount();
}

void ReachSection::focusMatrix()
{
    m_table->setFocus(Qt::OtherFocusReason);
    if (!m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_model->index(0, 0));
}

void ReachSection::explain()
{
    const QModelIndex index = m_table->currentIndex();
    const core::ReachCell* cell = m_model->cell(index);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_verdict, m_firstTitle, m_first,
                                                            m_secondTitle, m_second})
        widget->setVisible(cell != nullptr);
    const bool differs = cell && !cell->exceptions.empty();
    m_exceptionTitle->setVisible(differs);
    m_exceptions->setVisible(differs);
    if (!cell) {
        m_title->setText(tr("Choose a cell to see which policy decides it."));
        return;
    }
    m_title->setText(tr("%1 → %2").arg(text(m_model->source(index.column())->namespaceName),
                                       text(m_model->target(index.row())->title)));
    const QString word = reachCell(cell->reach, false).text;
    m_verdict->setText(
        cell->isMixed
            ? tr("Any pod without labels of its own: %1. Some workloads differ.").arg(word)
            : tr("Any pod: %1.").arg(word));
    const auto reasons = core::reachReasons(*m_views->input, cell->verdict);
    m_firstTitle->setText(titleOf(reasons.front()));
    m_first->setText(reasonText(reasons.front()));
    m_secondTitle->setText(titleOf(reasons.back()));
    m_second->setText(reasonText(reasons.back()));
    m_exceptionTitle->setText(tr("Workloads that differ"));
    m_exceptions->setRows(
        int(cell->exceptions.size()),
        [cell, keep = m_views](int row, int column) -> Cell {
            const core::ReachSource& each = cell->exceptions[std::size_t(row)];
            if (column == 0)
                return {.text = text(each.title), .tip = text(each.title)};
            if (column == 1)
                return reachCell(each.verdict.reach, false);
            return {.text = text(each.verdict.reason()), .tip = text(each.verdict.reason())};
        },
        [cell](int row) { return text(cell->exceptions[std::size_t(row)].title); });
}

void ReachSection::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < kNarrow;
    m_splitter->setOrientation(narrow ? Qt::Vertical : Qt::Horizontal);
    m_splitter->setSizes(narrow ? QList<int> {height() * 3 / 5, height() * 2 / 5}
                                : QList<int> {width() - kPanelWidth, kPanelWidth});
    m_table->verticalHeader()->setFixedWidth(narrow ? 280 : kHeaderWidth);
}

} // namespace widgets
