// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/projectrules.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

Project projectOf(const QByteArray& spec)
{
    const std::string text =
        "metadata: {name: p, namespace: argocd}\nspec: " + spec.toStdString() + "\n";
    return readProject(core::parseYaml(text, "p.yaml").value()).value();
}

core::Application applicationTo(const QByteArray& server, const QByteArray& name = {},
                                const QByteArray& space = "shop")
{
    core::Application application;
    application.name = "web";
    application.source.repoUrl = "https://host/team/web.git";
    application.destinationServer = server.toStdString();
    application.destinationName = name.toStdString();
    application.destinationNamespace = space.toStdString();
    return application;
}

} // namespace

class TestProjectRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void repositories_data()
    {
        QTest::addColumn<QByteArray>("patterns");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("isPermitted");
        const auto row = [](const char* patterns, const char* url, bool isPermitted) {
            QTest::addRow("%s: %s", patterns, url)
                << QByteArray(patterns) << QByteArray(url) << isPermitted;
        };
        row("[]", "https://host/a", false);
        row("['*']", "https://host/a/b/c", true);
        row("['https://host/a']", "https://host/a", true);
        row("['https://host/a']", "https://host/A.git", true);
        row("['https://host/a.git']", "https://host/a", true);
        row("['https://host/a']", "https://host/a/b", false);
        row("['https://host/*']", "https://host/a", true);
        row("['https://host/*']", "https://host/a/b", false);
        row("['https://host/**']", "https://host/a/b", true);
        row("['git@host:team/*']", "ssh://git@host/team/a.git", true);
        row("['ssh://git@host/team/*']", "git@host:team/a", true);
        row("['https://host/*', '!https://host/secret']", "https://host/a", true);
        row("['https://host/*', '!https://host/secret']", "https://host/secret.git", false);
        row("['!https://host/secret', '*']", "https://host/secret", false);
        row("['!https://host/secret']", "https://host/a", true);
    }
    void repositories()
    {
        QFETCH(QByteArray, patterns);
        QFETCH(QByteArray, url);
        QFETCH(bool, isPermitted);
        const Project project = projectOf("{sourceRepos: " + patterns + "}");
        QCOMPARE(permitsSource(project, url.toStdString()), isPermitted);
    }

    void destinations_data()
    {
        QTest::addColumn<QByteArray>("destinations");
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("space");
        QTest::addColumn<bool>("isPermitted");
        const auto row = [](const char* destinations, const char* server, const char* name,
                            const char* space, bool isPermitted) {
            QTest::addRow("%s: %s %s %s", destinations, server, name, space)
                << QByteArray(destinations) << QByteArray(server) << QByteArray(name)
                << QByteArray(space) << isPermitted;
        };
        const char* here = "https://kubernetes.default.svc";
        row("[]", here, "", "shop", false);
        row("[{server: '*', namespace: '*'}]", here, "", "shop", true);
        row("[{server: '*', namespace: '*'}]", "https://1.2.3.4:6443", "", "x", true);
        row("[{server: '*', namespace: 'team-*'}]", here, "", "shop", false);
        row("[{server: '*', namespace: 'team-*'}]", here, "", "team-a", true);
        row("[{name: in-cluster, namespace: '*'}]", here, "", "shop", true);
        row("[{server: 'https://kubernetes.default.svc', namespace: '*'}]", "", "in-cluster", "a",
            true);
        row("[{name: prod, namespace: '*'}]", "", "prod", "a", true);
        row("[{name: prod, namespace: '*'}]", "", "test", "a", false);
        row("[{server: 'https://*.example.org', namespace: '*'}]", "https://a.b.example.org", "",
            "x", true);
        // Negations.
        row("[{server: '*', namespace: '!kube-system'}, {server: '*', namespace: '*'}]", here, "",
            "kube-system", false);
        row("[{server: '*', namespace: '!kube-*'}, {server: '*', namespace: '*'}]", here, "",
            "shop", true);
        row("[{server: '*', namespace: '!kube-*'}]", here, "", "shop", true);
        row("[{server: '!https://prod', namespace: '*'}, {server: '*', namespace: '*'}]",
            "https://prod", "", "a", false);
        row("[{server: '!https://prod', namespace: '*'}, {server: '*', namespace: '*'}]",
            "https://test", "", "a", true);
        row("[{server: '!https://prod', namespace: 'a'}, {server: '*', namespace: '*'}]",
            "https://prod", "", "b", true);
        row("[{name: '!prod', namespace: '*'}, {name: '*', namespace: '*'}]", "", "prod", "a",
            false);
        row("[{name: '!prod', namespace: '*'}, {name: '*', namespace: '*'}]", "", "test", "a",
            true);
        row("[{name: '*', namespace: '!x'}, {name: '*', namespace: '*'}]", "", "test", "x", false);
    }
    void destinations()
    {
        QFETCH(QByteArray, destinations);
        QFETCH(QByteArray, server);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, space);
        QFETCH(bool, isPermitted);
        const Project project = projectOf("{destinations: " + destinations + "}");
        QCOMPARE(permitsDestination(project, namesOf(applicationTo(server, name, space)),
                                    space.toStdString()),
                 isPermitted);
    }

    void kinds_data()
    {
        QTest::addColumn<QByteArray>("spec");
        QTest::addColumn<QByteArray>("kind"); ///< group/Kind
        QTest::addColumn<bool>("isNamespaced");
        QTest::addColumn<bool>("isPermitted");
        const auto row = [](const char* spec, const char* kind, bool isNamespaced,
                            bool isPermitted) {
            QTest::addRow("%s: %s", spec, kind)
                << QByteArray(spec) << QByteArray(kind) << isNamespaced << isPermitted;
        };
        row("{}", "/Namespace", false, false);
        row("{}", "apps/Deployment", true, true);
        row("{clusterResourceWhitelist: [{group: '*', kind: '*'}]}", "/Namespace", false, true);
        row("{clusterResourceWhitelist: [{group: '', kind: Namespace}]}", "/Namespace", false,
            true);
        row("{clusterResourceWhitelist: [{group: '', kind: Namespace}]}", "/Node", false, false);
        row("{clusterResourceWhitelist: [{group: '', kind: Namespace, name: 'x*'}]}", "/Namespace",
            false, true);
        row("{clusterResourceWhitelist: [{group: '', kind: Namespace, name: 'y*'}]}", "/Namespace",
            false, false);
        row("{clusterResourceWhitelist: [{group: '*', kind: '*'}], clusterResourceBlacklist: "
            "[{group: '', kind: Namespace}]}",
            "/Namespace", false, false);
        row("{namespaceResourceWhitelist: []}", "apps/Deployment", true, false);
        row("{namespaceResourceWhitelist: [{group: apps, kind: '*'}]}", "apps/Deployment", true,
            true);
        row("{namespaceResourceWhitelist: [{group: apps, kind: '*'}]}", "/Secret", true, false);
        row("{namespaceResourceBlacklist: [{group: '', kind: Secret}]}", "/Secret", true, false);
        row("{namespaceResourceBlacklist: [{group: '', kind: Secret}]}", "/ConfigMap", true, true);
        row("{namespaceResourceBlacklist: [{group: '*.k8s.io', kind: '*'}]}",
            "networking.k8s.io/Ingress", true, false);
    }
    void kinds()
    {
        QFETCH(QByteArray, spec);
        QFETCH(QByteArray, kind);
        QFETCH(bool, isNamespaced);
        QFETCH(bool, isPermitted);
        const core::GroupKind groupKind {kind.split('/')[0].toStdString(),
                                         kind.split('/')[1].toStdString()};
        QCOMPARE(permitsKind(projectOf(spec), groupKind, "x", isNamespaced), isPermitted);
    }

    void reasons()
    {
        const Project project = projectOf(
            "{sourceRepos: ['https://host/team/*'], destinations: [{server: '*', namespace: "
            "shop}], namespaceResourceBlacklist: [{group: '', kind: Secret}]}");
        core::Application application = applicationTo("https://kubernetes.default.svc");
        QCOMPARE(whyNotPermitted(project, application), std::string());
        QCOMPARE(whyNotPermitted(project, application, {"", "ConfigMap", "shop", "a"}),
                 std::string());
        QCOMPARE(whyNotPermitted(project, application, {"", "Secret", "shop", "a"}),
                 std::string("resource :Secret is not permitted in project 'p'"));
        QCOMPARE(whyNotPermitted(project, application, {"", "ConfigMap", "other", "a"}),
                 std::string("namespace other is not permitted in project 'p'"));
        QCOMPARE(whyNotPermitted(project, application, {"", "Namespace", "", "shop"}),
                 std::string("resource :Namespace is not permitted in project 'p'"));
        application.destinationNamespace = "other";
        QCOMPARE(whyNotPermitted(project, application),
                 std::string("application destination 'https://kubernetes.default.svc' and "
                             "namespace 'other' do not match any of the allowed destinations in "
                             "project 'p'"));
        application.source.repoUrl = "https://elsewhere/x";
        QCOMPARE(
            whyNotPermitted(project, application),
            std::string("application repo https://elsewhere/x is not permitted in project 'p'"));
        application.namespaceName = "team";
        QCOMPARE(whyNotPermitted(project, application),
                 std::string("application 'web' in namespace 'team' is not permitted to use "
                             "project 'p'"));
    }

    void orphans()
    {
        const Project project = projectOf(
            "{orphanedResources: {warn: true, ignore: [{group: '', kind: ConfigMap, name: "
            "'tmp-*'}]}, namespaceResourceBlacklist: [{group: '', kind: Secret}]}");
        QVERIFY(isOrphan(project, {"", "ConfigMap", "shop", "a"}));
        for (const core::ObjectKey& key : {core::ObjectKey {"", "ConfigMap", "shop", "tmp-1"},
                                           {"", "Secret", "shop", "a"},
                                           {"", "ConfigMap", "shop", "kube-root-ca.crt"},
                                           {"", "ServiceAccount", "shop", "default"},
                                           {"", "Service", "default", "kubernetes"},
                                           {"", "Namespace", "", "shop"}})
            QVERIFY2(!isOrphan(project, key), key.text().c_str());
        QVERIFY(!isOrphan(projectOf("{orphanedResources: {}}"), {"", "ConfigMap", "shop", "a"}));
        QVERIFY(!isOrphan(projectOf("{}"), {"", "ConfigMap", "shop", "a"}));
    }
};

WW_TEST_CLASS(TestProjectRules)
#include "tst_projectrules.moc"
