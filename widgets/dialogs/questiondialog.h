// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dialogs/dialogframe.h"

namespace widgets {

/// A plain yes or no, with Cancel as the default.
class QuestionDialog : public DialogFrame
{
    Q_OBJECT

public:
    QuestionDialog(const QString& title, const QString& sentence, const QString& yes,
                   const core::ClusterState& cluster, QWidget* parent)
        : DialogFrame(title, sentence, cluster, parent)
    {
        setAccept(yes, false);
    }
};

} // namespace widgets
