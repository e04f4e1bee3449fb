// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/stylesheet.h"

#include "widgets/theme/colours.h"

#include <utility>

namespace widgets {

namespace {

// Names in @ are members of Colours.
constexpr const char* kWindowRules = R"(
QMainWindow, QDialog { background: @window; }
QToolTip { background: @raised; color: @text; border: 1px solid @strongBorder; padding: 4px 6px; }
QMenuBar { background: @window; border-bottom: 1px solid @border; padding: 2px 6px; }
QMenuBar::item { padding: 5px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @hoverStrong; }
QMenu { background: @surface; border: 1px solid @strongBorder; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }
QStatusBar { background: @window; border-top: 1px solid @border; color: @secondary; }
QStatusBar::item { border: none; }
QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
)";

constexpr const char* kControlRules = R"(
QPushButton, QToolButton[pill="true"] { background: @raised; color: @text; border: 1px solid @strongBorder;
  border-radius: 5px; padding: 4px 12px; min-height: 18px; }
QToolButton[pill="true"] { padding: 3px 8px; }
QPushButton:hover, QToolButton[pill="true"]:hover { background: @hover; }
QPushButton:pressed { background: @border; }
QPushButton:focus, QToolButton[pill="true"]:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @faint; border-color: @border; background: transparent; }
QPushButton[primary="true"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accentHover; }
QPushButton[primary="true"]:focus { border: 1px solid @text; }
QPushButton[primary="true"]:disabled { background: @border; color: @faint; border-color: @border; }
QPushButton[danger="true"] { background: @danger; color: @onDanger; border-color: @danger; font-weight: 600; }
QPushButton[danger="true"]:disabled { background: @border; color: @faint; border-color: @border; }
QPushButton[danger="true"]:focus { border: 1px solid @text; }
QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 3px 7px; color: @text; }
QToolButton:hover { background: @hoverStrong; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton[pill="true"]:checked { background: @selection; border-color: @accent; }
QLineEdit, QPlainTextEdit[boxed="true"], QComboBox { background: @surface; border: 1px solid @strongBorder;
  border-radius: 5px; padding: 4px 8px; min-height: 18px; selection-background-color: @accent;
  selection-color: @onAccent; }
QLineEdit:focus, QPlainTextEdit[boxed="true"]:focus, QComboBox:focus { border: 1px solid @accent; }
QComboBox::drop-down { border: none; width: 20px; }
QCheckBox, QRadioButton { spacing: 8px; padding: 3px 2px; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
)";

constexpr const char* kViewRules = R"(
QAbstractItemView { background: @surface; border: none; outline: none; selection-background-color: @selection;
  selection-color: @text; }
QTreeView[boxed="true"] { border: 1px solid @border; border-radius: 5px; }
QDialog#palette { border: 1px solid @strongBorder; background: @surface; }
QTreeView::item, QListView::item, QTableView::item { border: none; padding: 0; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @secondary; border: none; border-bottom: 1px solid @border;
  padding: 5px 10px; }
QTableCornerButton::section { background: @surface; border: none; border-bottom: 1px solid @border; }
QHeaderView::section:hover { background: @hover; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: @secondary; border: none; border-bottom: 2px solid transparent;
  padding: 7px 3px 6px 3px; margin-right: 20px; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; font-weight: 600; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:focus { color: @accent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @strongBorder; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea { background: transparent; border: none; }
)";

constexpr const char* kPartRules = R"(
QFrame[card="true"] { background: @surface; border: 1px solid @border; border-radius: 7px; }
QWidget[surface="true"] { background: @surface; }
QLabel[reading="true"] { background: @raised; border-top: 1px solid @border; padding: 8px 12px; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="section"] { color: @secondary; font-size: 12px; font-weight: 500; }
QLabel[role="secondary"] { color: @secondary; }
QLabel[role="small"] { color: @secondary; font-size: 12px; }
QFrame[line="true"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
)";

} // namespace

QString styleSheetOf(const Colours& c)
{
    QString text = QLatin1String(kWindowRules) + QLatin1String(kControlRules)
        + QLatin1String(kViewRules) + QLatin1String(kPartRules);
    // Longer names first: @accentHover before @accent.
    const std::pair<const char*, QColor> names[] = {
        {"@accentHover", mixed(c.text, c.accent, 0.12)},
        {"@hoverStrong", mixed(c.text, c.window, 0.08)},
        {"@onAccent", c.onAccent},
        {"@onDanger", c.onDanger},
        {"@strongBorder", c.strongBorder},
        {"@window", c.window},
        {"@surface", c.surface},
        {"@raised", c.raised},
        {"@hover", c.hover},
        {"@border", c.border},
        {"@text", c.text},
        {"@secondary", c.secondary},
        {"@faint", c.faint},
        {"@accent", c.accent},
        {"@selection", c.selection},
        {"@danger", c.danger},
    };
    for (const auto& [name, colour] : names)
        text.replace(QLatin1String(name), colour.name());
    return text;
}

} // namespace widgets
