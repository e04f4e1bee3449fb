// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"

#include <QDialog>

class QPlainTextEdit;
class QTabBar;

namespace widgets {

class EngineBridge;

/// One object's manifest to read: what Git declares, what the cluster has. Secrets come masked from
/// the engine.
class ManifestDialog : public QDialog
{
    Q_OBJECT

public:
    ManifestDialog(EngineBridge& bridge, const QString& application, const core::ObjectKey& key,
                   QWidget* parent);

private:
    void receive(const core::Result<core::Answer>& answer);
    void showSide(int side);

    core::ManifestsAnswer m_answer;
    QString m_failure;
    bool m_answered = false;
    QTabBar* m_tabs;
    QPlainTextEdit* m_text;
};

} // namespace widgets
