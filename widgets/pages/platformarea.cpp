// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/platformarea.h"

#include "widgets/bridge/platformfeed.h"
#include "widgets/controls/banner.h"
#include "widgets/pages/platformpages.h"
#include "widgets/settings.h"
#include "widgets/text/texts.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace widgets {

namespace {

constexpr std::size_t kMostSentences = 2;

QString settingOf(const PlatformPageSpec& spec)
{
    return QStringLiteral("page.") + QLatin1String(spec.id);
}

/// What is not in the views, a sentence each.
QStringList missing(const core::PlatformInput& input)
{
    QStringList out;
    for (const std::string& gap : input.gaps)
        out << text(gap);
    for (const auto& [kind, why] : input.unknownKinds)
        out << PlatformArea::tr("%1 is not known: %2").arg(text(kind.text()), text(why));
    return out;
}

} // namespace

PlatformArea::PlatformArea(const PageContext& context, Settings& settings, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_settings(settings)
    , m_feed(new PlatformFeed(context.bridge, PlatformFeed::kInterval, this))
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_pages(platformPages().size(), nullptr)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(m_feed, &PlatformFeed::changed, this, &PlatformArea::update);
}

PlatformPage* PlatformArea::pageAt(int index)
{
    PlatformPage*& page = m_pages[std::size_t(index)];
    if (page)
        return page;
    const PlatformPageSpec& spec = platformPages()[std::size_t(index)];
    page = spec.make(m_context, m_stack);
    m_stack->addWidget(page);
    page->restoreState(m_settings.blob(settingOf(spec)));
    connect(page, &PlatformPage::subjectChanged, this, &PlatformArea::placeChanged);
    connect(page, &PlatformPage::applicationRequested, this, &PlatformArea::applicationRequested);
    connect(page, &PlatformPage::objectRequested, this, &PlatformArea::objectRequested);
    connect(page, &PlatformPage::manifestRequested, this, &PlatformArea::manifestRequested);
    connect(page, &PlatformPage::pageRequested, this, &PlatformArea::pageRequested);
    return page;
}

PlatformPage* PlatformArea::current() const
{
    const int index = indexOfPage(m_page);
    return index < 0 ? nullptr : m_pages[std::size_t(index)];
}

void PlatformArea::open(const QString& page, const QString& subject)
{
    const int index = indexOfPage(page);
    if (index < 0)
        return;
    PlatformPage* opened = pageAt(index);
    m_page = page;
    m_feed->setWatched(true);
    opened->setViews(m_feed->views(), {m_feed->hasAnswer(), m_feed->failure()});
    opened->open(subject);
    m_stack->setCurrentWidget(opened);
    updateBanner();
}

void PlatformArea::leave()
{
    m_page.clear();
    m_feed->setWatched(false);
}

QString PlatformArea::subject() const
{
    const PlatformPage* page = current();
    return page ? page->subject() : QString();
}

void PlatformArea::update()
{
    if (PlatformPage* page = current())
        page->setViews(m_feed->views(), {m_feed->hasAnswer(), m_feed->failure()});
    updateBanner();
}

void PlatformArea::updateBanner()
{
    if (!m_feed->failure().isEmpty()) {
        m_banner->show(Banner::Tone::Error, tr("The platform cannot be read."), m_feed->failure());
        return;
    }
    const QStringList sentences = missing(*m_feed->views()->input);
    if (sentences.isEmpty()) {
        m_banner->hide();
        return;
    }
    QString detail = sentences.mid(0, int(kMostSentences)).join(QLatin1Char(' '));
    if (const auto more = sentences.size() - qsizetype(kMostSentences); more > 0)
        detail += QLatin1Char(' ') + tr("And %1 more.").arg(more);
    m_banner->show(Banner::Tone::Warning, tr("Not everything is known."), detail);
    m_banner->setToolTip(sentences.join(QLatin1Char('\n')));
}

void PlatformArea::activateFilter()
{
    if (PlatformPage* page = current())
        page->activateFilter();
}

void PlatformArea::focusContent()
{
    if (PlatformPage* page = current())
        page->focusContent();
}

void PlatformArea::setOnlyFaults(bool only)
{
    for (PlatformPage* page : m_pages)
        if (page)
            page->setOnlyFaults(only);
}

void PlatformArea::remember()
{
    for (std::size_t i = 0; i < m_pages.size(); ++i)
        if (m_pages[i])
            m_settings.setBlob(settingOf(platformPages()[i]), m_pages[i]->state());
}

} // namespace widgets
