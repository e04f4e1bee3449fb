// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/platformpages.h"

#include "widgets/pages/lineagepage.h"
#include "widgets/pages/namespacespage.h"
#include "widgets/pages/platformpage.h"
#include "widgets/pages/tenantspage.h"
#include "widgets/pages/topicspage.h"

#include <QCoreApplication>

namespace widgets {

namespace {

template<class Page>
PlatformPage* make(const PageContext& context, QWidget* parent)
{
    return new Page(context, parent);
}

constexpr PlatformPageSpec kPages[] = {
    {"namespaces", QT_TRANSLATE_NOOP("widgets::PlatformPages", "Namespaces"), "Alt+2", "namespaces",
     make<NamespacesPage>},
    {"tenants", QT_TRANSLATE_NOOP("widgets::PlatformPages", "Tenants"), "Alt+3", "tenants",
     make<TenantsPage>},
    {"topics", QT_TRANSLATE_NOOP("widgets::PlatformPages", "Topics"), "Alt+4", "topics",
     make<TopicsPage>},
    {"lineage", QT_TRANSLATE_NOOP("widgets::PlatformPages", "Lineage"), "Alt+5", "lineage",
     make<LineagePage>},
};

} // namespace

QString PlatformPageSpec::translatedTitle() const
{
    return QCoreApplication::translate("widgets::PlatformPages", title);
}

std::span<const PlatformPageSpec> platformPages()
{
    return kPages;
}

int indexOfPage(const QString& id)
{
    for (int i = 0; i < int(std::size(kPages)); ++i)
        if (id == QLatin1String(kPages[i].id))
            return i;
    return -1;
}

} // namespace widgets
