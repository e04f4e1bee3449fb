// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/dialogframe.h"

#include "widgets/controls/badge.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace widgets {

DialogFrame::DialogFrame(const QString& title, const QString& sentence,
                         const core::ClusterState& cluster, QWidget* parent)
    : QDialog(parent)
    , m_content(new QVBoxLayout)
    , m_accept(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setWindowTitle(title);
    setModal(true);
    auto* heading = new QLabel(title, this);
    heading->setFont(textFont(16, QFont::DemiBold));
    heading->setTextFormat(Qt::PlainText);
    auto* words = new QLabel(sentence, this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setVisible(!sentence.isEmpty());
    auto* where = new QHBoxLayout;
    where->setSpacing(10);
    auto* context = new QLabel(tr("Cluster: %1").arg(text(cluster.context)), this);
    context->setTextFormat(Qt::PlainText);
    context->setProperty("role", QStringLiteral("secondary"));
    where->addWidget(context);
    if (cluster.practice)
        where->addWidget(new Badge(Badge::Tone::Practice, tr("PRACTICE CLUSTER"), this));
    if (cluster.insecure)
        where->addWidget(new Badge(Badge::Tone::Danger, tr("TLS NOT VERIFIED"), this));
    where->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_accept);
    m_content->setSpacing(8);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(heading);
    layout->addWidget(words);
    layout->addLayout(where);
    layout->addLayout(m_content, 1);
    layout->addSpacing(4);
    layout->addLayout(buttons);
    setMinimumWidth(520);
    m_accept->setAutoDefault(false);
    m_cancel->setDefault(true);
    connect(m_accept, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
}

void DialogFrame::setAccept(const QString& label, bool danger)
{
    m_accept->setText(label);
    m_accept->setProperty(danger ? "danger" : "primary", true);
}

void DialogFrame::makeAcceptDefault()
{
    m_cancel->setDefault(false);
    m_accept->setAutoDefault(true);
    m_accept->setDefault(true);
}

} // namespace widgets
