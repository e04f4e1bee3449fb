// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/lineagebar.h"

#include "widgets/controls/filterfield.h"
#include "widgets/graph/graphlook.h"
#include "widgets/theme/icons.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QToolButton>

namespace widgets {

LineageBar::LineageBar(QWidget* parent)
    : QWidget(parent)
    , m_search(new FilterField(tr("Find a node"), this))
    , m_scope(new QComboBox(this))
    , m_depth(new QSpinBox(this))
    , m_grouping(new QComboBox(this))
    , m_more(new QToolButton(this))
    , m_moreMenu(new QMenu(m_more))
    , m_kinds(new QActionGroup(this))
    , m_permitted(new QAction(this))
    , m_internal(new QAction(this))
    , m_unlinked(new QAction(this))
    , m_zoom(new QWidget(this))
    , m_graph(new QToolButton(this))
    , m_list(new QToolButton(this))
    , m_export(new QToolButton(this))
{
    m_search->setKeys(lineageFilterKeys() << QStringLiteral("label"));
    setupChoices();
    setupButtons();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(8);
    layout->addWidget(m_search);
    layout->addWidget(m_scope);
    layout->addWidget(m_depth);
    layout->addWidget(m_grouping);
    layout->addWidget(m_more);
    layout->addStretch(1);
    layout->addWidget(m_zoom);
    layout->addWidget(m_graph);
    layout->addWidget(m_list);
    layout->addWidget(m_export);
    setQuestion({}, false);
}

void LineageBar::setupChoices()
{
    for (const QString& words :
         {tr("Whole platform"), tr("Around the node"), tr("All before it"), tr("All after it"),
          tr("Before and after"), tr("Impact"), tr("Path")})
        m_scope->addItem(words);
    m_scope->setAccessibleName(tr("How much is shown"));
    m_scope->setToolTip(tr("Scopes other than the whole need a node: choose one first."));
    m_depth->setRange(1, 9);
    m_depth->setPrefix(QStringLiteral("± "));
    m_depth->setAccessibleName(tr("Steps around the node"));
    for (const QString& words :
         {tr("No groups"), tr("By tenant"), tr("By layer"), tr("By application")})
        m_grouping->addItem(words);
    m_grouping->setAccessibleName(tr("Groups"));
    for (const QString& words : {tr("Jobs and datasets"), tr("Datasets only"), tr("Jobs only")}) {
        QAction* action = m_kinds->addAction(words);
        action->setCheckable(true);
        m_moreMenu->addAction(action);
    }
    m_kinds->actions()[1]->setToolTip(tr("An arrow stands for the jobs between two datasets."));
    m_kinds->actions()[2]->setToolTip(tr("An arrow stands for the datasets between two jobs."));
    m_moreMenu->setToolTipsVisible(true);
    connect(m_kinds, &QActionGroup::triggered, this, &LineageBar::ask);
    m_moreMenu->addSeparator();
    for (QAction* action : {m_permitted, m_internal, m_unlinked}) {
        action->setCheckable(true);
        m_moreMenu->addAction(action);
        connect(action, &QAction::toggled, this, &LineageBar::ask);
    }
    m_more->setText(tr("Show"));
    m_more->setMenu(m_moreMenu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setProperty("pill", true);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &LineageBar::ask);
    connect(m_depth, &QSpinBox::valueChanged, this, &LineageBar::ask);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &LineageBar::ask);
}

QToolButton* LineageBar::iconButton(const QString& icon, const QString& name)
{
    auto* button = new QToolButton(m_zoom);
    button->setIcon(themedIcon(icon));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    m_zoom->layout()->addWidget(button);
    return button;
}

void LineageBar::setupButtons()
{
    auto* zoom = new QHBoxLayout(m_zoom);
    zoom->setContentsMargins(0, 0, 0, 0);
    zoom->setSpacing(0);
    const std::tuple<QString, QString, double> buttons[] = {
        {QStringLiteral("zoom-out"), tr("Smaller (−)"), 0.8},
        {QStringLiteral("zoom-in"), tr("Larger (+)"), 1.25},
        {QStringLiteral("zoom-fit"), tr("Fit (0)"), 0.0},
    };
    for (const auto& [icon, name, factor] : buttons)
        connect(iconButton(icon, name), &QToolButton::clicked, this,
                [this, by = factor] { Q_EMIT zoomRequested(by); });
    m_graph->setText(tr("Graph"));
    m_list->setText(tr("List"));
    m_list->setToolTip(tr("The same as a list (T)"));
    for (QToolButton* button : {m_graph, m_list}) {
        button->setCheckable(true);
        button->setProperty("pill", true);
    }
    connect(m_graph, &QToolButton::clicked, this, [this] { Q_EMIT listToggled(false); });
    connect(m_list, &QToolButton::clicked, this, [this] { Q_EMIT listToggled(true); });
    m_export->setText(tr("Export"));
    m_export->setProperty("pill", true);
    m_export->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_export);
    const std::pair<QString, QString> formats[] = {
        {tr("Picture (PNG) …"), QStringLiteral("png")},
        {tr("Graphviz (DOT) …"), QStringLiteral("dot")},
        {tr("OpenLineage events (JSON) …"), QStringLiteral("openlineage")},
    };
    for (const auto& [words, format] : formats)
        connect(menu->addAction(words), &QAction::triggered, this,
                [this, which = format] { Q_EMIT exportRequested(which); });
    m_export->setMenu(menu);
    setAsList(false);
}

void LineageBar::setQuestion(const core::LineageQuestion& question, bool hasFocus)
{
    m_question = question;
    m_filling = true;
    m_scope->setCurrentIndex(int(question.scope));
    auto* items = qobject_cast<QStandardItemModel*>(m_scope->model());
    for (int i = 1; items && i < m_scope->count(); ++i)
        items->item(i)->setEnabled(
            hasFocus && (i != int(core::LineageScope::Path) || !question.end.empty()));
    m_depth->setValue(question.depth);
    m_depth->setVisible(question.scope == core::LineageScope::Near);
    m_grouping->setCurrentIndex(int(question.grouping));
    m_kinds->actions()[int(question.kinds)]->setChecked(true);
    m_more->setText(question.kinds == core::LineageKinds::Datasets   ? tr("Datasets only")
                        : question.kinds == core::LineageKinds::Jobs ? tr("Jobs only")
                                                                     : tr("Show"));
    m_permitted->setChecked(question.permitted);
    m_internal->setChecked(question.internal);
    m_unlinked->setChecked(question.unlinked);
    m_filling = false;
}

void LineageBar::setHidden(const core::LineageView& view)
{
    const auto name = [](QAction* action, const QString& words, int hidden) {
        action->setText(hidden > 0 ? words + QStringLiteral(" (%1)").arg(hidden) : words);
    };
    name(m_permitted, tr("Edges that are only permitted"), view.hiddenPermitted);
    name(m_internal, tr("Plumbing"), view.hiddenInternal);
    name(m_unlinked, tr("Nodes without an edge"), view.hiddenUnlinked);
}

void LineageBar::ask()
{
    if (m_filling)
        return;
    m_question.scope = core::LineageScope(m_scope->currentIndex());
    m_question.depth = m_depth->value();
    m_question.grouping = core::LineageGrouping(m_grouping->currentIndex());
    m_question.kinds = core::LineageKinds(m_kinds->actions().indexOf(m_kinds->checkedAction()));
    m_question.permitted = m_permitted->isChecked();
    m_question.internal = m_internal->isChecked();
    m_question.unlinked = m_unlinked->isChecked();
    Q_EMIT asked(m_question);
}

bool LineageBar::asList() const
{
    return m_list->isChecked();
}

void LineageBar::setAsList(bool list)
{
    m_list->setChecked(list);
    m_graph->setChecked(!list);
    m_zoom->setVisible(!list);
}

} // namespace widgets
