// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/platformfeed.h"
#include "widgets/controls/banner.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/viewtable.h"
#include "widgets/dialogs/manifestdialog.h"
#include "widgets/pages/applicationpage.h"
#include "widgets/pages/namespacedetail.h"
#include "widgets/pages/namespacespage.h"

#include <QAccessible>
#include <QApplication>
#include <QElapsedTimer>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using tests::Stage;
using widgets::NamespaceDetail;
using widgets::NamespacesPage;
using widgets::ViewTable;

namespace {

constexpr auto kLight = widgets::ThemeChoice::Light;

NamespacesPage& pageOf(Stage& stage)
{
    return *stage.window.findChild<NamespacesPage*>();
}

template<class T>
T* named(QWidget& in, const QString& accessibleName)
{
    for (T* widget : in.findChildren<T*>())
        if (widget->accessibleName() == accessibleName)
            return widget;
    return nullptr;
}

void open(Stage& stage, const QString& subject = {})
{
    stage.window.showPage("namespaces", subject);
    stage.settle();
}

QStringList column(const ViewTable& table, int column)
{
    QStringList out;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        out << table.model()->index(row, column).data().toString();
    return out;
}

void key(Stage& stage, Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    stage.window.activateWindow();
    stage.settle();
    QWidget* target = QApplication::focusWidget();
    QTest::keyClick(target ? target : &stage.window, key, modifiers);
    stage.settle();
}

} // namespace

class TestNamespacesPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapAndTableShowTheSame()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        NamespacesPage& page = pageOf(stage);
        auto* map = named<QListView>(page, "Map of the namespaces");
        QVERIFY(map && map->isVisible());
        page.showTable(true);
        auto* table = named<ViewTable>(page, "Namespaces");
        QVERIFY(table && table->isVisible() && !map->isVisible());
        const auto& views = *stage.window.feed().views();
        QCOMPARE(table->allCount(), int(views.namespaces->size()));
        QVERIFY(column(*table, 0).contains("user-alice"));
        const int alice = int(column(*table, 0).indexOf("user-alice"));
        QCOMPARE(column(*table, 2).at(alice), QString("user-alice (0–2)"));
        QCOMPARE(column(*table, 4).at(alice), QString("2 / 2"));
    }

    void keysOpenAndGoBack()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        key(stage, Qt::Key_2, Qt::AltModifier);
        NamespacesPage& page = pageOf(stage);
        QVERIFY(page.isVisible());
        key(stage, Qt::Key_Return); // the first tile
        QCOMPARE(page.subject(), QString("user-alice"));
        QVERIFY(page.detail().isVisible());
        key(stage, Qt::Key_Escape);
        QCOMPARE(page.subject(), QString());
        QVERIFY(page.isVisible());
        key(stage, Qt::Key_Escape);
        QVERIFY(!page.isVisible());
        key(stage, Qt::Key_BracketRight);
        key(stage, Qt::Key_BracketRight);
        QCOMPARE(page.subject(), QString("user-alice"));
    }

    void sectionsOfANamespace()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "user-alice");
        NamespaceDetail& detail = pageOf(stage).detail();
        const auto* view = stage.window.feed().views()->namespaceOf("user-alice");
        QVERIFY(view);
        detail.showSection(NamespaceDetail::Workloads);
        QCOMPARE(named<ViewTable>(detail, "Workloads")->allCount(), int(view->workloads.size()));
        detail.showSection(NamespaceDetail::Quota);
        auto* lines = named<ViewTable>(detail, "Lines of the quotas");
        QCOMPARE(lines->allCount(), int(view->quotas.front().lines.size()));
        QVERIFY(lines->currentRow() >= 0); // the fullest
        QVERIFY(named<ViewTable>(detail, "Defaults and bounds of containers")->allCount() > 0);
        detail.showSection(NamespaceDetail::References);
        auto* references = named<ViewTable>(detail, "Cross-references of namespaces");
        QVERIFY(references->allCount() >= int(view->references.size()));
        detail.showSection(NamespaceDetail::Objects);
        auto* objects = named<ViewTable>(detail, "Objects of the namespace");
        QVERIFY(column(*objects, 3).contains("declared and there"));
        QVERIFY(column(*objects, 3).contains("made by the system"));
    }

    void bothEndsOfAReferenceShowIt()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "kafka");
        NamespaceDetail& detail = pageOf(stage).detail();
        detail.showSection(NamespaceDetail::References);
        auto* references = named<ViewTable>(detail, "Cross-references of namespaces");
        QVERIFY(references->allCount() > 0); // kafka itself uses nobody
        QVERIFY(stage.window.feed().views()->namespaceOf("kafka")->references.empty());
    }

    void fromAnObjectToItsApplicationAndManifest()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "kafka");
        NamespaceDetail& detail = pageOf(stage).detail();
        detail.showSection(NamespaceDetail::Workloads);
        auto* workloads = named<ViewTable>(detail, "Workloads");
        workloads->focusRows();
        key(stage, Qt::Key_Y);
        auto* dialog = qobject_cast<widgets::ManifestDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        QVERIFY(dialog->findChild<QPlainTextEdit*>()->toPlainText().contains("event-cluster"));
        dialog->close();
        stage.settle();
        workloads->focusRows();
        key(stage, Qt::Key_Return);
        auto* application = stage.window.findChild<widgets::ApplicationPage*>();
        QVERIFY(application->isVisible());
        QCOMPARE(application->application(), std::string("kafka"));
        QCOMPARE(application->section(), widgets::ApplicationPage::Resources);
    }

    void filterAndOnlyFaults()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage);
        key(stage, Qt::Key_Slash);
        QTest::keyClicks(QApplication::focusWidget(), "user-");
        stage.settle();
        auto* map = named<QListView>(pageOf(stage), "Map of the namespaces");
        QCOMPARE(map->model()->rowCount(), 4); // a heading and three
        QTest::keyClicks(QApplication::focusWidget(), "zzz");
        stage.settle();
        auto* empty = pageOf(stage).findChild<widgets::EmptyState*>();
        QVERIFY(empty->isVisible());
        QVERIFY(empty->accessibleName().startsWith("No namespace matches"));
    }

    void emptyAndUnansweredAreTold_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::addColumn<QString>("words");
        QTest::newRow("no namespaces") << true << "No namespaces";
        QTest::newRow("no answer") << false << "The platform cannot be read";
    }
    void emptyAndUnansweredAreTold()
    {
        QFETCH(bool, answers);
        QFETCH(QString, words);
        Stage stage(kLight, tests::sampleEmpty());
        if (answers)
            stage.engine.setPlatform(std::make_shared<const core::PlatformInput>());
        open(stage);
        auto* empty = pageOf(stage).findChild<widgets::EmptyState*>();
        QVERIFY(empty->isVisible());
        QVERIFY2(empty->accessibleName().startsWith(words), qPrintable(empty->accessibleName()));
    }

    void whatIsMissingIsSaid()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        core::PlatformInput input = *tests::reconciledPlatform("event-driven").input;
        input.gaps = {"The application shop could not be rendered."};
        input.unknownKinds[{"", "Pod"}] = "the server refuses to list it (403)";
        stage.engine.setPlatform(std::make_shared<const core::PlatformInput>(input));
        open(stage);
        bool told = false;
        for (const auto* banner : stage.window.findChildren<widgets::Banner*>())
            told = told
                || (banner->isVisible()
                    && banner->accessibleName().contains("shop could not be rendered")
                    && banner->accessibleName().contains("Pod is not known: the server refuses"));
        QVERIFY(told);
    }

    void aNamespaceThatGoesIsClosed()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        open(stage, "user-bob");
        QVERIFY(pageOf(stage).detail().isVisible());
        stage.engine.setPlatform(std::make_shared<const core::PlatformInput>());
        core::Snapshot next = *stage.bridge.snapshot();
        ++next.sequence;
        stage.engine.publish(std::make_shared<const core::Snapshot>(next));
        stage.bridge.deliverNow();
        QTRY_VERIFY(!pageOf(stage).detail().isVisible());
    }

    void tenThousandObjects()
    {
        const auto& platform = tests::reconciledPlatform("event-driven");
        core::PlatformInputBuilder builder;
        for (const core::PlatformObject& object : platform.input->objects)
            for (const core::Declaration& declaration : object.declared)
                builder.declare(declaration);
        builder.input().hasLive = true;
        for (int i = 0; i < 10'000; ++i) {
            core::LiveRecord record;
            record.uid = std::to_string(i);
            builder.live({"", "ConfigMap", i % 2 ? "kafka" : "shop-" + std::to_string(i % 200),
                          "map-" + std::to_string(i)},
                         std::make_shared<const core::LiveRecord>(record));
        }
        Stage stage(kLight, platform);
        stage.engine.setPlatform(std::move(builder).build());
        open(stage);
        QElapsedTimer timer;
        timer.start();
        pageOf(stage).open("kafka");
        pageOf(stage).detail().showSection(NamespaceDetail::Objects);
        stage.settle();
        auto* objects = named<ViewTable>(pageOf(stage).detail(), "Objects of the namespace");
        QVERIFY(objects->allCount() > 5'000);
        objects->sortByColumn(1, Qt::AscendingOrder);
        stage.settle();
        QVERIFY2(timer.elapsed() < 3'000, qPrintable(QString::number(timer.elapsed())));
    }
};

WW_TEST_CLASS(TestNamespacesPage)
#include "tst_namespacespage.moc"
