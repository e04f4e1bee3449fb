// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/bannerstack.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/controls/banner.h"
#include "widgets/text/texts.h"

#include <QVBoxLayout>

namespace widgets {

namespace {

constexpr std::size_t kMost = 5;

QString pauseText(const core::Pause& pause, core::WallTime now)
{
    QString words = text(pause.reason);
    if (pause.key)
        words = BannerStack::tr("%1: %2").arg(objectText(*pause.key), words);
    return pause.until
        ? BannerStack::tr("%1 Ends %2.").arg(words + QLatin1Char('.'), ago(*pause.until, now))
        : BannerStack::tr("%1 Until resumed.").arg(words + QLatin1Char('.'));
}

} // namespace

BannerStack::BannerStack(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
}

Banner* BannerStack::banner(std::size_t index)
{
    while (m_banners.size() <= index) {
        const std::size_t own = m_banners.size();
        auto* made = new Banner(this);
        layout()->addWidget(made);
        m_banners.push_back(made);
        connect(made, &Banner::triggered, this, [this, own] {
            switch (m_deeds[own]) {
            case Deed::Confirm:
                Q_EMIT confirmRequested();
                break;
            case Deed::Resume:
                Q_EMIT resumeRequested();
                break;
            case Deed::Adopt:
                Q_EMIT adoptRequested();
                break;
            case Deed::None:
                break;
            }
        });
    }
    return m_banners[index];
}

void BannerStack::show(const core::ApplicationState& state)
{
    m_deeds.clear();
    auto add = [this](Banner::Tone tone, const QString& title, const QString& detail,
                      Deed deed = Deed::None, const QString& action = {}) {
        if (m_deeds.size() < kMost)
            banner(m_deeds.size())->show(tone, title, detail, action);
        m_deeds.push_back(deed);
    };
    if (const int count = int(state.awaitingConfirmation.size()))
        add(Banner::Tone::Warning, tr("A prune waits for you."),
            tr("Git no longer has %1. Nothing is deleted before you say so.")
                .arg(objectCount(count)),
            Deed::Confirm, tr("Review…"));
    for (const core::Condition& condition : state.conditions) {
        const QString place = condition.place.file.empty()
            ? QString()
            : QStringLiteral(" (%1)").arg(text(condition.place.text()));
        add(condition.isError() ? Banner::Tone::Error : Banner::Tone::Warning,
            text(condition.type) + QLatin1Char(':'), text(condition.message) + place);
    }
    if (!state.holder.empty())
        add(Banner::Tone::Info, tr("Read-only:"),
            tr("%1 reconciles this application.").arg(text(state.holder)), Deed::Adopt,
            tr("Adopt…"));
    for (const core::Pause& pause : state.pauses)
        add(Banner::Tone::Info, tr("Paused:"), pauseText(pause, m_clock.now()),
            pause.key ? Deed::None : Deed::Resume, pause.key ? QString() : tr("Resume"));
    if (m_deeds.size() > kMost) {
        banner(kMost - 1)->show(
            Banner::Tone::Warning, tr("More:"),
            tr("%1 further conditions, see Overview.").arg(m_deeds.size() - kMost + 1));
        m_deeds.resize(kMost);
        m_deeds.back() = Deed::None;
    }
    for (std::size_t i = m_deeds.size(); i < m_banners.size(); ++i)
        m_banners[i]->hide();
}

} // namespace widgets
