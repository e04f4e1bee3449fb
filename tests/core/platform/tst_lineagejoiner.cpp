// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever came before, the graph that is kept is the one that is made from scratch. Over the cases
// of tests/data/lineage, each and all together, the five platforms as kubectl renders them, and a
// made one.
#include "tests/core/platform/lineagecase.h"
#include "tests/core/platform/lineagesequence.h"
#include "tests/core/platform/madeplatform.h"
#include "tests/core/platform/platformchanges.h"
#include "tests/core/platform/platformcorpus.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QStandardPaths>
#include <QtTest/QTest>

#include <functional>
#include <string>
#include <vector>

using namespace core;
using tests::PlatformCorpus;

namespace {

const QString kCases = QStringLiteral(TEST_DATA_DIR "/lineage");

/// All cases and the made platforms as one.
PlatformCorpus everything()
{
    PlatformCorpus out;
    for (const QString& name : QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        out.addCase(name);
    out.add(tests::madeLineage());
    for (const PlatformObject& object : tests::madePlatform().objects)
        if (object.isDeclared())
            out.manifests.push_back(object.declared.front().manifest);
    return out;
}

using Visit = std::function<void(const std::string& what, const LineageRules& rules)>;

/// All rules but one of a list, for each of it.
template<class Owner, class T, class Name>
void withoutEach(LineageRules& rules, Owner& owner, std::vector<T> Owner::* list,
                 const Name& nameOf, const Visit& visit)
{
    const std::vector<T> all = owner.*list;
    for (std::size_t i = 0; i < all.size(); ++i) {
        (owner.*list).erase((owner.*list).begin() + std::ptrdiff_t(i));
        visit(nameOf(all[i], i), rules);
        owner.*list = all;
    }
}

void withoutPartsOf(LineageRules& rules, LineageObjectRule& object, const Visit& visit)
{
    const auto called = [&](const char* what) {
        return [&, what](const auto&, std::size_t i) {
            return object.kinds.front() + ", " + what + " " + std::to_string(i + 1);
        };
    };
    withoutEach(
        rules, object, &LineageObjectRule::kinds,
        [](const std::string& kind, std::size_t) { return kind; }, visit);
    withoutEach(rules, object, &LineageObjectRule::nodes, called("node"), visit);
    withoutEach(rules, object, &LineageObjectRule::hosts, called("host"), visit);
    withoutEach(rules, object, &LineageObjectRule::flows, called("flow"), visit);
    withoutEach(rules, object, &LineageObjectRule::mirrors, called("mirror"), visit);
    withoutEach(rules, object, &LineageObjectRule::readers, called("reader"), visit);
}

/// The rules without each one of them.
void withoutEachRule(const Visit& visit)
{
    LineageRules rules = lineageRules();
    for (LineageObjectRule& object : rules.objects)
        withoutPartsOf(rules, object, visit);
    const auto first = [](const char* what, auto member) {
        return [what, member](const auto& rule, std::size_t) {
            return std::string(what) + " " + (rule.*member).front();
        };
    };
    withoutEach(rules, rules, &LineageRules::products, first("image", &LineageProductRule::images),
                visit);
    withoutEach(rules, rules, &LineageRules::variables,
                first("variable", &LineageVariableRule::names), visit);
    withoutEach(rules, rules, &LineageRules::commands,
                first("command", &LineageCommandRule::programs), visit);
    withoutEach(rules, rules, &LineageRules::components,
                first("component", &LineageComponentRule::schemes), visit);
    withoutEach(rules, rules, &LineageRules::connectors,
                first("connector", &LineageConnectorRule::classes), visit);
    withoutEach(rules, rules, &LineageRules::operators,
                first("operator", &LineageOperatorRule::names), visit);
    withoutEach(
        rules, rules, &LineageRules::layers,
        [](const LineageLayerRule& rule, std::size_t i) {
            return "layer " + rule.layer + ", rule " + std::to_string(i + 1);
        },
        visit);
}

} // namespace

class TestLineageJoiner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sequences_data()
    {
        QTest::addColumn<QString>("cases"); // of tests/data/lineage, with commas
        QTest::addColumn<QString>("platform");
        QTest::addColumn<bool>("isSynthetic");
        QTest::addColumn<int>("steps");
        const QStringList cases = QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString& name : cases)
            QTest::newRow(qPrintable(name)) << name << "" << false << 60;
        QTest::newRow("all cases") << cases.join(',') << "" << false << 100;
        QTest::newRow("synthetic") << "" << "" << true << 300;
        for (const char* name :
             {"event-driven", "greenfield", "lakehouse", "lambda-education", "ml-two-layer"})
            QTest::newRow(name) << "" << name << false << 40;
    }
    void sequences()
    {
        QFETCH(QString, cases);
        QFETCH(QString, platform);
        QFETCH(bool, isSynthetic);
        QFETCH(int, steps);
        PlatformCorpus corpus;
        for (const QString& name : cases.split(',', Qt::SkipEmptyParts))
            corpus.addCase(name);
        if (!platform.isEmpty()) {
            if (QStandardPaths::findExecutable("kubectl").isEmpty())
                QSKIP("there is no kubectl to render with");
            corpus.addRendered("manifests/" + platform + "/apps/overlays/practice");
            QVERIFY(corpus.manifests.size() > 20);
        }
        if (isSynthetic)
            corpus.add(tests::madeLineage());
        QVERIFY(!corpus.manifests.empty() || !corpus.files.empty());
        for (std::uint32_t seed = 1; seed <= 2; ++seed) {
            const std::string difference =
                tests::runLineage(corpus.input(), corpus.files, seed, steps);
            QVERIFY2(difference.empty(),
                     ("seed " + std::to_string(seed) + ", " + difference).c_str());
        }
    }

    /// A history tells nothing of a rule that has no say in it: without any one of them, the graph
    /// of what the histories go over is another one.
    void everyRuleHasItsSay()
    {
        const PlatformCorpus corpus = everything();
        const PlatformInput input = corpus.input();
        const LineageGraphPtr whole = makeLineage(input, corpus.files);
        QStringList silent;
        withoutEachRule([&](const std::string& what, const LineageRules& rules) {
            const auto graph = LineageModel(rules).update(input, corpus.files);
            if (tests::differenceOf(*graph, *whole).empty())
                silent << QString::fromStdString(what);
        });
        for (const QString& each : silent)
            qWarning("no say has: %s", qPrintable(each));
        QVERIFY(silent.isEmpty());
    }

    /// Every object of all cases goes and comes back.
    void everyObjectCounts()
    {
        const PlatformCorpus corpus = everything();
        const PlatformInput input = corpus.input();
        const LineageGraphPtr whole = makeLineage(input, corpus.files);
        LineageModel kept;
        kept.update(input, corpus.files);
        for (const tests::PlatformChange& change : tests::goings(input)) {
            const PlatformInputPtr now = tests::changed(input, {&change});
            std::string difference = tests::differenceOf(*kept.update(*now, corpus.files),
                                                         *makeLineage(*now, corpus.files));
            if (difference.empty())
                difference = tests::differenceOf(*kept.update(input, corpus.files), *whole);
            QVERIFY2(difference.empty(), (change.what + ": " + difference).c_str());
        }
    }

    /// The rest of the platform is not looked at again.
    void joinsOnlyWhatAChangeConcerns()
    {
        PlatformCorpus corpus;
        corpus.add(tests::madeLineage());
        std::vector<ManifestPtr>& manifests = corpus.manifests;
        LineageModel model;
        model.update(*inputOf(manifests));
        QVERIFY(model.statistics().rejoined > 40);
        const auto at = std::ranges::find_if(manifests, [](const ManifestPtr& each) {
            return each->key() == ObjectKey {"apps", "Deployment", "n1", "w4"};
        });
        Json value = (*at)->value();
        value.at_pointer("/spec/template/spec/containers/0/env/2/value") = "payments";
        *at = *Manifest::make(value);
        const auto graph = model.update(*inputOf(manifests));
        QCOMPARE(model.statistics().rejoined, std::size_t(1));
        QVERIFY(model.statistics().joined);
        QCOMPARE(
            QString::fromStdString(tests::differenceOf(*graph, *makeLineage(*inputOf(manifests)))),
            QString());
    }

    /// What did not change is the same node in both graphs.
    void sharesWhatDidNotChange()
    {
        PlatformCorpus corpus;
        corpus.add(tests::madeLineage());
        std::vector<ManifestPtr>& manifests = corpus.manifests;
        LineageModel model;
        const auto before = model.update(*inputOf(manifests));
        const ManifestPtr last = manifests.back();
        manifests.pop_back();
        const auto after = model.update(*inputOf(manifests));
        std::size_t shared = 0;
        for (LineageGraph::Index i = 0; i < after->nodes().size(); ++i)
            if (const auto was = before->find(after->node(i).id()))
                shared += &before->node(*was) == &after->node(i);
        QVERIFY(shared + 2 >= after->nodes().size());
        manifests.push_back(last);
        QCOMPARE(QString::fromStdString(
                     tests::differenceOf(*model.update(*inputOf(manifests)), *before)),
                 QString());
    }
};

WW_TEST_CLASS(TestLineageJoiner)
#include "tst_lineagejoiner.moc"
