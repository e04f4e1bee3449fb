// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectstore.h"
#include "gitops/practice/practicecluster.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
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
    void createsWhatKubectlMakes_data();
    void createsWhatKubectlMakes();
    void streamsToKubectl_data();
    void streamsToKubectl();
    void answersKubectlTop_data();
    void answersKubectlTop();

private:
    void everyKubectl();
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

/// A row for each kubectl from 1.29 on that is installed; the dispatcher's place has them all.
void TestPracticeCluster::everyKubectl()
{
    QTest::addColumn<QString>("program");
    const QFileInfo dispatcher(QStandardPaths::findExecutable("kubectl"));
    const QDir folder = QFileInfo(dispatcher.canonicalFilePath()).absoluteDir();
    for (const QString& name : folder.entryList({"kubectl.1.*"}, QDir::Files, QDir::Name))
        if (name.mid(10).toInt() >= 29)
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    if (folder.entryList({"kubectl.1.*"}).isEmpty())
        QTest::newRow("kubectl") << dispatcher.filePath();
}

void TestPracticeCluster::createsWhatKubectlMakes_data()
{
    everyKubectl();
}

/// From 1.32 on kubectl sends these as protobuf.
void TestPracticeCluster::createsWhatKubectlMakes()
{
    QFETCH(QString, program);
    if (program.isEmpty())
        QSKIP("kubectl is not installed");
    const auto cluster = start();
    const auto kubectl = [&](const QString& words) {
        return run(program,
                   QStringList {"--kubeconfig", m_folder->filePath("kubeconfig")}
                       + words.split(' '),
                   {}, m_folder->path());
    };
    for (const char* words :
         {"create namespace made", "create configmap map --from-literal=a=1",
          "create secret generic secret --from-literal=password=p",
          "create deployment web --image=nginx:1 --replicas=2 --port=8080",
          "create job once --image=busybox:1 -- true",
          "create cronjob often --image=busybox:1 --schedule=*/5~*~*~*~* -- true",
          "create service clusterip web --tcp=80:8080", "create serviceaccount me",
          "create role reader --verb=get --resource=pods",
          "create rolebinding reads --role=reader --serviceaccount=default:me",
          "create clusterrole all --verb=list --resource=nodes", "create quota few --hard=pods=9",
          "create priorityclass high --value=1000",
          "create poddisruptionbudget pdb --selector=app=web --min-available=1",
          "create ingress way --rule=host.example/path=web:80"}) {
        const QString text = words;
        QStringList list = text.split(' ');
        list.replaceInStrings("~", " ");
        const Output made =
            run(program, QStringList {"--kubeconfig", m_folder->filePath("kubeconfig")} + list, {},
                m_folder->path());
        QVERIFY2(made.code == 0, qPrintable(text + ": " + made.text));
        QVERIFY2(made.text.contains("created"), qPrintable(made.text));
    }
    QCOMPARE(kubectl("get configmap map -o jsonpath={.data.a}").text, "1");
    QCOMPARE(kubectl("get secret secret -o jsonpath={.data.password}").text, "cA==");
    QCOMPARE(kubectl("get deployment web -o "
                     "jsonpath={.spec.replicas}{.spec.template.spec.containers[0].ports[0]."
                     "containerPort}")
                 .text,
             "28080");
    QCOMPARE(kubectl("get service web -o jsonpath={.spec.ports[0].targetPort}").text, "8080");
    QCOMPARE(kubectl("get role reader -o jsonpath={.rules[0].verbs}").text, "[\"get\"]");
    QCOMPARE(kubectl("auth can-i create pods").text, "yes\n");
    QVERIFY(kubectl("delete deployment web").text.contains("deleted"));
}

void TestPracticeCluster::streamsToKubectl_data()
{
    everyKubectl();
}

void TestPracticeCluster::streamsToKubectl()
{
    QFETCH(QString, program);
    if (program.isEmpty())
        QSKIP("kubectl is not installed");
    const auto cluster = start();
    const auto kubectl = [&](const QString& words) {
        return run(program,
                   QStringList {"--kubeconfig", m_folder->filePath("kubeconfig")}
                       + words.split(' '),
                   {}, m_folder->path());
    };
    QCOMPARE(kubectl("run web --image=nginx:1 --port=8080").code, 0);
    QCOMPARE(kubectl("wait pod/web --for=condition=Ready --timeout=30s").code, 0);
    const Output logs = kubectl("logs web");
    QVERIFY2(logs.code == 0 && logs.text.contains("practice"), qPrintable(logs.text));
    const Output executed = kubectl("exec web -- ls");
    QVERIFY(executed.code != 0);
    QVERIFY2(executed.text.contains("practice cluster: pod web runs no process"),
             qPrintable(executed.text));
    QVERIFY(kubectl("get events").text.contains("Scheduled"));
    const Output described = kubectl("describe pod web");
    QVERIFY2(described.text.contains("Started container web (simulated)"),
             qPrintable(described.text));
    QProcess forward;
    forward.setProcessChannelMode(QProcess::MergedChannels);
    forward.start(
        program,
        {"--kubeconfig", m_folder->filePath("kubeconfig"), "port-forward", "pod/web", ":8080"});
    QString said;
    QVERIFY2(QTest::qWaitFor(
                 [&] {
                     forward.waitForReadyRead(50);
                     said += QString::fromUtf8(forward.readAll());
                     return said.contains(" -> 8080");
                 },
                 30'000),
             qPrintable(said));
    const QString port = said.section("127.0.0.1:", 1, 1).section(" ", 0, 0);
    for (int i = 0; i < 2; ++i) {
        const Output answer = run("curl", {"-s", "-m", "20", "http://127.0.0.1:" + port + "/"});
        QVERIFY2(answer.text.contains("practice cluster: nothing runs behind this port"),
                 qPrintable(answer.text + QString::fromUtf8(forward.readAll())));
    }
    forward.terminate();
    QVERIFY(forward.waitForFinished(20'000));
}

void TestPracticeCluster::answersKubectlTop_data()
{
    everyKubectl();
}

void TestPracticeCluster::answersKubectlTop()
{
    QFETCH(QString, program);
    if (program.isEmpty())
        QSKIP("kubectl is not installed");
    const auto cluster = start();
    const auto kubectl = [&](const QStringList& words) {
        return run(program, QStringList {"--kubeconfig", m_folder->filePath("kubeconfig")} + words,
                   {}, m_folder->path());
    };
    QVERIFY(kubectl({"create", "deployment", "web", "--image=nginx:1"}).code == 0);
    QVERIFY(kubectl({"wait", "--for=condition=Available", "deployment/web", "--timeout=60s"}).code
            == 0);
    const Output pods = kubectl({"top", "pods", "-l", "app=web"});
    QVERIFY2(pods.code == 0 && pods.text.contains("web-") && pods.text.contains("Mi"),
             qPrintable(pods.text));
    const Output nodes = kubectl({"top", "nodes"});
    QVERIFY2(nodes.code == 0 && nodes.text.contains("practice-1"), qPrintable(nodes.text));
    QVERIFY(!nodes.text.contains("<unknown>"));
    // "pods" still means pods.
    QVERIFY(kubectl({"get", "pods"}).text.contains("1/1"));
    const Output raw = kubectl({"get", "pods.metrics.k8s.io", "-o", "yaml"});
    QVERIFY2(raw.text.contains("wavewright.dev/simulated: \"true\""), qPrintable(raw.text));
}

WW_TEST_CLASS(TestPracticeCluster)
#include "tst_practicecluster.moc"
