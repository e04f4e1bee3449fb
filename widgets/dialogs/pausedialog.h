// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dialogs/dialogframe.h"

class QComboBox;
class QLineEdit;

namespace widgets {

/// Asks why and for how long an application rests. A reason is required: colleagues read it.
class PauseDialog : public DialogFrame
{
    Q_OBJECT

public:
    PauseDialog(const QString& application, const core::ClusterState& cluster, core::WallTime now,
                QWidget* parent);
    core::Pause pause() const;

private:
    core::WallTime m_now;
    QLineEdit* m_reason;
    QComboBox* m_length;
};

} // namespace widgets
