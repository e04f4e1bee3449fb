// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/commandpalette.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kHintRole = Qt::UserRole;
constexpr int kEntryRole = Qt::UserRole + 1;

class PaletteDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Colours& c = coloursOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selection);
        QRect rect = option.rect.adjusted(14, 0, -14, 0);
        const QString hint = index.data(kHintRole).toString();
        const int width = QFontMetrics(textFont(kSmallSize)).horizontalAdvance(hint) + 2;
        paintText(*painter, rect, hint, textFont(kSmallSize), c.secondary, Qt::AlignRight);
        rect.setRight(rect.right() - width - 12);
        paintText(*painter, rect, index.data().toString(), textFont(), c.text);
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {100, 30};
    }
};

} // namespace

int fitness(const QString& letters, const QString& label)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar letter : letters) {
        if (letter.isSpace())
            continue;
        const qsizetype found = label.indexOf(letter, at, Qt::CaseInsensitive);
        if (found < 0)
            return -1;
        const bool begins = found == 0 || !label[found - 1].isLetterOrNumber();
        score += found == previous + 1 ? 6 : begins ? 4 : 1;
        previous = found;
        at = found + 1;
    }
    return score * 16 - std::min<int>(int(label.size()), 60) / 4;
}

CommandPalette::CommandPalette(const std::vector<QAction*>& actions,
                               const QStringList& applications, QWidget* parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint)
    , m_edit(new QLineEdit(this))
    , m_model(new QStandardItemModel(this))
    , m_list(new QListView(this))
{
    setWindowTitle(tr("Command palette"));
    setModal(true);
    setObjectName(QStringLiteral("palette"));
    for (const QString& name : applications)
        m_entries.push_back({name, tr("Application"), nullptr});
    for (QAction* action : actions)
        if (action->isEnabled())
            m_entries.push_back(
                {action->text(), action->shortcut().toString(QKeySequence::NativeText), action});
    m_edit->setPlaceholderText(tr("Go to an application or run a command"));
    m_edit->setAccessibleName(m_edit->placeholderText());
    m_edit->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setAccessibleName(tr("Matches"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_edit);
    layout->addWidget(m_list, 1);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    resize(520, 372);
    fill({});
    const QRect frame = parent->window()->geometry();
    move(frame.left() + (frame.width() - width()) / 2, frame.top() + 60);
}

void CommandPalette::fill(const QString& words)
{
    std::vector<std::pair<int, int>> ranked; // score, place
    for (int i = 0; i < int(m_entries.size()); ++i)
        if (const int score = fitness(words, m_entries[std::size_t(i)].label);
            score >= 0 || words.isEmpty())
            ranked.emplace_back(words.isEmpty() ? 0 : score, i);
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    m_model->clear();
    for (const auto& [score, place] : ranked) {
        const Entry& entry = m_entries[std::size_t(place)];
        auto* item = new QStandardItem(entry.label);
        item->setData(entry.hint, kHintRole);
        item->setData(place, kEntryRole);
        item->setData(entry.label + QStringLiteral(", ") + entry.hint, Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
}

void CommandPalette::run()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid())
        return;
    const Entry entry = m_entries[std::size_t(index.data(kEntryRole).toInt())];
    accept();
    if (entry.action)
        entry.action->trigger();
    else
        Q_EMIT applicationChosen(entry.label);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentIndex().row();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
        const int rows = std::max(m_model->rowCount(), 1);
        m_list->setCurrentIndex(
            m_model->index((row + (key == Qt::Key_Down ? 1 : rows - 1)) % rows, 0));
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        run();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace widgets
