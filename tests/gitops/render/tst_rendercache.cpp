// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/renderer.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <thread>

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

Files repository(const std::string& value, const std::string& base = "x")
{
    return {{"app/kustomization.yaml", "resources: [a.yaml, ../base]\n"},
            {"app/a.yaml",
             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: " + value + "}\n"},
            {"base/kustomization.yaml", "resources: [b.yaml]\n"},
            {"base/b.yaml",
             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: " + base + "}\n"},
            {"other/file", value}};
}

gitops::RenderRequest request(Files files)
{
    return {.tree = gitops::makeMemoryTree(std::move(files)), .path = "app", .source = {}};
}

/// Counts what is read of a tree.
class CountingTree : public gitops::FileTree
{
public:
    explicit CountingTree(gitops::FileTreePtr tree)
        : m_tree(std::move(tree))
    {
    }
    core::Result<gitops::TreeEntry> entry(std::string_view path) const override
    {
        return m_tree->entry(path);
    }
    core::Result<std::vector<gitops::TreeEntry>> list(std::string_view path) const override
    {
        return m_tree->list(path);
    }
    core::Result<std::string> read(std::string_view path, std::uint64_t maxBytes) const override
    {
        ++reads;
        return m_tree->read(path, maxBytes);
    }
    core::Result<std::string> resolve(std::string_view path) const override
    {
        return m_tree->resolve(path);
    }
    mutable int reads = 0;

private:
    gitops::FileTreePtr m_tree;
};

} // namespace

class TestRenderCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersEqualInputsWithoutReading();
    void seesEveryChange_data();
    void seesEveryChange();
    void tellsOptionsApart();
    void forgetsTheOldest();
    void servesManyThreads();
};

void TestRenderCache::answersEqualInputsWithoutReading()
{
    gitops::RenderCache cache;
    const auto first = cache.render(request(repository("1")));
    QVERIFY(first);
    // Another commit that changes only what the application does not read.
    Files files = repository("1");
    files.emplace_back("elsewhere/new.yaml", "x");
    auto counting = std::make_shared<CountingTree>(gitops::makeMemoryTree(std::move(files)));
    const auto second = cache.render({.tree = counting, .path = "app", .source = {}});
    QVERIFY(second);
    QCOMPARE(second->get(), first->get());
    QCOMPARE(counting->reads, 0);
    QCOMPARE(cache.statistics().hits, std::uint64_t(1));
    QCOMPARE(cache.statistics().misses, std::uint64_t(1));
}

void TestRenderCache::seesEveryChange_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("content");
    QTest::newRow("a file of the folder")
        << "app/a.yaml" << "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n";
    QTest::newRow("a file of the base")
        << "base/b.yaml" << "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n";
    QTest::newRow("the kustomization") << "app/kustomization.yaml" << "resources: [a.yaml]\n";
    QTest::newRow("a second kustomization of the base") << "base/Kustomization" << "x: y\n";
}

void TestRenderCache::seesEveryChange()
{
    QFETCH(QString, path);
    QFETCH(QString, content);
    gitops::RenderCache cache;
    const auto before = cache.render(request(repository("1")));
    QVERIFY(before);
    Files files = repository("1");
    std::erase_if(files, [&](const auto& file) { return file.first == path.toStdString(); });
    files.emplace_back(path.toStdString(), content.toStdString());
    const auto after = cache.render(request(files));
    QVERIFY(!after || (*after)->digest != (*before)->digest);
    QCOMPARE(cache.statistics().hits, std::uint64_t(0));
    // The old state is still known.
    const auto again = cache.render(request(repository("1")));
    QVERIFY(again);
    QCOMPARE(again->get(), before->get());
}

void TestRenderCache::tellsOptionsApart()
{
    gitops::RenderCache cache;
    gitops::RenderRequest plain = request(repository("1"));
    gitops::RenderRequest prefixed = plain;
    prefixed.source.kustomize.namePrefix = "p-";
    const auto first = cache.render(plain);
    const auto second = cache.render(prefixed);
    QVERIFY(first && second);
    QVERIFY((*first)->digest != (*second)->digest);
    QCOMPARE(cache.statistics().misses, std::uint64_t(2));
}

void TestRenderCache::forgetsTheOldest()
{
    gitops::RenderCache cache(2);
    for (const char* value : {"1", "2", "3"})
        QVERIFY(cache.render(request(repository("x", value))));
    QVERIFY(cache.render(request(repository("x", "3"))));
    QCOMPARE(cache.statistics().hits, std::uint64_t(1));
    QVERIFY(cache.render(request(repository("x", "1"))));
    QCOMPARE(cache.statistics().hits, std::uint64_t(1));
}

void TestRenderCache::servesManyThreads()
{
    gitops::RenderCache cache;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&cache, &good, i] {
            for (int n = 0; n < 20; ++n)
                good += bool(cache.render(request(repository("q" + std::to_string((i + n) % 3)))));
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(good.load(), 80);
}

WW_TEST_CLASS(TestRenderCache)
#include "tst_rendercache.moc"
