// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/platformfeed.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/namespacedetail.h"
#include "widgets/pages/namespacespage.h"
#include "widgets/pages/reachsection.h"
#include "widgets/pages/tenantdetail.h"
#include "widgets/pages/tenantspage.h"

#include <QAccessible>
#include <QLabel>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using tests::Stage;
using widgets::TenantDetail;
using widgets::TenantsPage;
using widgets::ViewTable;

namespace {

constexpr auto kLight = widgets::ThemeChoice::Light;

void open(Stage& stage, const QString& subject = {})
{
    stage.window.showPage("tenants", subject);
    stage.settle();
}

TenantsPage& pageOf(Stage& stage)
{
    return *stage.window.findChild<TenantsPage*>();
}

ViewTable* table(QWidget& in, const QString& accessibleName)
{
    for (ViewTable* widget : in.findChildren<ViewTable*>())
        if (widget->accessibleName() == accessibleName)
            return widget;
    return nullptr;
}

QStringList column(const ViewTable& in, int column)
{
    QStringList out;
    for (int row = 0; row < in.model()->rowCount(); ++row)
        out << in.model()->index(row, column).data().toString();
    return out;
}

/// All words of the panel that tells why.
QString words(const QWidget& in)
{
    QStringList out;
    for (const QLabel* label : in.findChildren<QLabel*>())
        if (label->isVisible())
            out << label->text();
    return out.join('\n');
}

} // namespace

class TestTenantsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenantsAndTheirScores()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        auto* list = table(pageOf(stage), "Tenants");
        QVERIFY(list && list->isVisible());
        QCOMPARE(column(*list, 0), (QStringList {"alice", "bob", "carol"}));
        const core::TenantView& alice = *stage.window.feed().views()->tenantOf("alice");
        QVERIFY(alice.passed() < int(alice.checks.size())); // the document leaves something open
        QCOMPARE(column(*list, 1).first(),
                 QString("%1 of %2").arg(alice.passed()).arg(alice.checks.size()));
        QVERIFY(column(*list, 3).first().contains("%"));
    }

    void sectionsOfATenant()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "alice");
        TenantDetail& detail = pageOf(stage).detail();
        QVERIFY(detail.isVisible());
        auto* checks = table(detail, "Isolation checklist");
        QVERIFY(checks->isVisible());
        QCOMPARE(column(*checks, 0).count("failed"), 2);
        for (int row = 0; row < checks->allCount(); ++row) // what failed says what to do
            QCOMPARE(column(*checks, 3).at(row).isEmpty(), column(*checks, 0).at(row) == "passed");
        detail.showSection(TenantDetail::Rights);
        auto* rights = table(detail, "Who has which rights");
        QVERIFY(rights->allCount() > 0);
        for (const QString& place : column(*rights, 5))
            QVERIFY2(place.contains(".yaml:"), qPrintable(place));
        detail.showSection(TenantDetail::Topics);
        auto* topics = table(detail, "Topics of the tenant");
        const int events = int(column(*topics, 0).indexOf("events"));
        QVERIFY(events >= 0);
        QCOMPARE(column(*topics, 3).at(events), QString("writes"));
        detail.showSection(TenantDetail::Quota);
        QVERIFY(table(detail, "Lines of the quotas")->allCount() > 0);
    }

    void theMatrixSaysWhy()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        pageOf(stage).showMatrix(true);
        stage.settle();
        auto* section = pageOf(stage).findChild<widgets::ReachSection*>();
        QTableView* matrix = section->table();
        const core::ReachMatrix& reach = *stage.window.feed().views()->reach;
        QCOMPARE(matrix->model()->rowCount(), int(reach.targets.size()));
        QCOMPARE(matrix->model()->columnCount(), int(reach.rows.size()));
        bool denied = false;
        bool allowed = false;
        for (int row = 0; row < matrix->model()->rowCount(); ++row) {
            matrix->setCurrentIndex(matrix->model()->index(row, 0));
            const auto& cell = reach.rows[0].cells[std::size_t(row)];
            const QString told = words(*section);
            QVERIFY(told.contains(QString::fromStdString(reach.targets[std::size_t(row)].title)));
            if (cell.reach == core::Reach::Denied) {
                denied = true;
                QVERIFY2(told.contains("NetworkPolicy") && told.contains(".yaml:"),
                         qPrintable(told));
            }
            allowed = allowed
                || (cell.reach == core::Reach::Allowed && told.contains("Rule 1 of NetworkPolicy"));
        }
        QVERIFY(denied && allowed);
    }

    void theMatrixGoesByKeys()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        pageOf(stage).showMatrix(true);
        stage.window.activateWindow();
        stage.settle();
        QTableView* matrix = pageOf(stage).findChild<widgets::ReachSection*>()->table();
        QVERIFY(matrix->hasFocus());
        QTest::keyClick(matrix, Qt::Key_Down);
        QTest::keyClick(matrix, Qt::Key_Right);
        QCOMPARE(matrix->currentIndex().row(), 1);
        QCOMPARE(matrix->currentIndex().column(), 1);
        const QString spoken = matrix->currentIndex().data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.startsWith("user-bob to argocd/"), qPrintable(spoken));
    }

    void theFilterLooksAtServices()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        pageOf(stage).restoreState("matrix rabbitmq/");
        stage.settle();
        QTableView* matrix = pageOf(stage).findChild<widgets::ReachSection*>()->table();
        QVERIFY(matrix->model()->rowCount() > 0);
        for (int row = 0; row < matrix->model()->rowCount(); ++row)
            QVERIFY(
                matrix->model()->headerData(row, Qt::Vertical).toString().contains("rabbitmq/"));
        QCOMPARE(pageOf(stage).state(), QByteArray("matrix rabbitmq/"));
    }

    /// Of the namespaces of a tenant; in the matrix of the Services.
    void labelsFilter_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("tenants"); // -1: of the matrix, some but not all
        QTest::newRow("one tenant") << "list -l platform.wavewright.dev/tenant=bob" << 1;
        QTest::newRow("all of them") << "list -l platform.wavewright.dev/tenant" << 3;
        QTest::newRow("none") << "list -l platform.wavewright.dev/tenant=nobody" << 0;
        QTest::newRow("matrix") << "matrix -l strimzi.io/cluster" << -1;
    }
    void labelsFilter()
    {
        QFETCH(QString, typed);
        QFETCH(int, tenants);
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        QTableView* matrix = pageOf(stage).findChild<widgets::ReachSection*>()->table();
        const int all = matrix->model()->rowCount();
        pageOf(stage).restoreState(typed.toUtf8());
        stage.settle();
        if (tenants < 0)
            QVERIFY2(matrix->model()->rowCount() > 0 && matrix->model()->rowCount() < all,
                     qPrintable(QString::number(matrix->model()->rowCount())));
        else
            QCOMPARE(pageOf(stage).findChild<widgets::ViewTable*>()->shownCount(), tenants);
    }

    void fromATenantToItsNamespaceAndBack()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "bob");
        QToolButton* pill = nullptr;
        for (QToolButton* button : pageOf(stage).detail().findChildren<QToolButton*>())
            if (button->text() == "user-bob")
                pill = button;
        QVERIFY(pill);
        pill->click();
        stage.settle();
        auto* namespaces = stage.window.findChild<widgets::NamespacesPage*>();
        QVERIFY(namespaces && namespaces->isVisible());
        QCOMPARE(namespaces->subject(), QString("user-bob"));
        QTest::keyClick(&stage.window, Qt::Key_BracketLeft);
        stage.settle();
        QVERIFY(pageOf(stage).isVisible());
        QCOMPARE(pageOf(stage).subject(), QString("bob"));
    }

    void whatCanTakeKeysHasAName_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("subject");
        QTest::newRow("namespaces") << "namespaces" << "";
        QTest::newRow("a namespace") << "namespaces" << "user-alice";
        QTest::newRow("tenants") << "tenants" << "";
        QTest::newRow("a tenant") << "tenants" << "alice";
    }
    void whatCanTakeKeysHasAName()
    {
        QFETCH(QString, page);
        QFETCH(QString, subject);
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        stage.window.showPage(page, subject);
        stage.settle();
        const auto check = [&] {
            for (QWidget* widget : stage.window.findChildren<QWidget*>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus
                    || !widget->isEnabled() || widget->objectName().startsWith("qt_"))
                    continue;
                QAccessibleInterface* access = QAccessible::queryAccessibleInterface(widget);
                QVERIFY2(access && !access->text(QAccessible::Name).isEmpty(),
                         widget->metaObject()->className());
            }
        };
        check();
        if (subject.isEmpty())
            return;
        for (int section = 0; section < TenantDetail::SectionCount; ++section) {
            if (page == "tenants")
                pageOf(stage).detail().showSection(TenantDetail::Section(section));
            else
                stage.window.findChild<widgets::NamespaceDetail*>()->showSection(
                    widgets::NamespaceDetail::Section(section));
            stage.settle();
            check();
        }
    }

    void withoutTenantsItSaysHowToGetThem_data()
    {
        QTest::addColumn<QString>("platform");
        for (const char* name : {"greenfield", "lakehouse", "lambda-education", "ml-two-layer"})
            QTest::newRow(name) << QString(name);
    }
    void withoutTenantsItSaysHowToGetThem()
    {
        QFETCH(QString, platform);
        Stage stage(kLight, tests::reconciledPlatform(platform.toStdString()));
        open(stage);
        const auto* empty = pageOf(stage).findChild<widgets::EmptyState*>();
        QVERIFY(stage.window.feed().views()->tenants->empty());
        bool told = false;
        for (const auto* state : pageOf(stage).findChildren<widgets::EmptyState*>())
            told = told
                || (state->isVisible()
                    && state->accessibleName().contains("platform.wavewright.dev/tenant"));
        QVERIFY(empty && told);
    }
};

WW_TEST_CLASS(TestTenantsPage)
#include "tst_tenantspage.moc"
