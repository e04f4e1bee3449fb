// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectstore.h"
#include "gitops/practice/practicecluster.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QTest>

using gitops::practice::ApiServer;
using gitops::practice::PracticeCluster;

namespace {

struct Output
{
    int code = -1;
    QString text; ///< standard output and error
};

Output run(const QString& program, const QStringList& arguments, const QByteArray& input = {},
           const QString& home = {})
{
    QProcess process;
    if (!home.isEmpty()) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", home);
        process.setProcessEnvironment(environment);
    }
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

core::HttpRequest createMap(const char* name)
{
    core::HttpRequest request;
    request.method = "POST";
    request.target = "/api/v1/namespaces/default/configmaps";
    request.body = std::string(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")")
        + name + R"("}})";
    return request;
}

} // namespace

class TestPracticeCluster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void survivesARestart();
    void freshForgetsEverything();
    void keepsStrangersOut();
    void servesKubectl();

private:
    std::unique_ptr<PracticeCluster> start(bool fresh = false);
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestPracticeCluster::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

std::unique_ptr<PracticeCluster> TestPracticeCluster::start(bool fresh)
{
    auto cluster =
        PracticeCluster::start({.folder = m_folder->filePath("state").toStdString(),
                                .fresh = fresh,
                                .delayFactor = 0,
                                .kubeconfig = m_folder->filePath("kubeconfig").toStdString()});
    if (!cluster)
        qWarning("%s", cluster.error().text().c_str());
    return cluster ? std::move(*cluster) : nullptr;
}

void TestPracticeCluster::survivesARestart()
{
    auto cluster = start();
    QVERIFY(cluster);
    const auto port = cluster->port();
    const auto kubeconfig = cluster->kubeconfig();
    std::string before;
    cluster->run([&](ApiServer& server) {
        QCOMPARE(server.handle(createMap("kept")).status, 201);
        before = server.store().get("configmaps", "default/kept")->text();
        QVERIFY(server.commit());
    });
    cluster.reset();
    cluster = start();
    QVERIFY(cluster);
    QCOMPARE(cluster->port(), port);
    QCOMPARE(cluster->kubeconfig(), kubeconfig);
    cluster->run([&](ApiServer& server) {
        QCOMPARE(server.store().get("configmaps", "default/kept")->text(), before);
    });
}

void TestPracticeCluster::freshForgetsEverything()
{
    auto cluster = start();
    const auto kubeconfig = cluster->kubeconfig();
    cluster->run([&](ApiServer& server) { server.handle(createMap("lost")); });
    cluster.reset();
    cluster = start(true);
    QVERIFY(cluster->kubeconfig() != kubeconfig);
    cluster->run(
        [&](ApiServer& server) { QVERIFY(!server.store().get("configmaps", "default/lost")); });
}

void TestPracticeCluster::keepsStrangersOut()
{
    if (QStandardPaths::findExecutable("curl").isEmpty())
        QSKIP("curl is not installed");
    const auto cluster = start();
    QCOMPARE(QFile::permissions(m_folder->filePath("kubeconfig"))
                 & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    const QString url = QString::fromStdString(cluster->serverUrl()) + "/version";
    const QStringList basic {"-s",          "--cacert",  m_folder->filePath("state/ca.crt"),
                             "-o",          "/dev/null", "-w",
                             "%{http_code}"};
    QCOMPARE(run("curl", basic + QStringList {url}).text, "401");
    QFile tokenFile(m_folder->filePath("state/token"));
    QVERIFY(tokenFile.open(QIODevice::ReadOnly));
    const QString bearer = "Authorization: Bearer " + QString(tokenFile.readAll()).trimmed();
    QCOMPARE(run("curl", basic + QStringList {"-H", bearer, url}).text, "200");
    QCOMPARE(run("curl", basic + QStringList {"-H", bearer + "x", url}).text, "401");
    QCOMPARE(run("curl", basic + QStringList {"-H", bearer, "-H", "Host: evil.example", url}).text,
             "421");
    // A certificate of another authority is no way in either.
    QVERIFY(run("curl", {"-s", url}).code != 0);
}

void TestPracticeCluster::servesKubectl()
{
    if (QStandardPaths::findExecutable("kubectl").isEmpty())
        QSKIP("kubectl is not installed");
    const auto cluster = start();
    const auto kubectl = [&](const QStringList& arguments, const QByteArray& input = {}) {
        return run("kubectl",
                   QStringList {"--kubeconfig", m_folder->filePath("kubeconfig")} + arguments,
                   input, m_folder->path());
    };
    const QByteArray map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: '1'}\n";
    const Output created = kubectl({"apply", "-f", "-"}, map);
    QVERIFY2(created.code == 0, qPrintable(created.text));
    QVERIFY(kubectl({"apply", "-f", "-"}, map).text.contains("unchanged"));
    QCOMPARE(kubectl({"diff", "-f", "-"}, map).code, 0);
    QByteArray changed = map;
    changed.replace("'1'", "'2'");
    QCOMPARE(kubectl({"diff", "-f", "-"}, changed).code, 1);
    QCOMPARE(kubectl({"diff", "--server-side", "--force-conflicts", "-f", "-"}, changed).code, 1);
    const Output applied = kubectl({"apply", "--server-side", "-f", "-"}, changed);
    QVERIFY2(applied.code == 0, qPrintable(applied.text));
    QCOMPARE(kubectl({"get", "configmap", "m", "-o", "jsonpath={.data.a}"}).text, "2");
    QVERIFY(kubectl({"get", "cm"}).text.contains("DATA"));
    QVERIFY(kubectl({"describe", "cm", "m"}).code == 0);
    QVERIFY(kubectl({"patch", "cm", "m", "--type=merge", "-p", R"({"data":{"b":"3"}})"}).code == 0);
    QVERIFY(kubectl({"label", "cm", "m", "x=y"}).code == 0);
    QCOMPARE(kubectl({"get", "cm", "-l", "x=y", "-o", "name"}).text, "configmap/m\n");
    QVERIFY(kubectl({"delete", "cm", "m"}).text.contains("deleted"));
    QVERIFY(kubectl({"get", "cm", "m"}).text.contains("NotFound"));
}

WW_TEST_CLASS(TestPracticeCluster)
#include "tst_practicecluster.moc"
