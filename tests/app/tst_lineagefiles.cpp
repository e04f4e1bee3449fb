// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lineagefiles.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::LineageFile;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

constexpr const char* kDag = "from airflow import DAG\n";

core::PlatformApplication at(const std::string& url, const std::string& path,
                             const std::string& revision)
{
    core::PlatformApplication out;
    out.name = "app-" + path;
    out.repoUrl = url;
    out.path = path;
    out.revision = revision;
    return out;
}

/// "path: first line", in the order in which they were found.
QStringList found(const app::Options& options, std::vector<core::PlatformApplication> applications)
{
    core::PlatformInput input;
    input.applications = std::move(applications);
    QStringList out;
    for (const LineageFile& file : app::lineageFiles(options, input)) {
        const std::string line = file.text->substr(0, file.text->find('\n'));
        out << QString::fromStdString(file.path + ": " + line);
    }
    return out;
}

app::Options optionsIn(const TemporaryFolder& folder)
{
    app::Options out;
    out.configFile = folder.path() + "/config.yaml";
    out.cacheFolder = folder.path() + "/cache";
    return out;
}

} // namespace

class TestLineageFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("there is no git");
    }

    void theCommitInForceCounts()
    {
        const TemporaryFolder home;
        const TemporaryRepository repository;
        repository.write("shop/dags/load.py", "import airflow # first\n");
        repository.write("shop/util.py", "print('no DAG')\n");
        const std::string first = repository.commit("First");
        repository.write("shop/dags/load.py", "import airflow # second\n");
        repository.write("shop/dags/more.py", kDag);
        app::Options options = optionsIn(home);
        options.files = {repository.path() + "/shop"};
        QCOMPARE(found(options, {at(repository.path(), "shop", first)}),
                 QStringList {"shop/dags/load.py: import airflow # first"});
        // Nothing in force: what lies in the folder.
        QCOMPARE(found(options, {at(repository.path(), "shop", "")}),
                 QStringList({"shop/dags/load.py: import airflow # second",
                              "shop/dags/more.py: from airflow import DAG"}));
    }

    void urlsAreMappedAsTheEngineMapsThem()
    {
        const TemporaryFolder home;
        const TemporaryRepository repository;
        repository.write("shop/load.py", kDag);
        const std::string commit = repository.commit("First");
        home.write("config.yaml",
                   "repositories: [{url: 'https://example.com/shop', insteadOf: "
                       + repository.path() + "}]\n");
        const QStringList wanted {"shop/load.py: from airflow import DAG"};
        const auto shop = at("https://example.com/shop.git", "shop", commit);
        QCOMPARE(found(optionsIn(home), {shop}), wanted);
        // Without the rule there is nothing on this machine, and nothing is fetched.
        home.remove("config.yaml");
        QCOMPARE(found(optionsIn(home), {shop}), QStringList());
    }

    void eachFolderOnce()
    {
        const TemporaryFolder home;
        const TemporaryRepository repository;
        repository.write("a/x.py", kDag);
        repository.write("a/b/y.py", kDag);
        repository.write("dags/z.py", kDag);
        repository.write("other/w.py", kDag);
        const std::string commit = repository.commit("First");
        QCOMPARE(
            found(optionsIn(home),
                  {at(repository.path(), "a", commit), at(repository.path(), "a/b", commit),
                   at(repository.path(), ".", commit)}),
            QStringList({"a/b/y.py: from airflow import DAG", "a/x.py: from airflow import DAG",
                         "dags/z.py: from airflow import DAG"}));
    }

    void aFolderOfFilesIsReadAsItIs()
    {
        const TemporaryFolder home;
        home.write("top/shop/load.py", kDag);
        QCOMPARE(found(optionsIn(home),
                       {at("dir://" + home.path() + "/top", "shop", std::string(40, '1'))}),
                 QStringList {"shop/load.py: from airflow import DAG"});
    }

    void textsOfConfigMapsAreLeftOut()
    {
        const TemporaryFolder home;
        const TemporaryRepository repository;
        repository.write("shop/load.py", kDag);
        const std::string commit = repository.commit("First");
        tests::PlatformFixture f;
        f.declare("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dags, namespace: shop}\n"
                  "data: {load.py: \"from airflow import DAG\\n\"}\n");
        f.input().applications = {at(repository.path(), "shop", commit)};
        QVERIFY(app::lineageFiles(optionsIn(home), *f.build()).empty());
    }

    void whatCannotBeReadIsLeftOut_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("revision");
        QTest::newRow("no repository") << "/nowhere/at/all" << QString(40, '1');
        QTest::newRow("no URL") << "ext::sh -c true" << QString(40, '1');
        QTest::newRow("no such commit") << "" << QString(40, '1');
    }
    void whatCannotBeReadIsLeftOut()
    {
        QFETCH(QString, url);
        QFETCH(QString, revision);
        const TemporaryFolder home;
        const TemporaryRepository repository;
        repository.write("shop/load.py", kDag);
        (void)repository.commit("First");
        const std::string where = url.isEmpty() ? repository.path() : url.toStdString();
        QCOMPARE(found(optionsIn(home), {at(where, "shop", revision.toStdString())}),
                 QStringList());
    }
};

WW_TEST_CLASS(TestLineageFiles)
#include "tst_lineagefiles.moc"
