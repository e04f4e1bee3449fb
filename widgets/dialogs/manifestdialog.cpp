// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/manifestdialog.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/yamlhighlighter.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

namespace widgets {

ManifestDialog::ManifestDialog(EngineBridge& bridge, const QString& application,
                               const core::ObjectKey& key, QWidget* parent)
    : QDialog(parent)
    , m_tabs(new QTabBar(this))
    , m_text(new QPlainTextEdit(this))
{
    setWindowTitle(tr("Manifest of %1").arg(objectText(key)));
    setModal(true);
    auto* heading = new QLabel(objectText(key), this);
    heading->setFont(textFont(16, QFont::DemiBold));
    heading->setTextFormat(Qt::PlainText);
    auto* of = new QLabel(tr("of the application %1").arg(application), this);
    of->setTextFormat(Qt::PlainText);
    of->setProperty("role", QStringLiteral("secondary"));
    m_tabs->setAccessibleName(tr("Which side"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("In Git"));
    m_tabs->addTab(tr("In the cluster"));
    m_text->setReadOnly(true);
    m_text->setProperty("boxed", true);
    m_text->setFont(monoFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setAccessibleName(tr("Manifest"));
    new YamlHighlighter(m_text->document());
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(8);
    layout->addWidget(heading);
    layout->addWidget(of);
    layout->addWidget(m_tabs);
    layout->addWidget(m_text, 1);
    layout->addLayout(buttons);
    resize(760, 600);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_tabs, &QTabBar::currentChanged, this, &ManifestDialog::showSide);
    showSide(0);
    bridge.ask(core::query::Manifests {application.toStdString(), key, false}, this,
               [this](const core::Result<core::Answer>& answer) { receive(answer); });
}

void ManifestDialog::receive(const core::Result<core::Answer>& answer)
{
    m_answered = true;
    if (!answer)
        m_failure = text(answer.error().text());
    else if (const auto* manifests = std::get_if<core::ManifestsAnswer>(&*answer))
        m_answer = *manifests;
    if (m_answer.desired.empty() && !m_answer.live.empty())
        m_tabs->setCurrentIndex(1);
    showSide(m_tabs->currentIndex());
}

void ManifestDialog::showSide(int side)
{
    const std::string& yaml = side == 0 ? m_answer.desired : m_answer.live;
    if (!m_answered)
        m_text->setPlainText(tr("# Asking the engine"));
    else if (!m_failure.isEmpty())
        m_text->setPlainText(QStringLiteral("# ") + m_failure);
    else if (yaml.empty())
        m_text->setPlainText(side == 0 ? tr("# Git does not declare it")
                                       : tr("# It is not in the cluster"));
    else
        m_text->setPlainText(QString::fromStdString(yaml));
}

} // namespace widgets
