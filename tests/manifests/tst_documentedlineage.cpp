// SPDX-License-Identifier: GPL-3.0-or-later
// The flows that the platforms' documents draw are in the lineage of their manifests. Each file of
// tests/data/documentedlineage is one platform, written from its document:
//   A -> B -> C     an edge each, with the data
//   A => B          a way from one to the other
//   layer X: A B    these nodes are in that layer
#include "core/platform/findings.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/terraform.h"
#include "gitops/engine/declaredplatform.h"
#include "gitops/git/filetree.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QtTest/QTest>

#include <algorithm>
#include <map>

using namespace core;

namespace {

const QString kDocuments = QStringLiteral(TEST_DATA_DIR "/documentedlineage");

PlatformInputPtr platform(const QString& name,
                          const std::string& overlay = "apps/overlays/practice")
{
    const auto tree = gitops::openDiskTree(PROJECT_ROOT_DIR);
    Application root;
    root.name = "root";
    root.source.path = "manifests/" + name.toStdString() + "/" + overlay;
    PlatformInputBuilder builder;
    gitops::declarePlatform(
        {root},
        [&](const Application&) -> Result<gitops::Revision> {
            if (!tree)
                return std::unexpected(tree.error());
            gitops::Revision revision;
            revision.tree = *tree;
            return revision;
        },
        builder);
    return std::move(builder).build();
}

std::optional<LineageGraph::Index> nodeOf(const LineageGraph& graph, const QString& name)
{
    const auto found = graph.search(name.trimmed().toStdString());
    if (found.size() == 1)
        return found.front();
    qWarning("%s: %d nodes are called so", qPrintable(name), int(found.size()));
    return std::nullopt;
}

bool hasEdge(const LineageGraph& graph, LineageGraph::Index from, LineageGraph::Index to)
{
    return std::ranges::any_of(graph.outgoing(from), [&](LineageGraph::Index at) {
        const LineageEdge& edge = graph.edges()[at];
        return (edge.from == from && edge.to == to)
            || (edge.bothWays && edge.to == from && edge.from == to);
    });
}

} // namespace

class TestDocumentedLineage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void flows_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("line");
        for (const QString& file : QDir(kDocuments).entryList({"*.txt"}, QDir::Files)) {
            QFile document(kDocuments + "/" + file);
            QVERIFY(document.open(QIODevice::ReadOnly));
            const QString name = file.chopped(4);
            for (const QString& line : QString::fromUtf8(document.readAll()).split('\n'))
                if (!line.isEmpty() && !line.startsWith('#'))
                    QTest::newRow(qPrintable(name + ": " + line)) << name << line;
        }
    }
    void flows()
    {
        QFETCH(QString, name);
        QFETCH(QString, line);
        const auto& graph = *graphOf(name);
        if (line.startsWith("layer ")) {
            const QString layer = line.section(' ', 1, 1).chopped(1);
            for (const QString& node : line.section(": ", 1).split(' ')) {
                const auto index = nodeOf(graph, node);
                QVERIFY2(index, qPrintable(node));
                QCOMPARE(QString::fromStdString(graph.node(*index).layer), layer);
            }
            return;
        }
        const bool isWay = line.contains(" => ");
        const QStringList names = line.split(isWay ? " => " : " -> ");
        for (int i = 1; i < names.size(); ++i) {
            const auto from = nodeOf(graph, names[i - 1]);
            const auto to = nodeOf(graph, names[i]);
            QVERIFY2(from && to, qPrintable(names[i - 1] + ", " + names[i]));
            QVERIFY(isWay ? !graph.path(*from, *to).empty() : hasEdge(graph, *from, *to));
        }
    }

    /// What the applications of an environment expect is in what Terraform made there.
    void layerOne_data()
    {
        QTest::addColumn<QString>("overlay");
        QTest::addColumn<QString>("state");
        QTest::newRow("AWS") << "prod" << "prod-show.json";
        QTest::newRow("containers") << "local" << "local.tfstate";
    }
    void layerOne()
    {
        QFETCH(QString, overlay);
        QFETCH(QString, state);
        QFile file(TEST_DATA_DIR "/terraform/" + state);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto layer = readTerraform(file.readAll().toStdString(), state.toStdString());
        QVERIFY(layer);
        const auto declared =
            platform("ml-two-layer", "kubernetes/overlays/" + overlay.toStdString());
        const auto input = withTerraform(*declared, {*layer});
        const auto graph = makeLineage(*input);
        const auto backend = nodeOf(*graph, "Deployment/backend");
        QVERIFY(backend);
        for (const char* service : {"Database/postgres", "Cache/redis", "Storage/s3"}) {
            const auto below = graph->find("terraform:///" + std::string(service));
            QVERIFY2(below, service);
            // Models are only read: the way to the bucket's store goes over what the jobs write.
            const auto from = service == std::string_view("Storage/s3")
                ? nodeOf(*graph, "CronJob/train-model")
                : backend;
            QVERIFY2(from && !graph->path(*from, *below).empty(), service);
        }
        const PlatformModel model(input);
        std::vector<Finding> found;
        findLayerOne(model, *graph, found);
        for (const Finding& each : found)
            QFAIL(each.message.c_str());
    }

    void everyPlatformRenders_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString& file : QDir(kDocuments).entryList({"*.txt"}, QDir::Files))
            QTest::newRow(qPrintable(file)) << file.chopped(4);
    }
    void everyPlatformRenders()
    {
        QFETCH(QString, name);
        const auto input = platform(name);
        for (const std::string& gap : input->gaps)
            QFAIL(gap.c_str());
        // No edge without a place or a proof; no secret's value can be in any text.
        for (const LineageEdge& edge : graphOf(name)->edges()) {
            QVERIFY(!edge.proofs.empty());
            if (edge.relation != LineageRelation::Contains)
                QVERIFY(!edge.proofs.front().place.file.empty());
        }
    }

private:
    LineageGraphPtr graphOf(const QString& name)
    {
        LineageGraphPtr& graph = m_graphs[name];
        if (!graph)
            graph = makeLineage(*platform(name));
        return graph;
    }
    std::map<QString, LineageGraphPtr> m_graphs;
};

WW_TEST_CLASS(TestDocumentedLineage)
#include "tst_documentedlineage.moc"
