// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/filterfield.h"

#include "widgets/theme/icons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace widgets {

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
    m_edit->setMaximumWidth(280);
    m_edit->installEventFilter(this);
    m_count->setProperty("role", QStringLiteral("secondary"));
    m_clear->setText(tr("Clear"));
    m_clear->setToolTip(tr("Show everything again"));
    m_clear->setAccessibleName(tr("Clear the filter"));
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_count);
    layout->addWidget(m_clear);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterField::wordsChanged);
    connect(m_clear, &QToolButton::clicked, this, [this] {
        m_edit->clear();
        Q_EMIT cleared();
    });
    setCount(0, 0, false);
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
    m_count->setText(tr("%1 of %2").arg(shown).arg(all));
    m_count->setVisible(filtering);
    m_clear->setVisible(filtering);
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
