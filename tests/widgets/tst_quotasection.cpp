// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/quotasection.h"

#include <QTest>

using widgets::QuotaSection;
using widgets::ViewTable;

namespace {

core::Quantity quantity(const char* text)
{
    return core::Quantity::parse(text).value();
}

core::QuotaLine line(const std::string& resource, const char* hard, const char* pending)
{
    core::QuotaLine out;
    out.resource = resource;
    out.hard = quantity(hard);
    out.requested = out.pending = quantity(pending);
    return out;
}

core::QuotaView quota(const std::string& space, std::vector<core::QuotaLine> lines)
{
    core::QuotaView out;
    out.key = {"", "ResourceQuota", space, "limits"};
    out.lines = std::move(lines);
    return out;
}

/// Namespaces with a quota each, and the tenant that they make.
struct Made
{
    core::PlatformViewsPtr views;
    core::TenantView tenant;
    explicit Made(const std::vector<core::QuotaView>& quotas, std::vector<core::QuotaLine> total)
    {
        std::vector<core::NamespaceView> spaces;
        for (const core::QuotaView& each : quotas) {
            core::NamespaceView space;
            space.name = each.key.namespaceName;
            space.quotas = {each};
            spaces.push_back(space);
            tenant.namespaces.push_back(space.name);
        }
        tenant.name = "team";
        tenant.quotas = quotas;
        tenant.total = std::move(total);
        core::PlatformViews made = *core::noViews();
        made.namespaces =
            std::make_shared<const std::vector<core::NamespaceView>>(std::move(spaces));
        views = std::make_shared<const core::PlatformViews>(std::move(made));
    }
};

/// "requests.cpu: 75 % of 4 (the whole tenant)" for each line.
QStringList shown(const QuotaSection& section)
{
    QStringList out;
    for (const ViewTable* table : section.findChildren<ViewTable*>()) {
        if (table->accessibleName() != QString("Lines of the quotas"))
            continue;
        const auto* model = table->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            const auto cell = [&](int column) {
                return model->index(row, column).data().toString();
            };
            out << QStringLiteral("%1: %2 of %3 (%4)").arg(cell(0), cell(1), cell(5), cell(6));
        }
    }
    return out;
}

} // namespace

class TestQuotaSection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWholeTenantComesFirst()
    {
        const Made made({quota("team-a", {line("requests.cpu", "2", "1")}),
                         quota("team-b", {line("requests.cpu", "2", "2")})},
                        {line("requests.cpu", "4", "3")});
        QuotaSection section;
        section.showTenant(made.views, made.tenant);
        QCOMPARE(shown(section),
                 (QStringList {"requests.cpu: 75 % of 4 (the whole tenant)",
                               "requests.cpu: 50 % of 2 (team-a/limits)",
                               "requests.cpu: 100 % of 2 (team-b/limits)"}));
    }

    void whatTheOnlyQuotaSaysIsNotSaidTwice()
    {
        const Made made({quota("team-a", {line("requests.cpu", "2", "1")})},
                        {line("requests.cpu", "2", "1")});
        QuotaSection section;
        section.showTenant(made.views, made.tenant);
        QCOMPARE(shown(section), QStringList {"requests.cpu: 50 % of 2 (team-a/limits)"});
    }

    void aTenantThatIsGrantedLessThanItsQuotaSaysSo()
    {
        const Made made({quota("team-a", {line("requests.cpu", "8", "1")})},
                        {line("requests.cpu", "2", "1")});
        QuotaSection section;
        section.showTenant(made.views, made.tenant);
        QCOMPARE(shown(section).front(), QString("requests.cpu: 50 % of 2 (the whole tenant)"));
    }

    void aNamespaceHasItsOwn()
    {
        const Made made({quota("team-a", {line("requests.cpu", "2", "1")}),
                         quota("team-b", {line("requests.cpu", "2", "2")})},
                        {line("requests.cpu", "4", "3")});
        QuotaSection section;
        section.show(made.views, {"team-b"});
        QCOMPARE(shown(section), QStringList {"requests.cpu: 100 % of 2 (team-b/limits)"});
        section.show(made.views, {"no such namespace"});
        QCOMPARE(shown(section), QStringList {});
    }
};

WW_TEST_CLASS(TestQuotaSection)
#include "tst_quotasection.moc"
