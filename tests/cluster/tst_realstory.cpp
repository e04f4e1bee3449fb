// SPDX-License-Identifier: GPL-3.0-or-later
// One small application on a real API server: synced, disturbed in every way, healed, pruned.
#include "tests/cluster/realcluster.h"
#include "tests/support/testregistry.h"

#include <QScopeGuard>

using tests::Finished;
using tests::RealCluster;
using tests::RealWorkspace;
using tests::waitUntil;

namespace {

const char* const kDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        env: [{name: MODE, value: plain}]
        ports: [{containerPort: 80, name: http}]
        resources: {requests: {cpu: "0.5", memory: 0.5Gi}}
)";

const char* const kService = R"(apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
)";

const char* const kSettings = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations: {team: platform}
data: {colour: blue, size: "3"}
)";

void writeWeb(RealWorkspace& here, const QString& folder)
{
    here.write(folder + "/deployment.yaml", kDeployment);
    here.write(folder + "/service.yaml", kService);
    here.write(folder + "/settings.yaml", kSettings);
    here.commit("A small application");
}

} // namespace

class TestRealStory : public QObject
{
    Q_OBJECT

    std::unique_ptr<RealCluster> m_cluster;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = RealCluster::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_cluster = std::make_unique<RealCluster>();
        QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void everyDriftIsHealed_data();
    void everyDriftIsHealed();
    void nothingIsToDo();
    void pruneTakesOnlyOurs();
    void definitionsAndTheirResources();
    void adopts_data();
    void adopts();
    void refusals_data();
    void refusals();
    void finalizersThatStay();
    void namespaceThatGoes();
};

void TestRealStory::everyDriftIsHealed_data()
{
    QTest::addColumn<QStringList>("disturb");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* name, const QStringList& disturb, const char* object,
                        const char* path, const char* wanted) {
        QTest::newRow(name) << disturb << QString(object) << QString(path) << QString(wanted);
    };
    row("scaled", {"scale", "deployment/web", "--replicas=5"}, "deployment/web", "{.spec.replicas}",
        "2");
    row("another image", {"set", "image", "deployment/web", "web=nginx:1.26"}, "deployment/web",
        "{.spec.template.spec.containers[0].image}", "nginx:1.27");
    row("another variable", {"set", "env", "deployment/web", "MODE=fancy"}, "deployment/web",
        "{.spec.template.spec.containers[0].env[0].value}", "plain");
    row("a label", {"label", "--overwrite", "deployment/web", "app=other"}, "deployment/web",
        "{.metadata.labels.app}", "web");
    row("a label removed", {"label", "deployment/web", "app-"}, "deployment/web",
        "{.metadata.labels.app}", "web");
    row("an annotation", {"annotate", "--overwrite", "configmap/settings", "team=other"},
        "configmap/settings", "{.metadata.annotations.team}", "platform");
    row("a value", {"patch", "configmap/settings", "-p", "{\"data\":{\"colour\":\"red\"}}"},
        "configmap/settings", "{.data.colour}", "blue");
    row("a value removed", {"patch", "configmap/settings", "-p", "{\"data\":{\"colour\":null}}"},
        "configmap/settings", "{.data.colour}", "blue");
    row("all values removed",
        {"patch", "configmap/settings", "--type=json", "-p",
         "[{\"op\":\"remove\",\"path\":\"/data\"}]"},
        "configmap/settings", "{.data.size}", "3");
    row("a quantity", {"set", "resources", "deployment/web", "--requests=cpu=2"}, "deployment/web",
        "{.spec.template.spec.containers[0].resources.requests.cpu}", "500m");
    row("a field of a list's item",
        {"patch", "service/web", "--type=json", "-p",
         "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/targetPort\",\"value\":8080}]"},
        "service/web", "{.spec.ports[0].targetPort}", "http");
    row("deleted", {"delete", "service/web"}, "service/web", "{.spec.ports[0].port}", "80");
    row("deleted with its pods", {"delete", "deployment/web"}, "deployment/web",
        "{.status.readyReplicas}", "2");
    row("orphaned", {"delete", "deployment/web", "--cascade=orphan"}, "deployment/web",
        "{.status.readyReplicas}", "2");
    row("taken by another's apply",
        {"apply", "--server-side", "--force-conflicts", "--field-manager=somebody", "-f",
         "stolen.yaml"},
        "configmap/settings", "{.data.colour}", "blue");
}

void TestRealStory::everyDriftIsHealed()
{
    QFETCH(QStringList, disturb);
    QFETCH(QString, object);
    QFETCH(QString, path);
    QFETCH(QString, wanted);
    // One Wavewright for all rows: each finds the application as it should be.
    static std::unique_ptr<RealWorkspace> here;
    if (!here) {
        here = std::make_unique<RealWorkspace>(*m_cluster);
        here->useOwnNames();
        writeWeb(*here, "web");
        here->writeApplication("web");
        QFile stolen(here->repository() + "/stolen.yaml");
        QVERIFY(stolen.open(QIODevice::WriteOnly));
        stolen.write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
                     "data: {colour: stolen}\n");
        stolen.close();
        here->start(QStringList {"run"} + here->options("web"));
    }
    const auto end = qScopeGuard([&] {
        if (QByteArray(QTest::currentDataTag()) == "taken by another's apply")
            here.reset();
    });
    QVERIFY(here->settles("web"));
    const auto live = [&] { return here->field(here->space(), object, path); };
    QCOMPARE(live(), wanted);
    const QString before = here->field(here->space(), object, "{.metadata.resourceVersion}");
    const Finished disturbed = here->kubectl(QStringList {"-n", here->space()} + disturb);
    QVERIFY2(disturbed.isOk(), qPrintable(disturbed.errors));
    const bool healed = waitUntil(
        [&] {
            return live() == wanted
                && here->field(here->space(), object, "{.metadata.resourceVersion}") != before;
        },
        30'000);
    QVERIFY2(healed, qPrintable(live() + "\n" + here->outputSoFar().right(3000)));
    QVERIFY(here->settles("web"));
}

void TestRealStory::nothingIsToDo()
{
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    writeWeb(here, "web");
    here.writeApplication("web");
    const Finished first =
        here.wavewright(QStringList {"sync", "--timeout", "90s"} + here.options("web"));
    QVERIFY2(first.isOk(), qPrintable(first.output + first.errors));
    const auto versions = [&] {
        return here
            .kubectl({"-n", here.space(), "get", "deployment,service,configmap", "-o",
                      "jsonpath={.items[*].metadata.generation} {.items[*].metadata.name} "
                      "{.items[*].metadata.managedFields[?(@.manager==\"wavewright\")].time}"})
            .output;
    };
    const QString before = versions();
    QVERIFY(before.contains("settings"));
    const Finished diff = here.wavewright(QStringList {"diff"} + here.options("web"));
    QVERIFY2(diff.isOk(), qPrintable(diff.output + diff.errors));
    const Finished again =
        here.wavewright(QStringList {"sync", "--timeout", "90s"} + here.options("web"));
    QVERIFY2(again.isOk(), qPrintable(again.output + again.errors));
    QCOMPARE(versions(), before);
}

void TestRealStory::pruneTakesOnlyOurs()
{
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    writeWeb(here, "web");
    here.writeApplication("web");
    QVERIFY(here.kubectl({"-n", here.space(), "create", "configmap", "foreign"}).isOk());
    here.start(QStringList {"run"} + here.options("web"));
    QVERIFY(here.settles("web"));
    // A copy with all its labels and annotations is not ours.
    QString copy =
        here.kubectl({"-n", here.space(), "get", "configmap", "settings", "-o", "json"}).output;
    copy.replace("\"name\": \"settings\"", "\"name\": \"copied\"");
    QVERIFY(here.kubectlApply(copy, {"--validate=false"}).isOk());
    here.remove("web/settings.yaml");
    here.remove("web/service.yaml");
    here.commit("Less of it");
    const bool pruned = waitUntil(
        [&] {
            return here.field(here.space(), "configmap/settings", "{.metadata.uid}").isEmpty()
                && here.field(here.space(), "service/web", "{.metadata.uid}").isEmpty();
        },
        30'000);
    QVERIFY2(pruned, qPrintable(here.outputSoFar().right(4000)));
    QVERIFY(here.settles("web"));
    for (const char* stays : {"configmap/foreign", "configmap/copied", "deployment/web"})
        QVERIFY2(!here.field(here.space(), stays, "{.metadata.uid}").isEmpty(), stays);
    QVERIFY(!here.kubectl({"-n", here.space(), "get", "pods", "-o", "name"}).output.isEmpty());
}

void TestRealStory::definitionsAndTheirResources()
{
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    const QString group = here.space() + ".example.com";
    here.write("gadgets/all.yaml",
               QString(R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.%1}
spec:
  group: %1
  names: {kind: Gadget, plural: gadgets, singular: gadget, listKind: GadgetList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, default: 3, minimum: 1}
              colour: {type: string, default: grey}
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  properties: {name: {type: string}, count: {type: integer, default: 1}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
---
apiVersion: %1/v1
kind: Gadget
metadata: {name: one}
spec: {size: 5, parts: [{name: wheel, count: 4}, {name: axle}]}
---
apiVersion: %1/v1
kind: Gadget
metadata: {name: two}
)")
                   .arg(group));
    here.commit("A kind and two of it");
    here.writeApplication("gadgets");
    const auto tidy =
        qScopeGuard([&] { here.kubectl({"delete", "crd", "gadgets." + group, "--wait=false"}); });
    here.start(QStringList {"run"} + here.options("gadgets"));
    QVERIFY(here.settles("gadgets"));
    const QString one = "gadgets." + group + "/one";
    QCOMPARE(here.field(here.space(), one, "{.spec.colour}"), QString("grey"));
    // A key of a list's item, and an item that is not declared.
    QVERIFY(here.kubectl({"-n", here.space(), "patch", one, "--type=json", "-p",
                          "[{\"op\":\"replace\",\"path\":\"/spec/parts/0/count\",\"value\":9}]"})
                .isOk());
    QVERIFY(waitUntil(
        [&] { return here.field(here.space(), one, "{.spec.parts[0].count}") == QString("4"); }));
    QVERIFY(here.settles("gadgets"));
    const Finished diff = here.wavewright(QStringList {"diff"} + here.options("gadgets"));
    QVERIFY2(diff.isOk(), qPrintable(diff.output + diff.errors));
}

void TestRealStory::adopts_data()
{
    QTest::addColumn<QStringList>("how");
    QTest::addColumn<QString>("more"); ///< metadata that the manager leaves
    QTest::newRow("kubectl, client side") << QStringList {} << QString();
    QTest::newRow("kubectl, server side") << QStringList {"--server-side"} << QString();
    QTest::newRow("Helm 4") << QStringList {"--server-side", "--field-manager=helm"}
                            << QString("labels: {app.kubernetes.io/managed-by: Helm}, annotations: "
                                       "{meta.helm.sh/release-name: web}, ");
    QTest::newRow("Argo CD, client side")
        << QStringList {"--field-manager=argocd-controller"} << QString();
    QTest::newRow("Argo CD, server side")
        << QStringList {"--server-side", "--field-manager=argocd-controller"} << QString();
}

void TestRealStory::adopts()
{
    QFETCH(QStringList, how);
    QFETCH(QString, more);
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    // What was there before has a value that Git no longer has, and one that Git has otherwise.
    const QString before = "apiVersion: v1\nkind: ConfigMap\nmetadata: {" + more
        + "name: settings}\ndata: {colour: red, old: gone, size: \"3\"}\n";
    const Finished applied = here.kubectlApply(before, how);
    QVERIFY2(applied.isOk(), qPrintable(applied.errors));
    here.write("web/settings.yaml", kSettings);
    here.commit("Settings");
    here.writeApplication("web");
    here.start(QStringList {"run"} + here.options("web"));
    QVERIFY(here.settles("web"));
    const auto live = [&](const char* path) {
        return here.field(here.space(), "configmap/settings", path);
    };
    QCOMPARE(live("{.data.colour}"), QString("blue"));
    QCOMPARE(live("{.data.size}"), QString("3"));
    const auto whole = [&] {
        return here
            .kubectl({"-n", here.space(), "get", "configmap", "settings", "-o", "yaml",
                      "--show-managed-fields"})
            .output;
    };
    // `kubectl apply` is taken over at once; of the other managers a person says so.
    const bool isAdopted = !how.isEmpty();
    if (isAdopted) {
        QCOMPARE(live("{.data.old}"), QString("gone"));
        const Finished adopted =
            here.wavewright({"adopt", here.applicationName("web"), "--state", here.stateFolder()});
        QVERIFY2(adopted.isOk(), qPrintable(adopted.errors));
    }
    QVERIFY2(waitUntil([&] { return live("{.data.old}").isEmpty(); }, 30'000), qPrintable(whole()));
    // What Git gives up later goes too: nobody else holds it any more.
    here.write("web/settings.yaml", QString(kSettings).replace(", size: \"3\"", ""));
    here.commit("No size");
    QVERIFY2(waitUntil([&] { return live("{.data.size}").isEmpty(); }, 30'000),
             qPrintable(whole()));
    QVERIFY(here.settles("web"));
    // It was there before: a prune asks first, unless it was adopted.
    here.write("web/other.yaml", QString(kSettings).replace("name: settings", "name: other"));
    here.remove("web/settings.yaml");
    here.commit("Another");
    QVERIFY(waitUntil(
        [&] { return !here.field(here.space(), "configmap/other", "{.data.size}").isEmpty(); },
        30'000));
    if (isAdopted)
        QVERIFY(waitUntil([&] { return live("{.data.colour}").isEmpty(); }, 30'000));
    else
        QCOMPARE(live("{.data.colour}"), QString("blue"));
}

void TestRealStory::refusals_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("says");
    QTest::newRow("quota") << QString("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\n"
                                      "spec: {hard: {configmaps: \"1\"}}\n")
                           << QString("exceeded quota");
    QTest::newRow("admission policy")
        << QString("apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                   "metadata: {name: SPACE}\nspec:\n  failurePolicy: Fail\n"
                   "  matchConstraints:\n    namespaceSelector: {matchLabels: "
                   "{kubernetes.io/metadata.name: SPACE}}\n"
                   "    resourceRules: [{apiGroups: [\"\"], apiVersions: [v1], operations: "
                   "[CREATE, UPDATE], resources: [configmaps]}]\n"
                   "  validations: [{expression: \"!has(object.data) || !('colour' in object.data) "
                   "|| object.data.colour != 'blue'\", message: \"blue is not allowed here\"}]\n"
                   "---\napiVersion: admissionregistration.k8s.io/v1\n"
                   "kind: ValidatingAdmissionPolicyBinding\nmetadata: {name: SPACE}\n"
                   "spec: {policyName: SPACE, validationActions: [Deny]}\n")
        << QString("blue is not allowed here");
}

void TestRealStory::refusals()
{
    QFETCH(QString, rule);
    QFETCH(QString, says);
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    rule.replace("SPACE", here.space());
    const auto tidy = qScopeGuard([&] {
        here.kubectl({"delete", "validatingadmissionpolicy,validatingadmissionpolicybinding",
                      here.space(), "--ignore-not-found"});
    });
    const Finished ruled = here.kubectlApply(rule);
    QVERIFY2(ruled.isOk(), qPrintable(ruled.errors));
    // Until the server enforces it.
    QVERIFY(waitUntil([&] {
        return here.kubectl({"-n", here.space(), "create", "configmap", "probe", "--dry-run=server",
                             "--from-literal=colour=blue"})
                   .errors.contains(says)
            || !here.field(here.space(), "resourcequota/few", "{.status.used.configmaps}")
                    .isEmpty();
    }));
    here.write("web/settings.yaml", kSettings);
    here.write("web/more.yaml", QString(kSettings).replace("name: settings", "name: more"));
    here.commit("Settings");
    here.writeApplication("web");
    const Finished sync =
        here.wavewright(QStringList {"sync", "--timeout", "20s"} + here.options("web"));
    QVERIFY(!sync.isOk());
    QVERIFY2((sync.output + sync.errors).contains(says), qPrintable(sync.output + sync.errors));
}

void TestRealStory::finalizersThatStay()
{
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    writeWeb(here, "web");
    here.writeApplication("web");
    here.start(QStringList {"run"} + here.options("web"));
    QVERIFY(here.settles("web"));
    QVERIFY(here.kubectl({"-n", here.space(), "patch", "configmap", "settings", "--type=merge",
                          "-p", "{\"metadata\":{\"finalizers\":[\"example.com/never\"]}}"})
                .isOk());
    here.remove("web/settings.yaml");
    here.write("web/service.yaml", QString(kService).replace("port: 80", "port: 8080"));
    here.commit("Without settings");
    QVERIFY(waitUntil([&] {
        return !here.field(here.space(), "configmap/settings", "{.metadata.deletionTimestamp}")
                    .isEmpty();
    }));
    // The rest goes on, and the status says what it waits for.
    QVERIFY2(waitUntil([&] {
                 return here.field(here.space(), "service/web", "{.spec.ports[0].port}")
                     == QString("8080");
             }),
             qPrintable(here.outputSoFar().right(3000)));
    QVERIFY(here.status("web")["sync"] != "Synced");
    QVERIFY(here.kubectl({"-n", here.space(), "patch", "configmap", "settings", "--type=merge",
                          "-p", "{\"metadata\":{\"finalizers\":null}}"})
                .isOk());
    QVERIFY(here.settles("web"));
    QVERIFY(here.field(here.space(), "configmap/settings", "{.metadata.uid}").isEmpty());
}

void TestRealStory::namespaceThatGoes()
{
    RealWorkspace here(*m_cluster);
    here.useOwnNames();
    writeWeb(here, "web");
    here.writeApplication("web", "CreateNamespace=true");
    here.start(QStringList {"run"} + here.options("web"));
    QVERIFY(here.settles("web"));
    // It hangs for a while on an object that does not go.
    QVERIFY(here.kubectlApply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: holds, "
                              "finalizers: [example.com/never]}\n")
                .isOk());
    const QString uid = here.field({}, "namespace/" + here.space(), "{.metadata.uid}");
    QVERIFY(here.kubectl({"delete", "namespace", here.space(), "--wait=false"}).isOk());
    QVERIFY(waitUntil(
        [&] { return here.field(here.space(), "deployment/web", "{.metadata.uid}").isEmpty(); }));
    QVERIFY(waitUntil([&] { return here.status("web")["sync"] != "Synced"; }));
    QVERIFY(here.kubectl({"-n", here.space(), "patch", "configmap", "holds", "--type=merge", "-p",
                          "{\"metadata\":{\"finalizers\":null}}"})
                .isOk());
    // It comes back whole, in a new namespace.
    QVERIFY(waitUntil([&] {
        const QString now = here.field({}, "namespace/" + here.space(), "{.metadata.uid}");
        return !now.isEmpty() && now != uid;
    }));
    QVERIFY(here.settles("web"));
}

WW_TEST_CLASS(TestRealStory)
#include "tst_realstory.moc"
