// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/cluster/clusterresolver.h"
#include "gitops/cluster/kubeconfig.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

using namespace gitops;

namespace {

const std::string kCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const std::string kKey = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

std::string config(const std::string& cluster, const std::string& user)
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
           "contexts: [{name: here, context: {cluster: c, user: u, namespace: shop}}]\n"
           "clusters: [{name: c, cluster: {"
        + cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n";
}

core::Result<ClusterConnection> connectionFrom(const std::string& text,
                                               const std::string& path = "/somewhere/config")
{
    auto file = KubeconfigFile::parse(text, path);
    if (!file)
        return std::unexpected(file.error());
    return Kubeconfig::merge({*file})->connection();
}

} // namespace

class TestKubeconfig : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string write(const char* name, const std::string& text)
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(text.data(), qint64(text.size()));
        return path.toStdString();
    }

private Q_SLOTS:
    void readsAll();
    void mergesFirstWins();
    void pathsOfVariable();
    void missingFiles();
    void relativePathsCountFromTheirFile();
    void dataBeatsFile();
    void tokenFile();
    void inCluster();
    void plainHttpDropsCredentials();
    void impersonation();
    void refuses_data();
    void refuses();
    void badText_data();
    void badText();
    void serverUrl_data();
    void serverUrl();
    void noSecretInErrors();
    void digestTellsIdentitiesApart();
};

void TestKubeconfig::readsAll()
{
    const auto connection = connectionFrom(
        config("server: 'https://api.example:6443/base/', tls-server-name: inner, "
               "certificate-authority-data: "
                   + core::base64Encode(kCertificate)
                   + ", proxy-url: 'http://proxy:3128', disable-compression: true",
               "client-certificate-data: " + core::base64Encode(kCertificate)
                   + ", client-key-data: " + core::base64Encode(kKey) + ", token: abc"));
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->server, std::string("https://api.example:6443/base"));
    QCOMPARE(connection->defaultNamespace, std::string("shop"));
    QCOMPARE(connection->tlsServerName, std::string("inner"));
    QCOMPARE(connection->caPem, kCertificate);
    QCOMPARE(connection->clientCertificatePem.reveal(), kCertificate);
    QCOMPARE(connection->clientKeyPem.reveal(), kKey);
    QCOMPARE(connection->token.reveal(), std::string("abc"));
    QCOMPARE(connection->proxyUrl.reveal(), std::string("http://proxy:3128"));
    QVERIFY(connection->disableCompression);
    QVERIFY(!connection->insecureSkipTlsVerify);
    QCOMPARE(connection->files, (std::vector<std::string> {"/somewhere/config"}));
}

void TestKubeconfig::mergesFirstWins()
{
    const std::string a = write("a",
                                "clusters: [{name: c, cluster: {server: 'https://first'}}]\n"
                                "users: [{name: u, user: {token: first}}]\n");
    const std::string b =
        write("b",
              "current-context: x\n"
              "clusters: [{name: c, cluster: {server: 'https://second', tls-server-name: s}}]\n"
              "contexts: [{name: x, context: {cluster: c, user: u}}]\n");
    const std::string c = write("c",
                                "current-context: other\n"
                                "contexts: [{name: x, context: {cluster: c, user: nobody}},\n"
                                "  {name: other, context: {cluster: c}}]\n");
    KubeconfigSource source;
    source.kubeconfigVariable = a + "::/does/not/exist:" + b + ":" + c + ":" + a;
    const auto loaded = Kubeconfig::load(source);
    QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
    QCOMPARE(loaded->currentContext(), std::string("x"));
    QCOMPARE(loaded->contexts().size(), std::size_t(2));
    const auto connection = loaded->connection();
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->server, std::string("https://first"));
    QCOMPARE(connection->tlsServerName, std::string()); // the whole entry of the first file
    QCOMPARE(connection->token.reveal(), std::string("first"));
    QCOMPARE(connection->files, (std::vector<std::string> {a, b, c}));
    const auto anonymous = loaded->connection("other");
    QVERIFY(anonymous);
    QVERIFY(anonymous->token.isEmpty());
}

void TestKubeconfig::pathsOfVariable()
{
    KubeconfigSource source;
    source.home = "/home/me";
    QCOMPARE(source.paths(), (std::vector<std::string> {"/home/me/.kube/config"}));
    source.kubeconfigVariable = ":/b:/a::/b";
    QCOMPARE(source.paths(), (std::vector<std::string> {"/b", "/a"}));
    source.explicitPath = "/x";
    QCOMPARE(source.paths(), (std::vector<std::string> {"/x"}));
}

void TestKubeconfig::missingFiles()
{
    KubeconfigSource source;
    source.home = "/does/not/exist";
    auto loaded = Kubeconfig::load(source);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == core::ErrorCode::NotFound);
    QVERIFY(loaded.error().message.find("/does/not/exist/.kube/config") != std::string::npos);
    source.explicitPath = "/nowhere/config";
    loaded = Kubeconfig::load(source);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().place.file, std::string("/nowhere/config"));
    source.explicitPath = "/"; // a folder
    QVERIFY(!Kubeconfig::load(source));
    source.explicitPath = write("broken", "clusters: {");
    loaded = Kubeconfig::load(source);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().place.file, source.explicitPath);
    QVERIFY(loaded.error().place.line > 0);
}

void TestKubeconfig::relativePathsCountFromTheirFile()
{
    const std::string ca = write("ca.crt", kCertificate);
    write("tls.crt", kCertificate);
    write("tls.key", kKey);
    write("token", "  from file\n");
    const std::string folder = m_folder.path().toStdString();
    const auto connection =
        connectionFrom(config("server: 'https://a', certificate-authority: ca.crt",
                              "client-certificate: ./tls.crt, client-key: " + folder + "/tls.key"),
                       folder + "/config");
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->caPem, kCertificate);
    QCOMPARE(connection->clientKeyPem.reveal(), kKey);
    QVERIFY(std::find(connection->files.begin(), connection->files.end(), ca)
            != connection->files.end());
}

void TestKubeconfig::dataBeatsFile()
{
    const auto connection =
        connectionFrom(config("server: 'https://a', certificate-authority: /does/not/exist, "
                              "certificate-authority-data: "
                                  + core::base64Encode(kCertificate),
                              ""));
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->caPem, kCertificate);
    const auto missing =
        connectionFrom(config("server: 'https://a', certificate-authority: /does/not/exist", ""));
    QVERIFY(!missing);
    QCOMPARE(missing.error().place.file, std::string("/does/not/exist"));
}

void TestKubeconfig::tokenFile()
{
    const std::string path = write("t", "\n secret-token \n");
    auto connection = connectionFrom(config("server: 'https://a'", "tokenFile: " + path));
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->token.reveal(), std::string("secret-token"));
    QCOMPARE(connection->tokenFile, path);
    // With both, the token is the first one used; the file is read again afterwards.
    connection = connectionFrom(config("server: 'https://a'", "token: direct, tokenFile: " + path));
    QVERIFY(connection);
    QCOMPARE(connection->token.reveal(), std::string("direct"));
    QCOMPARE(connection->tokenFile, path);
    QVERIFY(!connectionFrom(config("server: 'https://a'", "tokenFile: " + write("empty", "\n"))));
}

void TestKubeconfig::inCluster()
{
    write("ca.crt", kCertificate);
    write("token", "pod");
    write("namespace", "platform\n");
    KubeconfigSource source;
    source.home = "/does/not/exist";
    source.serviceHost = "fd00::1";
    source.servicePort = "6443";
    source.serviceAccountFolder = m_folder.path().toStdString();
    const auto loaded = Kubeconfig::load(source);
    QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
    QCOMPARE(loaded->currentContext(), std::string("in-cluster"));
    const auto connection = loaded->connection();
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->server, std::string("https://[fd00::1]:6443"));
    QCOMPARE(connection->token.reveal(), std::string("pod"));
    QCOMPARE(connection->defaultNamespace, std::string("platform"));
    QCOMPARE(connection->caPem, kCertificate);
}

void TestKubeconfig::plainHttpDropsCredentials()
{
    const auto connection =
        connectionFrom(config("server: 'http://a:8080'", "token: abc, as: someone"));
    QVERIFY(connection);
    QVERIFY(connection->token.isEmpty());
    QVERIFY(connection->impersonation.user.empty());
    QCOMPARE(connection->warnings.size(), std::size_t(1));
}

void TestKubeconfig::impersonation()
{
    const auto connection = connectionFrom(
        config("server: 'https://a'",
               "as: jane, as-uid: '7', as-groups: [dev, ops], as-user-extra: {scopes: [view]}"));
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    QCOMPARE(connection->impersonation.user, std::string("jane"));
    QCOMPARE(connection->impersonation.uid, std::string("7"));
    QCOMPARE(connection->impersonation.groups, (std::vector<std::string> {"dev", "ops"}));
    QCOMPARE(connection->impersonation.extra.at("scopes"), (std::vector<std::string> {"view"}));
}

void TestKubeconfig::refuses_data()
{
    QTest::addColumn<QString>("cluster");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("sentence");
    const QString ok = QStringLiteral("server: 'https://a'");
    const QString ca = QString::fromStdString(core::base64Encode(kCertificate));
    const auto row = [](const char* name, const QString& cluster, const QString& user,
                        const char* sentence) {
        QTest::newRow(name) << cluster << user << QString::fromLatin1(sentence);
    };
    row("no server", "", "", "has no server");
    row("insecure and CA",
        ok + ", insecure-skip-tls-verify: true, certificate-authority-data: " + ca, "",
        "contradict");
    row("bad base64", ok + ", certificate-authority-data: '***'", "", "no base64");
    row("no certificate", ok + ", certificate-authority-data: aGVsbG8=", "", "no PEM certificate");
    row("proxy", ok + ", proxy-url: 'ftp://p'", "", "proxy-url must be");
    row("half a certificate", ok, "client-certificate-data: " + ca, "without client-key");
    row("half a key", ok, "client-key-data: " + ca, "without client-certificate");
    row("token and password", ok, "token: a, username: b, password: c", "more than one way");
    row("line end in token", ok, "token: \"a\\nb\"", "blanks or line ends");
    row("header in name", ok, "username: \"a\\r\\nX: y\", password: c", "cannot carry");
    row("groups without user", ok, "as-groups: [a]", "without a user");
    row("empty impersonation", ok, "as: ''", "without a user");
    row("header in impersonation", ok, "as: \"a\\r\\nb\"", "control characters");
    const QString v1 = "apiVersion: client.authentication.k8s.io/v1";
    row("exec without a mode", ok, "exec: {command: aws, " + v1 + "}", "no interactiveMode");
    row("exec with a person", ok, "exec: {command: aws, interactiveMode: Always, " + v1 + "}",
        "person at a terminal");
    row("exec with another mode", ok, "exec: {command: aws, interactiveMode: Maybe, " + v1 + "}",
        "must be Never");
    row("exec without a command", ok, "exec: {interactiveMode: Never, " + v1 + "}", "no command");
    row("exec of old", ok, "exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1}",
        "v1alpha1");
    row("exec with odd env", ok,
        "exec: {command: a, interactiveMode: Never, env: [{name: 'A=B', value: c}], " + v1 + "}",
        "env");
    row("auth-provider", ok, "auth-provider: {name: gcp}", "auth-provider \"gcp\"");
    row("both plugins", ok, "auth-provider: {name: gcp}, exec: {command: aws}", "both set");
}

void TestKubeconfig::refuses()
{
    QFETCH(QString, cluster);
    QFETCH(QString, user);
    QFETCH(QString, sentence);
    const auto connection = connectionFrom(config(cluster.toStdString(), user.toStdString()));
    QVERIFY(!connection);
    QVERIFY2(connection.error().message.find(sentence.toStdString()) != std::string::npos,
             connection.error().message.c_str());
    QCOMPARE(connection.error().place.file, std::string("/somewhere/config"));
    QVERIFY(connection.error().place.line > 0);
    QVERIFY(!connection.error().isRetryable());
}

void TestKubeconfig::badText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no YAML") << QByteArray("a: [");
    QTest::newRow("a list") << QByteArray("[1, 2]");
    QTest::newRow("another kind") << QByteArray("kind: Secret");
    QTest::newRow("clusters a map") << QByteArray("clusters: {a: b}");
    QTest::newRow("no name") << QByteArray("clusters: [{cluster: {server: x}}]");
    QTest::newRow("twice") << QByteArray("contexts: [{name: a}, {name: a}]");
    QTest::newRow("token a map") << QByteArray("users: [{name: a, user: {token: {x: y}}}]");
    QTest::newRow("flag") << QByteArray(
        "clusters: [{name: a, cluster: {insecure-skip-tls-verify: maybe}}]");
    QTest::newRow("groups") << QByteArray("users: [{name: a, user: {as-groups: x}}]");
    QTest::newRow("extra") << QByteArray("users: [{name: a, user: {as-user-extra: [x]}}]");
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("no UTF-8") << QByteArray("a: \xff\xfe");
    QTest::newRow("deep") << QByteArray(5000, '[');
    QTest::newRow("deep block") << QByteArray("- ").repeated(3000);
    QTest::newRow("large") << QByteArray("a: ") + QByteArray(2 << 20, 'x');
}

void TestKubeconfig::badText()
{
    QFETCH(QByteArray, text);
    const auto file = KubeconfigFile::parse(text.toStdString(), "/x/config");
    QVERIFY(!file);
    QCOMPARE(file.error().place.file, std::string("/x/config"));
}

void TestKubeconfig::serverUrl_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* url, const char* expected) {
        QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(expected);
    };
    row("https://a", "https://a");
    row("https://a:6443/", "https://a:6443");
    row("https://a/k8s/clusters/c-1//", "https://a/k8s/clusters/c-1");
    row("https://a/x?token=1#f", "https://a/x");
    row("https://[::1]:6443", "https://[::1]:6443");
    row("http://127.0.0.1:8001", "http://127.0.0.1:8001");
    row("a:6443", "");
    row("ftp://a", "");
    row("file:///etc/passwd", "");
    row("https://", "");
    row("https://:443", "");
    row("https://u:p@a", "");
    row("https://a b", "");
    row("https://a\r\nX: y", "");
    row("https://a:99999", "");
    row("https://a:x", "");
    row("https://[::1", "");
    row("https://a%2eb", "");
}

void TestKubeconfig::serverUrl()
{
    QFETCH(QString, url);
    QFETCH(QString, expected);
    const auto checked = checkedServerUrl(url.toStdString(), {});
    QCOMPARE(checked ? QString::fromStdString(*checked) : QString(), expected);
}

void TestKubeconfig::noSecretInErrors()
{
    const std::string canary = "c4n4ry";
    const std::string texts[] = {
        config("server: 'https://u:" + canary + "@a'", ""),
        config("server: 'https://a'", "token: " + canary + ", username: a"),
        config("server: 'https://a'", "token: \"" + canary + " \\nx\""),
        config("server: 'https://a', proxy-url: 'ftp://u:" + canary + "@p'", ""),
        config("server: 'https://a'", "client-key-data: '*" + canary + "'"),
        config("server: 'https://a'", "token: [" + canary + "]"),
        config("server: 'https://a'", "token: *" + canary),
        config("server: 'https://a'", "token: \"" + canary),
    };
    for (const std::string& text : texts) {
        const auto connection = connectionFrom(text);
        QVERIFY(!connection);
        QVERIFY2(connection.error().text().find(canary) == std::string::npos,
                 connection.error().text().c_str());
    }
}

void TestKubeconfig::digestTellsIdentitiesApart()
{
    const auto base = connectionFrom(config("server: 'https://a'", "token: a"));
    const auto same = connectionFrom(config("server: 'https://a'", "token: a"), "/other/config");
    const auto other = connectionFrom(config("server: 'https://a'", "token: b"));
    const auto asJane = connectionFrom(config("server: 'https://a'", "token: a, as: jane"));
    QVERIFY(base && same && other && asJane);
    QVERIFY(base->digest() == same->digest());
    QVERIFY(base->digest() != other->digest());
    QVERIFY(base->digest() != asJane->digest());
}

WW_TEST_CLASS(TestKubeconfig)
#include "tst_kubeconfig.moc"
