// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"

#include "widgets/pages/platformpages.h"
#include "widgets/theme/icons.h"

#include <QKeySequence>
#include <QWidget>

namespace widgets {

namespace {

struct Spec
{
    Act act;
    const char* group;
    const char* text;
    const char* keys; ///< QKeySequence's portable text, alternatives apart by a blank
    const char* icon = "";
};

constexpr Spec kSpecs[] = {
    {Act::Sync, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Sync…"), "Ctrl+S", "sync"},
    {Act::Refresh, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Refresh"), "F5 Ctrl+R",
     "refresh"},
    {Act::HardRefresh, "Application",
     QT_TRANSLATE_NOOP("widgets::Actions", "Refresh and render again"), "Ctrl+Shift+R"},
    {Act::Pause, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Pause…"), "Ctrl+P", "pause"},
    {Act::Resume, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Resume"), "Ctrl+Shift+U",
     "play"},
    {Act::ConfirmPrunes, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Confirm prunes…"),
     "Ctrl+Shift+D", "prune"},
    {Act::Adopt, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Adopt…"), ""},
    {Act::Terminate, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Stop the running sync"),
     "Ctrl+.", "stop"},
    {Act::Applications, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Applications"), "Ctrl+1 Alt+1",
     "applications"},
    {Act::Overview, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Overview"), "Ctrl+2"},
    {Act::Waves, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Waves"), "Ctrl+3"},
    {Act::Resources, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Resources"), "Ctrl+4"},
    {Act::Differences, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Differences"),
     "Ctrl+5 Shift+D"},
    {Act::Events, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Events"), "Ctrl+6"},
    {Act::AllEvents, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Events of all applications"),
     "Ctrl+E Alt+6", "events"},
    {Act::Back, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Back"), "Esc Alt+Left ["},
    {Act::Forward, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Forward"), "Alt+Right ]"},
    {Act::NextDifference, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Next difference"), "F7"},
    {Act::PreviousDifference, "Go", QT_TRANSLATE_NOOP("widgets::Actions", "Previous difference"),
     "Shift+F7"},
    {Act::Filter, "View", QT_TRANSLATE_NOOP("widgets::Actions", "Filter"), "/ Ctrl+F", "search"},
    {Act::OnlyFaults, "View", QT_TRANSLATE_NOOP("widgets::Actions", "Only faults"), "!"},
    {Act::LightTheme, "View", QT_TRANSLATE_NOOP("widgets::Actions", "Light theme"), ""},
    {Act::DarkTheme, "View", QT_TRANSLATE_NOOP("widgets::Actions", "Dark theme"), ""},
    {Act::SystemTheme, "View", QT_TRANSLATE_NOOP("widgets::Actions", "Theme of the system"), ""},
    {Act::Palette, "Help", QT_TRANSLATE_NOOP("widgets::Actions", "Command palette…"),
     "Ctrl+Shift+P : Ctrl+K", "command"},
    {Act::Keys, "Help", QT_TRANSLATE_NOOP("widgets::Actions", "Keys…"), "? F1"},
    {Act::Quit, "Application", QT_TRANSLATE_NOOP("widgets::Actions", "Quit"), "Ctrl+Q"},
};

} // namespace

Actions::Actions(QWidget* window)
    : QObject(window)
{
    for (const Spec& spec : kSpecs) {
        m_actions.emplace(
            spec.act,
            add(*window, QString::fromLatin1(spec.group), tr(spec.text), spec.keys, spec.icon));
        if (spec.act == Act::Applications)
            for (const PlatformPageSpec& page : platformPages())
                m_pages.push_back(add(*window, QStringLiteral("Go"), page.translatedTitle(),
                                      page.keys, page.icon));
    }
    for (Act act : {Act::OnlyFaults, Act::LightTheme, Act::DarkTheme, Act::SystemTheme})
        m_actions.at(act)->setCheckable(true);
}

QAction* Actions::add(QWidget& window, const QString& group, const QString& text, const char* keys,
                      const char* icon)
{
    auto* action = new QAction(text, this);
    QList<QKeySequence> sequences;
    for (const QString& key : QString::fromLatin1(keys).split(QLatin1Char(' '), Qt::SkipEmptyParts))
        sequences.append(QKeySequence::fromString(key, QKeySequence::PortableText));
    action->setShortcuts(sequences);
    action->setProperty("group", group);
    if (*icon)
        action->setIcon(themedIcon(QString::fromLatin1(icon)));
    window.addAction(action);
    m_order.push_back(action);
    return action;
}

QString Actions::groupOf(const QAction* action)
{
    return action->property("group").toString();
}

} // namespace widgets
