// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/json.h"
#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/execplugin.h"
#include "gitops/cluster/kubeconfig.h"
#include "tests/gitops/cluster/pluginscript.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;
using tests::echoCredential;
using tests::scriptPlugin;

class TestExecPlugin : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string path(const char* name) { return m_folder.filePath(name).toStdString(); }
    core::Result<ExecCredential> run(const ExecPlugin& plugin, const ExecLimits& limits = {})
    {
        const std::atomic<bool> goOn = false;
        return runPlugin(plugin, {}, limits, goOn);
    }
private Q_SLOTS:
    void answers_data();
    void answers();
    void complaintsTellNoToken();
    void limits();
    void notThere();
    void isTold();
    void readsItsEntry();
    void certificates();
};

void TestExecPlugin::answers_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("said"); ///< the token, or a part of the error after "!"
    const auto row = [](const char* name, const std::string& script, const char* said) {
        QTest::newRow(name) << QString::fromStdString(script) << said;
    };
    row("token", echoCredential("\"token\":\"t0\""), "t0");
    row("with expiry",
        echoCredential("\"token\":\"t0\",\"expirationTimestamp\":\"2030-01-01T00:00:00Z\""), "t0");
    row("expiry no time", echoCredential("\"token\":\"t0\",\"expirationTimestamp\":\"soon\""),
        "!no time");
    row("nothing", "true", "!no ExecCredential");
    row("garbage", "echo hello", "!no ExecCredential");
    row("another kind", "echo '{\"kind\":\"Secret\"}'", "!no ExecCredential");
    row("another version",
        echoCredential("\"token\":\"t0\"", "client.authentication.k8s.io/v1beta1"), "!v1beta1");
    row("empty status", echoCredential(""), "!neither a token");
    row("key alone", echoCredential("\"clientKeyData\":\"x\""), "!without a certificate");
    row("no PEM", echoCredential("\"clientKeyData\":\"x\",\"clientCertificateData\":\"y\""),
        "!no PEM");
    row("line end in token", echoCredential("\"token\":\"a\\nb\""), "!line ends");
    row("token no text", echoCredential("\"token\":7"), "!neither a token");
    row("fails", "echo first >&2; echo log in again >&2; exit 2", "!exit code 2: log in again");
    row("fails silently", "exit 1", "!exit code 1");
}

void TestExecPlugin::answers()
{
    QFETCH(QString, script);
    QFETCH(QString, said);
    const auto credential = run(scriptPlugin(path("plugin"), script.toStdString()));
    if (!said.startsWith('!')) {
        QVERIFY2(credential, credential ? "" : credential.error().text().c_str());
        QCOMPARE(QString::fromStdString(credential->token.reveal()), said);
        QCOMPARE(credential->expiresAt.has_value(), script.contains("expiration"));
        return;
    }
    QVERIFY(!credential);
    QVERIFY(credential.error().code == core::ErrorCode::Unauthorized);
    QVERIFY2(credential.error().message.find(said.mid(1).toStdString()) != std::string::npos,
             credential.error().message.c_str());
}

void TestExecPlugin::complaintsTellNoToken()
{
    const std::string token(200, 'k');
    const auto credential =
        run(scriptPlugin(path("plugin"), "echo refused: " + token + " >&2; exit 1"));
    QVERIFY(!credential);
    QVERIFY(credential.error().message.find("refused:") != std::string::npos);
    QVERIFY(credential.error().message.find("kkkk") == std::string::npos);
    const auto garbage = run(scriptPlugin(path("plugin"), "echo " + token));
    QVERIFY(garbage.error().message.find("kkkk") == std::string::npos);
}

void TestExecPlugin::limits()
{
    auto credential = run(scriptPlugin(path("plugin"), "sleep 30"), {.time = 100ms});
    QVERIFY(credential.error().code == core::ErrorCode::Timeout);
    credential = run(scriptPlugin(path("plugin"), "while :; do echo xxxxxxxxxxxx; done"));
    QVERIFY(credential.error().code == core::ErrorCode::LimitExceeded);
    const std::atomic<bool> stop = true;
    credential = runPlugin(scriptPlugin(path("plugin"), "sleep 30"), {}, {}, stop);
    QVERIFY(credential.error().code == core::ErrorCode::Cancelled);
}

void TestExecPlugin::notThere()
{
    ExecPlugin plugin = scriptPlugin(path("plugin"), "true");
    plugin.command = "gke-auth-plugin-that-is-not-there";
    plugin.installHint = "Install it.\x1b[31m";
    const auto credential = run(plugin);
    QVERIFY(credential.error().code == core::ErrorCode::Unsupported);
    QVERIFY(credential.error().message.find("Install it.") != std::string::npos);
    QVERIFY(credential.error().message.find('\x1b') == std::string::npos);
}

void TestExecPlugin::isTold()
{
    ExecPlugin plugin = scriptPlugin(
        path("plugin"),
        "printf %s \"$KUBERNETES_EXEC_INFO\" > \"$OUT\"; echo \"$1\" >> \"$OUT.args\"\n"
            + echoCredential("\"token\":\"t\""));
    plugin.arguments = {"$(touch /tmp/never)"};
    plugin.environment.emplace_back("OUT", core::Secret(path("told")));
    ClusterConnection connection;
    connection.server = "https://a:6443";
    connection.caPem = "PEM";
    connection.tlsServerName = "inner";
    const std::atomic<bool> goOn = false;
    for (const bool withCluster : {false, true}) {
        plugin.provideClusterInfo = withCluster;
        QVERIFY(runPlugin(plugin, connection, {}, goOn));
        QFile file(QString::fromStdString(path("told")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto told = core::parseJson(file.readAll().toStdString());
        QVERIFY(told);
        QCOMPARE(core::stringAt(*told, {"kind"}), std::string_view("ExecCredential"));
        QCOMPARE(core::stringAt(*told, {"apiVersion"}), std::string_view(plugin.apiVersion));
        QVERIFY(!core::boolAt(*told, {"spec", "interactive"}, true));
        QCOMPARE(core::stringAt(*told, {"spec", "cluster", "server"}),
                 std::string_view(withCluster ? "https://a:6443" : ""));
        QCOMPARE(core::stringAt(*told, {"spec", "cluster", "certificate-authority-data"}),
                 std::string_view(withCluster ? "UEVN" : ""));
        QCOMPARE(core::stringAt(*told, {"spec", "cluster", "tls-server-name"}),
                 std::string_view(withCluster ? "inner" : ""));
    }
    QFile arguments(QString::fromStdString(path("told.args")));
    QVERIFY(arguments.open(QIODevice::ReadOnly));
    QVERIFY(arguments.readAll().startsWith("$(touch /tmp/never)\n"));
}

void TestExecPlugin::readsItsEntry()
{
    const auto file = KubeconfigFile::parse(
        "clusters: [{name: c, cluster: {server: 'https://a'}}]\n"
        "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
        "users: [{name: u, user: {exec: {command: ./bin/plugin, args: [a, 'b c'], "
        "env: [{name: A, value: b}], apiVersion: client.authentication.k8s.io/v1beta1, "
        "provideClusterInfo: true, installHint: hint}}}]\n",
        "/home/me/.kube/config");
    QVERIFY2(file, file ? "" : file.error().text().c_str());
    const auto connection = Kubeconfig::merge({*file})->connection("x");
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    const ExecPlugin& exec = *connection->exec;
    QCOMPARE(exec.command, std::string("/home/me/.kube/bin/plugin")); // from the file's folder
    QCOMPARE(exec.arguments, (std::vector<std::string> {"a", "b c"}));
    QCOMPARE(exec.environment[0].second.reveal(), std::string("b"));
    QVERIFY(exec.provideClusterInfo);
    QCOMPARE(exec.installHint, std::string("hint"));
    // Another argument is another identity.
    ClusterConnection other = *connection;
    ExecPlugin changed = exec;
    changed.arguments.push_back("--profile=other");
    other.exec = std::make_shared<const ExecPlugin>(changed);
    QVERIFY(other.digest() != connection->digest());
}

void TestExecPlugin::certificates()
{
    const std::string status = "\"clientCertificateData\":\"-----BEGIN CERTIFICATE-----\\nx\","
                               "\"clientKeyData\":\"-----BEGIN EC PRIVATE KEY-----\\ny\"";
    const auto credential =
        run(scriptPlugin(path("plugin"),
                         "cat <<'END'\n{\"kind\":\"ExecCredential\",\"apiVersion\":"
                         "\"client.authentication.k8s.io/v1\",\"status\":{"
                             + status + "}}\nEND"));
    QVERIFY2(credential, credential ? "" : credential.error().text().c_str());
    QCOMPARE(credential->keyPem.reveal(), std::string("-----BEGIN EC PRIVATE KEY-----\ny"));
    QVERIFY(credential->token.isEmpty() && !credential->expiresAt);
}

WW_TEST_CLASS(TestExecPlugin)
#include "tst_execplugin.moc"
