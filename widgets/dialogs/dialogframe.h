// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace widgets {

/// What all questions share: a heading, a sentence, on which cluster it would happen, the content,
/// and the buttons with Cancel as the default.
class DialogFrame : public QDialog
{
    Q_OBJECT

public:
    DialogFrame(const QString& title, const QString& sentence, const core::ClusterState& cluster,
                QWidget* parent);

protected:
    QVBoxLayout* content() const { return m_content; }
    QPushButton* acceptButton() const { return m_accept; }
    QPushButton* cancelButton() const { return m_cancel; }
    /// danger: the button deletes something.
    void setAccept(const QString& label, bool danger);
    void makeAcceptDefault();

private:
    QVBoxLayout* m_content;
    QPushButton* m_accept;
    QPushButton* m_cancel;
};

} // namespace widgets
