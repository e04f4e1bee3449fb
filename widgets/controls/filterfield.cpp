// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/filterfield.h"

#include "widgets/models/filterwords.h"
#include "widgets/theme/icons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kUsual = 300;
constexpr int kWidest = 360;

} // namespace

FilterField::FilterField(const QString& placeholder, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_clear(new QToolButton(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_edit->addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_edit->setPlaceholderText(placeholder);
    m_edit->setAccessibleName(placeholder);
    m_edit->setMinimumWidth(150);
    m_edit->setMaximumWidth(kWidest);
    m_edit->installEventFilter(this);
    m_count->setProperty("role", QStringLiteral("secondary"));
    m_clear->setText(tr("Clear"));
    m_clear->setToolTip(tr("Show everything again"));
    m_clear->setAccessibleName(tr("Clear the filter"));
    layout->addWidget(m_edit, 100);
    layout->addWidget(m_count);
    layout->addWidget(m_clear);
    layout->addStretch(1); // beyond the widest field: never in the middle of the room
    setKeys({});
    connect(m_edit, &QLineEdit::textChanged, this, &FilterField::updateCount);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterField::wordsChanged);
    connect(m_clear, &QToolButton::clicked, this, [this] {
        m_edit->clear();
        Q_EMIT cleared();
    });
    setCount(0, 0, false);
}

QSize FilterField::sizeHint() const
{
    const QSize hint = QWidget::sizeHint();
    int beside = 0;
    if (m_filtering)
        for (const QWidget* each : {static_cast<QWidget*>(m_count), static_cast<QWidget*>(m_clear)})
            beside += each->sizeHint().width() + layout()->spacing();
    return {std::max(hint.width(), kUsual + beside), hint.height()};
}

QString FilterField::words() const
{
    return m_edit->text();
}

void FilterField::setWords(const QString& words)
{
    m_edit->setText(words);
}

void FilterField::setCount(int shown, int all, bool filtering)
{
    m_shown = tr("%1 of %2").arg(shown).arg(all);
    m_filtering = filtering;
    updateCount();
}

QString FilterField::complaint() const
{
    const FilterWords words(m_edit->text());
    return words.complaint().isEmpty() && words.asksForLabels() && !m_hasLabels
        ? tr("What is listed here has no labels: that part asks for nothing.")
        : words.complaint();
}

/// How many are shown, and that a part of the words does nothing.
void FilterField::updateCount()
{
    const QString wrong = complaint();
    const bool isUnread = !FilterWords(m_edit->text()).complaint().isEmpty();
    m_count->setText(wrong.isEmpty() ? m_shown
                         : isUnread  ? tr("%1; not understood").arg(m_shown)
                                     : tr("%1; no labels here").arg(m_shown));
    m_count->setToolTip(wrong);
    updateGeometry();
    m_count->setVisible(m_filtering);
    m_clear->setVisible(m_filtering);
}

void FilterField::setKeys(const QStringList& keys)
{
    m_edit->setToolTip(FilterWords::help(keys));
    m_hasLabels = keys.contains(QLatin1String("label"));
    updateCount();
}

void FilterField::activate()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

bool FilterField::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            if (m_edit->text().isEmpty())
                Q_EMIT cleared();
            m_edit->clear();
            Q_EMIT left();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT left();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace widgets
