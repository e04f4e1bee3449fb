// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/graph/arrowitem.h"
#include "widgets/graph/boxitem.h"
#include "widgets/graph/lineagegraph.h"
#include "widgets/theme/fonts.h"

#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using widgets::LineageGraph;

namespace {

/// "web>orders orders>worker": boxes by name, with what leads from one to the other.
core::LineageView viewOf(const QString& text)
{
    core::LineageView out;
    std::set<std::string> names;
    const QStringList arrows = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& arrow : arrows)
        for (const QString& name : arrow.split(QLatin1Char('>')))
            names.insert(name.toStdString());
    for (const std::string& name : names)
        out.boxes.push_back({.id = name,
                             .title = name,
                             .detail = "topic · kafka",
                             .type = core::LineageNodeType::Dataset});
    for (const QString& arrow : arrows) {
        const QStringList ends = arrow.split(QLatin1Char('>'));
        out.arrows.push_back({.from = *out.find(ends[0].toStdString()),
                              .to = *out.find(ends[1].toStdString()),
                              .evidence = core::LineageEvidence::Declared});
    }
    return out;
}

struct Shown
{
    LineageGraph graph;
    QSignalSpy chosen {&graph, &LineageGraph::choiceChanged};
    explicit Shown(const QString& text)
    {
        widgets::loadFonts().value();
        graph.resize(900, 500);
        graph.setLineage(viewOf(text));
        graph.show();
        (void)QTest::qWaitForWindowExposed(&graph);
    }
    QString after(const QList<Qt::Key>& keys)
    {
        for (const Qt::Key key : keys)
            QTest::keyClick(&graph, key);
        return QString::fromStdString(graph.chosen());
    }
};

const QString kPlatform = QStringLiteral("web>orders api>orders orders>worker worker>done");

} // namespace

class TestLineageGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysFollowTheEdges()
    {
        Shown shown(kPlatform);
        const QString first = shown.after({Qt::Key_Home});
        QVERIFY(first == QStringLiteral("api") || first == QStringLiteral("web"));
        QCOMPARE(shown.after({Qt::Key_Right}), QStringLiteral("orders"));
        QCOMPARE(shown.after({Qt::Key_Right, Qt::Key_Right}), QStringLiteral("done"));
        QCOMPARE(shown.after({Qt::Key_Right}), QStringLiteral("done"));
        QCOMPARE(shown.after({Qt::Key_Left}), QStringLiteral("worker"));
        QCOMPARE(shown.after({Qt::Key_Home, Qt::Key_Down}),
                 first == QStringLiteral("api") ? QStringLiteral("web") : QStringLiteral("api"));
        QCOMPARE(shown.after({Qt::Key_Escape}), QString());
        QVERIFY(shown.chosen.count() >= 6);
    }

    void enterOpens()
    {
        Shown shown(kPlatform);
        QSignalSpy opened(&shown.graph, &LineageGraph::opened);
        shown.after({Qt::Key_Return});
        QCOMPARE(opened.count(), 0);
        shown.after({Qt::Key_Home, Qt::Key_Return});
        QCOMPARE(opened.count(), 1);
    }

    void searchFindsAndSteps()
    {
        Shown shown(kPlatform);
        shown.graph.search(QStringLiteral("topic d"));
        QCOMPARE(shown.graph.matches(), 2); // orders, done: each word may stand anywhere
        shown.graph.search(QStringLiteral("wor"));
        QCOMPARE(shown.graph.matches(), 1);
        shown.graph.nextMatch();
        QCOMPARE(shown.graph.chosen(), std::string("worker"));
        shown.graph.search(QStringLiteral("nothing like it"));
        QCOMPARE(shown.graph.matches(), 0);
    }

    void aRefreshKeepsWhatIsChosen()
    {
        Shown shown(kPlatform);
        shown.graph.choose("worker");
        core::LineageView view = viewOf(kPlatform);
        view.arrows[0].rate = 12; // the first figure makes room for figures
        shown.graph.setLineage(view);
        QCOMPARE(shown.graph.chosen(), std::string("worker"));
        const QTransform before = shown.graph.transform();
        view.arrows[0].rate.reset(); // then they may come and go
        view.arrows[1].rate = 7;
        shown.graph.setLineage(view);
        QCOMPARE(shown.graph.chosen(), std::string("worker"));
        QCOMPARE(shown.graph.transform(), before);
        shown.graph.setLineage(viewOf(kPlatform + QStringLiteral(" done>mail")));
        QCOMPARE(shown.graph.chosen(), std::string("worker"));
        shown.graph.setLineage(viewOf(QStringLiteral("web>orders")));
        QCOMPARE(shown.graph.chosen(), std::string());
    }

    void isNamedForThoseWhoDoNotSeeIt()
    {
        Shown shown(kPlatform);
        QCOMPARE(shown.graph.accessibleName(), QStringLiteral("Lineage: 5 nodes, 4 edges"));
        shown.graph.choose("orders");
        QVERIFY(shown.graph.accessibleName().contains(QStringLiteral("chosen: orders, topic")));
    }

    void zoomHasBounds()
    {
        Shown shown(kPlatform);
        for (int i = 0; i < 60; ++i)
            shown.after({Qt::Key_Plus});
        QVERIFY(shown.graph.transform().m11() <= 2.5 + 1e-9);
        for (int i = 0; i < 90; ++i)
            shown.after({Qt::Key_Minus});
        QVERIFY(shown.graph.transform().m11() >= 0.02 - 1e-9);
        shown.after({Qt::Key_0});
        QVERIFY(shown.graph.transform().m11() > 0.4);
    }

    void thePictureIsExported()
    {
        Shown shown(kPlatform);
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("lineage.png"));
        QVERIFY(shown.graph.exportPng(file));
        const QImage image(file);
        QVERIFY(image.width() > 600 && image.height() > 100);
        QVERIFY(!shown.graph.exportPng(folder.filePath(QStringLiteral("no/such/folder.png"))));
    }

    void fiveThousandNodesMove()
    {
        QString text;
        for (int i = 0; i < 5'000; ++i)
            text += QStringLiteral(" n%1>n%2").arg(i / 2).arg(i + 1);
        Shown shown(text);
        shown.graph.grab();
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 5; ++i) {
            shown.graph.zoomBy(1.1);
            shown.graph.grab();
        }
        // A bound for a loaded machine: a frame takes some 30 ms on an idle one.
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
        qInfo("a frame of 5,000 nodes: %lld ms", timer.elapsed() / 5);
    }

    void aLongChainIsFoldedSoThatItFits_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("folded");
        QTest::newRow("short") << 4 << QSize(1195, 640) << false;
        QTest::newRow("long") << 12 << QSize(1195, 640) << true;
        QTest::newRow("long, in a small window") << 12 << QSize(620, 470) << true;
    }
    void aLongChainIsFoldedSoThatItFits()
    {
        QFETCH(int, count);
        QFETCH(QSize, size);
        QFETCH(bool, folded);
        QStringList chain;
        for (int i = 0; i + 1 < count; ++i)
            chain << QStringLiteral("box%1>box%2").arg(i + 10).arg(i + 11);
        Shown shown(chain.join(' '));
        shown.graph.resize(size);
        QVERIFY(!shown.graph.horizontalScrollBar()->isVisible());
        QVERIFY(!shown.graph.verticalScrollBar()->isVisible());
        QVERIFY(shown.graph.transform().m11() > 0.6);
        const QRectF rect = shown.graph.sceneRect();
        QCOMPARE(rect.height() > 150, folded);
        // Arrows still lead along the edges, over the folds.
        QList<Qt::Key> keys {Qt::Key_Home};
        for (int i = 0; i + 1 < count; ++i)
            keys << Qt::Key_Right;
        QCOMPARE(shown.after(keys), QStringLiteral("box%1").arg(count + 9));
    }

    void ratesCoverNeitherBoxesLinesNorEachOther()
    {
        core::LineageView view =
            viewOf("web>a web>b web>c web>d a>reader b>reader c>reader d>reader a>log b>log");
        for (core::LineageArrow& arrow : view.arrows) {
            arrow.rate = 1234;
            arrow.simulated = true;
        }
        Shown shown("web>a");
        shown.graph.setLineage(view);
        std::vector<QRectF> taken;
        int written = 0;
        for (QGraphicsItem* item : shown.graph.items())
            if (const auto* box = qgraphicsitem_cast<widgets::BoxItem*>(item))
                taken.push_back(QRectF(box->pos(), box->size()));
        for (QGraphicsItem* item : shown.graph.items())
            if (const auto* arrow = qgraphicsitem_cast<widgets::ArrowItem*>(item);
                arrow && arrow->label()) {
                const QRectF rect =
                    arrow->labelRect(*arrow->label(), shown.graph.transform().m11());
                for (const QRectF& other : taken)
                    QVERIFY(!other.intersects(rect));
                for (QGraphicsItem* each : shown.graph.items()) {
                    const auto* line = qgraphicsitem_cast<widgets::ArrowItem*>(each);
                    if (line && (line != arrow || !arrow->label()->on))
                        QVERIFY(!line->crosses(rect));
                }
                taken.push_back(rect);
                ++written;
            }
        QVERIFY2(written >= 3, qPrintable(QString::number(written)));
    }

    void wordsAndKeysFind_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("matches");
        QTest::newRow("none") << "" << 0;
        QTest::newRow("a word") << "order" << 1;
        QTest::newRow("without") << "-orders" << 4;
        QTest::newRow("what it is") << "topic -web" << 4;
    }
    void wordsAndKeysFind()
    {
        QFETCH(QString, words);
        QFETCH(int, matches);
        Shown shown(kPlatform);
        shown.graph.search(words);
        QCOMPARE(shown.graph.matches(), matches);
    }
};

WW_TEST_CLASS(TestLineageGraph)
#include "tst_lineagegraph.moc"
