// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/pausedialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace widgets {

PauseDialog::PauseDialog(const QString& application, const core::ClusterState& cluster,
                         core::WallTime now, QWidget* parent)
    : DialogFrame(tr("Pause %1").arg(application),
                  tr("Nothing is synced or healed while it is paused. It is still watched."),
                  cluster, parent)
    , m_now(now)
    , m_reason(new QLineEdit(this))
    , m_length(new QComboBox(this))
{
    m_reason->setPlaceholderText(tr("Why, for those who find it paused"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(200);
    m_length->setAccessibleName(tr("How long"));
    m_length->addItem(tr("15 minutes"), 15);
    m_length->addItem(tr("1 hour"), 60);
    m_length->addItem(tr("4 hours"), 240);
    m_length->addItem(tr("Until resumed"), 0);
    m_length->setCurrentIndex(1);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(tr("Reason"), m_reason);
    form->addRow(tr("For"), m_length);
    content()->addLayout(form);
    setAccept(tr("Pause"), false);
    acceptButton()->setEnabled(false);
    makeAcceptDefault();
    connect(m_reason, &QLineEdit::textChanged, this, [this](const QString& reason) {
        acceptButton()->setEnabled(!reason.trimmed().isEmpty());
    });
    m_reason->setFocus();
}

core::Pause PauseDialog::pause() const
{
    core::Pause pause;
    pause.reason = m_reason->text().trimmed().toStdString();
    if (const int minutes = m_length->currentData().toInt())
        pause.until = m_now + std::chrono::minutes(minutes);
    return pause;
}

} // namespace widgets
