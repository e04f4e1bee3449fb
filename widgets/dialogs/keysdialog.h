// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <vector>

class QAction;

namespace widgets {

/// Every key, in the groups of the menus.
class KeysDialog : public QDialog
{
    Q_OBJECT

public:
    KeysDialog(const std::vector<QAction*>& actions, QWidget* parent);
};

} // namespace widgets
