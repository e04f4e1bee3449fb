// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window asks a person and tells the engine.
#include "widgets/actions.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/toaster.h"
#include "widgets/dialogs/commandpalette.h"
#include "widgets/dialogs/keysdialog.h"
#include "widgets/dialogs/pausedialog.h"
#include "widgets/dialogs/prunedialog.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/dialogs/syncdialog.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/applicationpage.h"
#include "widgets/pages/applicationspage.h"
#include "widgets/text/texts.h"

#include <QStackedWidget>

namespace widgets {

namespace {

namespace command = core::command;

/// Opens without waiting: the window goes on showing what happens while the question stands.
template<class Dialog>
void open(Dialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace

void MainWindow::setupCommands()
{
    auto on = [this](Act act, auto slot) {
        connect((*m_actions)[act], &QAction::triggered, this, slot);
    };
    auto refresh = [this](bool hard) {
        run(command::Refresh {subject().toStdString(), hard}, tr("Refreshing %1").arg(subject()));
    };
    auto resume = [this] {
        run(command::Resume {subject().toStdString(), std::nullopt},
            tr("%1 is resumed").arg(subject()));
    };
    auto stop = [this] {
        run(command::Terminate {subject().toStdString()},
            tr("The sync of %1 is being stopped").arg(subject()));
    };
    on(Act::Sync, [this] { askSync(); });
    on(Act::Refresh, [refresh] { refresh(false); });
    on(Act::HardRefresh, [refresh] { refresh(true); });
    on(Act::Pause, [this] { askPause(); });
    on(Act::Resume, resume);
    on(Act::ConfirmPrunes, [this] { askPrune(); });
    on(Act::Adopt, [this] { askAdopt(); });
    on(Act::Terminate, stop);
    on(Act::Palette, [this] { openPalette(); });
    on(Act::Keys, [this] { open(new KeysDialog(m_actions->all(), this)); });
    connect(m_application, &ApplicationPage::syncRequested, this, &MainWindow::askSync);
    connect(m_application, &ApplicationPage::refreshRequested, this, [refresh] { refresh(false); });
    connect(m_application, &ApplicationPage::pauseRequested, this, &MainWindow::askPause);
    connect(m_application, &ApplicationPage::resumeRequested, this, resume);
    connect(m_application, &ApplicationPage::confirmRequested, this, &MainWindow::askPrune);
    connect(m_application, &ApplicationPage::adoptRequested, this, &MainWindow::askAdopt);
    connect(m_application, &ApplicationPage::stopRequested, this, stop);
}

QString MainWindow::subject() const
{
    const Place here = place();
    if (here.kind == Place::Page)
        return {}; // no application is in sight
    return here.kind == Place::One ? here.application : m_applications->selected();
}

void MainWindow::updateActions()
{
    const core::ApplicationStatePtr state = m_bridge.application(subject().toStdString());
    const core::ClusterState& cluster = m_bridge.snapshot()->cluster;
    const bool connected = cluster.connection == core::ClusterState::Connection::Connected;
    const bool free = state && connected && state->holder.empty();
    const bool running = state && state->operation && !core::isCompleted(state->operation->phase);
    const std::pair<Act, bool> enabled[] = {
        {Act::Sync, free && !running},
        {Act::Refresh, state != nullptr},
        {Act::HardRefresh, state != nullptr},
        {Act::Pause, free},
        {Act::Resume, free && !state->pauses.empty()},
        {Act::ConfirmPrunes, free && !state->awaitingConfirmation.empty()},
        {Act::Adopt, state && connected},
        {Act::Terminate, free && running},
        {Act::Overview, state != nullptr},
        {Act::Waves, state != nullptr},
        {Act::Resources, state != nullptr},
        {Act::Differences, state != nullptr},
        {Act::Events, state != nullptr},
        {Act::NextDifference, place().kind == Place::One},
        {Act::PreviousDifference, place().kind == Place::One},
        {Act::Back, m_now > 0},
        {Act::Forward, m_now + 1 < m_history.size()},
    };
    for (const auto& [act, on] : enabled)
        (*m_actions)[act]->setEnabled(on);
}

void MainWindow::run(core::Command order, const QString& done)
{
    if (subject().isEmpty())
        return;
    m_bridge.submit(std::move(order), this, [this, done](const core::Result<void>& result) {
        if (result)
            m_toaster->say(Toaster::Tone::Done, done);
        else
            m_toaster->say(Toaster::Tone::Failed, text(result.error().text()));
    });
}

void MainWindow::askSync()
{
    const core::ApplicationStatePtr state = m_bridge.application(subject().toStdString());
    if (!state)
        return;
    auto* dialog = new SyncDialog(*state, m_bridge.snapshot()->cluster, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const command::Sync sync = dialog->command();
        const QString name = text(sync.application);
        run(sync,
            sync.dryRun ? tr("Dry run of %1 has begun").arg(name)
                        : tr("Sync of %1 has begun").arg(name));
    });
    open(dialog);
}

void MainWindow::askPause()
{
    const std::string name = subject().toStdString();
    if (!m_bridge.application(name))
        return;
    auto* dialog = new PauseDialog(text(name), m_bridge.snapshot()->cluster, m_clock.now(), this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name] {
        run(command::SetPause {name, dialog->pause()}, tr("%1 is paused").arg(text(name)));
    });
    open(dialog);
}

void MainWindow::askPrune()
{
    const core::ApplicationStatePtr state = m_bridge.application(subject().toStdString());
    if (!state || state->awaitingConfirmation.empty())
        return;
    auto* dialog = new PruneDialog(*state, m_bridge.snapshot()->cluster, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name = state->spec.name] {
        // What was shown, by name: an empty list would mean whatever waits by then.
        run(command::Confirm {name, dialog->keys()},
            tr("%1 will be deleted").arg(objectCount(int(dialog->keys().size()))));
    });
    open(dialog);
}

void MainWindow::askAdopt()
{
    const core::ApplicationStatePtr state = m_bridge.application(subject().toStdString());
    if (!state)
        return;
    const QString name = text(state->spec.name);
    const QString who = state->holder.empty()
        ? tr("Objects that were there before Wavewright come under its care: they are changed and "
             "pruned as Git says.")
        : tr("%1 reconciles it now. Two that reconcile the same objects fight: stop the other one "
             "first.")
              .arg(text(state->holder));
    auto* dialog = new QuestionDialog(tr("Adopt %1?").arg(name), who, tr("Adopt"),
                                      m_bridge.snapshot()->cluster, this);
    connect(dialog, &QDialog::accepted, this, [this, application = state->spec.name, name] {
        run(command::Adopt {application}, tr("%1 is being adopted").arg(name));
    });
    open(dialog);
}

void MainWindow::openPalette()
{
    QStringList names;
    for (const auto& [name, state] : m_bridge.snapshot()->applications)
        names << text(name);
    auto* palette = new CommandPalette(m_actions->all(), names, this);
    connect(palette, &CommandPalette::applicationChosen, this, &MainWindow::openApplication);
    open(palette);
}

} // namespace widgets
