// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/behaviours.h"
#include "gitops/practice/controller.h"
#include "gitops/practice/localclient.h"
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::Behaviours;
using gitops::practice::LocalClient;
using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

/// A server with its controllers; settle lets them work until they rest.
struct World
{
    explicit World(double delayFactor = 0)
        : client(server.server())
    {
        auto made = Behaviours::make(client, server.clock(), {.delayFactor = delayFactor});
        if (!made)
            qFatal("%s", made.error().text().c_str());
        behaviours = std::move(*made);
        settle();
    }
    void settle() { behaviours->tick(); }
    void wait(std::chrono::milliseconds time)
    {
        server.clock().advance(time);
        settle();
    }
    core::Json create(const std::string& target, const std::string& body)
    {
        const auto response = server.post(target, body);
        if (response.status != 201)
            qWarning("%s", response.body.c_str());
        settle();
        return jsonOf(response);
    }
    std::size_t count(const std::string& target)
    {
        return server.get(target).at("items").as_array().size();
    }

    TestServer server;
    LocalClient client;
    std::unique_ptr<Behaviours> behaviours;
};

/// A client whose first writes are lost, as on a server that cannot take them yet.
class LosingClient : public LocalClient
{
public:
    using LocalClient::LocalClient;
    void create(core::Json object, Refused refused = {}) override
    {
        if (m_lost++ < 3)
            return;
        LocalClient::create(std::move(object), std::move(refused));
    }
    std::uint64_t failures() const override { return std::min<std::uint64_t>(m_lost, 3); }

private:
    std::uint64_t m_lost = 0;
};

const std::string kApps = "/apis/apps/v1/namespaces/default";
const std::string kCore = "/api/v1/namespaces/default";

std::string deployment(const std::string& name, int replicas, const std::string& image = "a:1",
                       const std::string& podMetadata = "")
{
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":")" + name
        + R"("},"spec":{"replicas":)" + std::to_string(replicas)
        + R"(,"selector":{"matchLabels":{"app":")" + name
        + R"("}},"template":{"metadata":{"labels":{"app":")" + name + "\"}" + podMetadata
        + R"(},"spec":{"containers":[{"name":"c","image":")" + image + R"("}]}}}})";
}

std::string customDefinition(const std::string& group, const std::string& kind,
                             const std::string& plural, const std::string& version)
{
    return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
        "metadata":{"annotations":{"api-approved.kubernetes.io":"unapproved, a test"},"name":")"
        + plural + "." + group + R"("},"spec":{"group":")" + group
        + R"(","scope":"Namespaced","names":{"kind":")" + kind + R"(","plural":")" + plural
        + R"("},"versions":[{"name":")" + version
        + R"(","served":true,"storage":true,"subresources":{"status":{}},
        "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}})";
}

} // namespace

class TestBehaviours : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deploymentsBecomeAvailable();
    void deploymentsRollToANewTemplate();
    void delaysPass();
    void deletingADeploymentTakesItsPodsAlong();
    void podsThatAreDeletedComeBack();
    void simulatedTroubleShows();
    void podsWaitForWhatTheyRefer();
    void statefulSetsKeepOrderAndClaims();
    void daemonSetsRunOnEachNode();
    void jobsComplete();
    void cronJobsStartJobs();
    void quotasCountAndRefuse();
    void servicesGetEndpoints();
    void customResourcesWaitForTheirOperator();
    void listenersWithANodePortGetAService();
    void secretsAreReflected();
    void sparkApplicationsRunWithTheirExecutors();
    void anApiIsAvailableWithItsService();
    void queuesWaitForTheirOperatorAndCluster();
    void failedWritesAreTriedAgain();
    void releasedVolumesGo();
    void restIsRest();
};

void TestBehaviours::failedWritesAreTriedAgain()
{
    TestServer server;
    LosingClient client(server.server());
    const auto behaviours = std::move(
        *Behaviours::make(client, server.clock(), {.delayFactor = 0, .firstObjects = false}));
    server.post(kApps + "/deployments", deployment("web", 1));
    behaviours->tick();
    QCOMPARE(server.get(kCore + "/pods").at("items").as_array().size(), 0u);
    for (int i = 0; i < 5; ++i) {
        server.clock().advance(std::chrono::seconds(1));
        behaviours->tick();
    }
    QCOMPARE(server.get(kCore + "/pods").at("items").as_array().size(), 1u);
}

void TestBehaviours::releasedVolumesGo()
{
    World world;
    const std::string volumes = "/api/v1/persistentvolumes";
    const auto volume = [](const std::string& name, const std::string& policy,
                           const std::string& provisioner) {
        return R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":")" + name
            + R"(","annotations":{"pv.kubernetes.io/provisioned-by":")" + provisioner
            + R"("}},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],
                "hostPath":{"path":"/x"},"persistentVolumeReclaimPolicy":")"
            + policy + R"("}})";
    };
    const std::string ours = "practice.wavewright.dev/volumes";
    world.create(volumes, volume("bound", "Delete", ours));
    world.create(volumes, volume("kept", "Retain", ours));
    world.create(volumes, volume("foreign", "Delete", "ebs.csi.aws.com"));
    world.create(volumes, volume("goes", "Delete", ours));
    for (const char* name : {"kept", "foreign", "goes"}) {
        core::Json object = world.server.get(volumes + "/" + name);
        object.as_object()["status"] = core::JsonObject {{"phase", "Released"}};
        const std::string target = volumes + "/" + name + "/status";
        QCOMPARE(world.server.send("PUT", target, core::toText(object)).status, 200);
    }
    world.settle();
    for (const char* name : {"bound", "kept", "foreign"})
        QCOMPARE(world.server.send("GET", volumes + "/" + name).status, 200);
    QCOMPARE(world.server.send("GET", volumes + "/goes").status, 404);
}

void TestBehaviours::deploymentsBecomeAvailable()
{
    World world;
    world.create(kApps + "/deployments", deployment("web", 3));
    const core::Json object = world.server.get(kApps + "/deployments/web");
    QCOMPARE(text(object, {"status", "availableReplicas"}), "3");
    QCOMPARE(text(object, {"status", "observedGeneration"}), "1");
    QCOMPARE(world.count(kApps + "/replicasets"), 1u);
    QCOMPARE(world.count(kCore + "/pods"), 3u);
    const core::Json pods = world.server.get(kCore + "/pods");
    const core::Json& pod = pods.at("items").as_array()[0];
    QCOMPARE(text(pod, {"status", "phase"}), "Running");
    QVERIFY(text(pod, {"spec", "nodeName"}).starts_with("practice-"));
    QVERIFY(text(pod, {"metadata", "labels", "pod-template-hash"}) != "<absent>");
}

void TestBehaviours::deploymentsRollToANewTemplate()
{
    World world;
    world.create(kApps + "/deployments", deployment("web", 2));
    world.server.send("PUT", kApps + "/deployments/web", deployment("web", 2, "a:2"));
    world.settle();
    const core::Json object = world.server.get(kApps + "/deployments/web");
    QCOMPARE(text(object, {"status", "observedGeneration"}), "2");
    QCOMPARE(text(object, {"status", "updatedReplicas"}), "2");
    QCOMPARE(text(object, {"status", "replicas"}), "2");
    QCOMPARE(world.count(kApps + "/replicasets"), 2u);
    const core::Json pods = world.server.get(kCore + "/pods");
    QCOMPARE(pods.at("items").as_array().size(), 2u);
    for (const core::Json& pod : pods.at("items").as_array())
        QCOMPARE(text(core::findPath(pod, {"spec", "containers"})->as_array()[0], {"image"}),
                 "a:2");
}

void TestBehaviours::delaysPass()
{
    World world(1);
    world.create(kApps + "/deployments", deployment("web", 1));
    QCOMPARE(text(world.server.get(kApps + "/deployments/web"), {"status", "availableReplicas"}),
             "<absent>");
    for (int i = 0; i < 50; ++i)
        world.wait(std::chrono::milliseconds(100));
    QCOMPARE(text(world.server.get(kApps + "/deployments/web"), {"status", "availableReplicas"}),
             "1");
}

void TestBehaviours::deletingADeploymentTakesItsPodsAlong()
{
    for (const char* policy : {"Background", "Foreground"}) {
        World world;
        world.create(kApps + "/deployments", deployment("web", 2));
        world.server.send("DELETE", kApps + "/deployments/web",
                          std::string(R"({"propagationPolicy":")") + policy + R"("})");
        world.settle();
        QCOMPARE(world.server.send("GET", kApps + "/deployments/web").status, 404);
        QCOMPARE(world.count(kApps + "/replicasets"), 0u);
        QCOMPARE(world.count(kCore + "/pods"), 0u);
    }
    World world;
    world.create(kApps + "/deployments", deployment("web", 2));
    world.server.send("DELETE", kApps + "/deployments/web", R"({"propagationPolicy":"Orphan"})");
    world.settle();
    QCOMPARE(world.server.send("GET", kApps + "/deployments/web").status, 404);
    QCOMPARE(world.count(kCore + "/pods"), 2u);
}

void TestBehaviours::podsThatAreDeletedComeBack()
{
    World world;
    world.create(kApps + "/deployments", deployment("web", 1));
    const core::Json before = world.server.get(kCore + "/pods");
    world.server.send(
        "DELETE", kCore + "/pods/" + text(before.at("items").as_array()[0], {"metadata", "name"}));
    world.settle();
    const core::Json after = world.server.get(kCore + "/pods");
    QCOMPARE(after.at("items").as_array().size(), 1u);
    QVERIFY(text(after.at("items").as_array()[0], {"metadata", "uid"})
            != text(before.at("items").as_array()[0], {"metadata", "uid"}));
}

void TestBehaviours::simulatedTroubleShows()
{
    World world;
    world.create(
        kApps + "/deployments",
        deployment("web", 1, "a:1",
                   R"(,"annotations":{"practice.wavewright.dev/simulate":"ImagePullBackOff"})"));
    const core::Json pods = world.server.get(kCore + "/pods");
    const core::Json& pod = pods.at("items").as_array()[0];
    QCOMPARE(text(core::findPath(pod, {"status", "containerStatuses"})->as_array()[0],
                  {"state", "waiting", "reason"}),
             "ImagePullBackOff");
    QCOMPARE(text(world.server.get(kApps + "/deployments/web"), {"status", "readyReplicas"}),
             "<absent>");
}

void TestBehaviours::podsWaitForWhatTheyRefer()
{
    World world;
    world.create(kCore + "/pods",
                 R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{
                     "containers":[{"name":"c","image":"a:1"}],
                     "volumes":[{"name":"v","configMap":{"name":"later"}}]}})");
    QCOMPARE(text(world.server.get(kCore + "/pods/p"), {"status", "phase"}), "Pending");
    world.create(kCore + "/configmaps",
                 R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"later"}})");
    QCOMPARE(text(world.server.get(kCore + "/pods/p"), {"status", "phase"}), "Running");
}

void TestBehaviours::statefulSetsKeepOrderAndClaims()
{
    World world;
    world.create(kApps + "/statefulsets",
                 R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db"},"spec":{
                     "replicas":3,"serviceName":"db","selector":{"matchLabels":{"app":"db"}},
                     "template":{"metadata":{"labels":{"app":"db"}},
                       "spec":{"containers":[{"name":"c","image":"db:1"}]}},
                     "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{
                       "accessModes":["ReadWriteOnce"],
                       "resources":{"requests":{"storage":"1Gi"}}}}]}})");
    QCOMPARE(text(world.server.get(kApps + "/statefulsets/db"), {"status", "readyReplicas"}), "3");
    for (const char* name : {"db-0", "db-1", "db-2"}) {
        QCOMPARE(text(world.server.get(kCore + "/pods/" + name), {"status", "phase"}), "Running");
        QCOMPARE(text(world.server.get(kCore + "/persistentvolumeclaims/data-" + name),
                      {"status", "phase"}),
                 "Bound");
    }
    QCOMPARE(world.count("/api/v1/persistentvolumes"), 3u);
    world.server.send("PATCH", kApps + "/statefulsets/db/scale", R"({"spec":{"replicas":1}})",
                      "application/merge-patch+json");
    world.settle();
    QCOMPARE(world.count(kCore + "/pods"), 1u);
    QCOMPARE(world.count(kCore + "/persistentvolumeclaims"), 3u);
    world.server.send(
        "PATCH", kApps + "/statefulsets/db",
        R"({"spec":{"template":{"spec":{"containers":[{"name":"c","image":"db:2"}]}}}})",
        "application/strategic-merge-patch+json");
    world.settle();
    const core::Json pod = world.server.get(kCore + "/pods/db-0");
    QCOMPARE(text(core::findPath(pod, {"spec", "containers"})->as_array()[0], {"image"}), "db:2");
    const core::Json set = world.server.get(kApps + "/statefulsets/db");
    QCOMPARE(text(set, {"status", "currentRevision"}), text(set, {"status", "updateRevision"}));
}

void TestBehaviours::daemonSetsRunOnEachNode()
{
    World world;
    world.create(kApps + "/daemonsets",
                 R"({"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent"},"spec":{
                     "selector":{"matchLabels":{"app":"agent"}},
                     "template":{"metadata":{"labels":{"app":"agent"}},
                       "spec":{"containers":[{"name":"c","image":"agent:1"}]}}}})");
    const core::Json set = world.server.get(kApps + "/daemonsets/agent");
    QCOMPARE(text(set, {"status", "numberReady"}), "3");
    QCOMPARE(text(set, {"status", "desiredNumberScheduled"}), "3");
}

void TestBehaviours::jobsComplete()
{
    World world;
    world.create("/apis/batch/v1/namespaces/default/jobs",
                 R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},"spec":{
                     "completions":2,"template":{"spec":{"restartPolicy":"Never",
                       "containers":[{"name":"c","image":"job:1"}]}}}})");
    const core::Json job = world.server.get("/apis/batch/v1/namespaces/default/jobs/once");
    QCOMPARE(text(job, {"status", "succeeded"}), "2");
    QCOMPARE(text(job, {"status", "completionTime"}), "2026-01-01T00:00:00Z");
    QCOMPARE(text(job, {"spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"}),
             text(job, {"metadata", "uid"}));
}

void TestBehaviours::cronJobsStartJobs()
{
    World world;
    world.create("/apis/batch/v1/namespaces/default/cronjobs",
                 R"({"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"tick"},"spec":{
                     "schedule":"*/5 * * * *","jobTemplate":{"spec":{"template":{"spec":{
                       "restartPolicy":"OnFailure","containers":[{"name":"c","image":"j:1"}]}}}}}})");
    QCOMPARE(world.count("/apis/batch/v1/jobs"), 0u);
    world.wait(std::chrono::minutes(5));
    QCOMPARE(world.count("/apis/batch/v1/jobs"), 1u);
    const core::Json cron = world.server.get("/apis/batch/v1/namespaces/default/cronjobs/tick");
    QCOMPARE(text(cron, {"status", "lastScheduleTime"}), "2026-01-01T00:05:00Z");
    for (int i = 0; i < 6; ++i)
        world.wait(std::chrono::minutes(5));
    QCOMPARE(world.count("/apis/batch/v1/jobs"), 3u); // the history limit
}

void TestBehaviours::quotasCountAndRefuse()
{
    World world;
    world.create(kCore + "/resourcequotas",
                 R"({"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},
                     "spec":{"hard":{"pods":"2","requests.cpu":"1","services":"2"}}})");
    world.create(
        kCore + "/limitranges",
        R"({"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"l"},"spec":{"limits":[
                     {"type":"Container","defaultRequest":{"cpu":"200m"}}]}})");
    world.create(kApps + "/deployments", deployment("web", 3));
    QCOMPARE(world.count(kCore + "/pods"), 2u);
    QCOMPARE(text(world.server.get(kCore + "/resourcequotas/q"), {"status", "used"}),
             R"({"pods":"2","requests.cpu":"400m","services":"1"})"); // the service "kubernetes"
    const core::Json sets = world.server.get(kApps + "/replicasets");
    const core::Json& set = sets.at("items").as_array()[0];
    const core::Json& failure = core::findPath(set, {"status", "conditions"})->as_array()[0];
    QCOMPARE(text(failure, {"type"}), "ReplicaFailure");
    QVERIFY(text(failure, {"message"})
                .ends_with("is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, "
                           "limited: pods=2"));
    world.create(
        kCore + "/services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}})");
    const auto refused = world.server.post(
        kCore + "/services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"b"},"spec":{"ports":[{"port":80}]}})");
    QCOMPARE(refused.status, 403);
}

void TestBehaviours::servicesGetEndpoints()
{
    World world;
    world.create(kApps + "/deployments", deployment("web", 2));
    const core::Json service =
        world.create(kCore + "/services",
                     R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{
            "type":"LoadBalancer","selector":{"app":"web"},"ports":[{"port":80}]}})");
    QVERIFY(text(service, {"spec", "clusterIP"}).starts_with("10.96."));
    const core::Json after = world.server.get(kCore + "/services/web");
    QVERIFY(core::findPath(after, {"status", "loadBalancer", "ingress"}));
    QVERIFY(
        core::integerAt(core::findPath(after, {"spec", "ports"})->as_array()[0], {"nodePort"}, 0)
        >= 30000);
    const core::Json slices =
        world.server.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices");
    QCOMPARE(slices.at("items").as_array()[0].at("endpoints").as_array().size(), 2u);
}

void TestBehaviours::customResourcesWaitForTheirOperator()
{
    World world;
    const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    world.create(definitions, customDefinition("kafka.strimzi.io", "Kafka", "kafkas", "v1beta2"));
    world.create(definitions,
                 customDefinition("kafka.strimzi.io", "KafkaTopic", "kafkatopics", "v1beta2"));
    const std::string kafkas = "/apis/kafka.strimzi.io/v1beta2/namespaces/default";
    world.create(kafkas + "/kafkatopics",
                 R"({"apiVersion":"kafka.strimzi.io/v1beta2","kind":"KafkaTopic",
                     "metadata":{"name":"t","labels":{"strimzi.io/cluster":"k"}},
                     "spec":{"partitions":3,"replicas":2}})");
    world.create(kafkas + "/kafkas",
                 R"({"apiVersion":"kafka.strimzi.io/v1beta2","kind":"Kafka","metadata":{"name":"k"},
                     "spec":{"kafka":{"replicas":3,"listeners":[{"name":"plain","port":9092}]},
                       "zookeeper":{"replicas":3},"entityOperator":{"topicOperator":{}}}})");
    QCOMPARE(text(world.server.get(kafkas + "/kafkas/k"), {"status"}), "<absent>");
    world.create(kApps + "/deployments", deployment("strimzi-cluster-operator", 1));
    const core::Json kafka = world.server.get(kafkas + "/kafkas/k");
    QCOMPARE(text(core::findPath(kafka, {"status", "conditions"})->as_array()[0], {"type"}),
             "Ready");
    QCOMPARE(text(kafka, {"status", "observedGeneration"}), "1");
    QCOMPARE(
        text(core::findPath(kafka, {"status", "listeners"})->as_array()[0], {"bootstrapServers"}),
        "k-kafka-bootstrap.default.svc:9092");
    QCOMPARE(text(world.server.get(kCore + "/pods/k-kafka-2"), {"status", "phase"}), "Running");
    const core::Json topic = world.server.get(kafkas + "/kafkatopics/t");
    QCOMPARE(text(core::findPath(topic, {"status", "conditions"})->as_array()[0], {"status"}),
             "True");
    // Fewer brokers: the last ones go, their claims stay.
    world.server.send("PATCH", kafkas + "/kafkas/k", R"({"spec":{"kafka":{"replicas":2}}})",
                      "application/merge-patch+json");
    world.settle();
    QCOMPARE(world.server.send("GET", kCore + "/pods/k-kafka-2").status, 404);
    QCOMPARE(world.server.send("GET", kCore + "/persistentvolumeclaims/data-0-k-kafka-2").status,
             200);
    QCOMPARE(text(world.server.get(kafkas + "/kafkas/k"), {"status", "observedGeneration"}), "2");
}

/// Once everything is in place nothing is written any more.
void TestBehaviours::listenersWithANodePortGetAService()
{
    World world;
    world.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                 customDefinition("kafka.strimzi.io", "Kafka", "kafkas", "v1beta2"));
    world.create(kApps + "/deployments", deployment("strimzi-cluster-operator", 1));
    world.create("/apis/kafka.strimzi.io/v1beta2/namespaces/default/kafkas",
                 R"({"apiVersion":"kafka.strimzi.io/v1beta2","kind":"Kafka","metadata":{"name":"k"},
                     "spec":{"kafka":{"replicas":1,"listeners":[{"name":"plain","port":9092},
                       {"name":"external","port":9094,"type":"nodeport",
                        "configuration":{"bootstrap":{"nodePort":30092}}}]}}})");
    const core::Json service = world.server.get(kCore + "/services/k-kafka-external-bootstrap");
    QCOMPARE(text(service, {"spec", "type"}), "NodePort");
    const core::Json& port = core::findPath(service, {"spec", "ports"})->as_array()[0];
    QCOMPARE(text(port, {"nodePort"}), "30092");
    QCOMPARE(text(port, {"port"}), "9094");
    QCOMPARE(world.server.send("GET", kCore + "/services/k-kafka-plain-bootstrap").status, 404);
}

void TestBehaviours::secretsAreReflected()
{
    World world;
    const auto secret = [](const char* enabled) {
        return std::string(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s",)")
            + R"("annotations":{"reflector.v1.k8s.emberstack.com/reflection-auto-enabled":")"
            + enabled
            + R"(","reflector.v1.k8s.emberstack.com/reflection-auto-namespaces":"one, two"}},)"
            + R"("data":{"key":"dmFsdWU="}})";
    };
    const auto nameSpace = [&](const char* name) {
        world.create("/api/v1/namespaces",
                     R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")"
                         + std::string(name) + "\"}}");
    };
    const std::string one = "/api/v1/namespaces/one/secrets/s";
    const std::string two = "/api/v1/namespaces/two/secrets/s";
    nameSpace("one");
    world.create(kCore + "/secrets", secret("false"));
    world.create(kApps + "/deployments", deployment("reflector", 1));
    QCOMPARE(world.server.send("GET", one).status, 404); // not asked for
    world.server.send("PUT", kCore + "/secrets/s", secret("true"));
    world.settle();
    QCOMPARE(text(world.server.get(one), {"data", "key"}), "dmFsdWU=");
    QCOMPARE(text(world.server.get(one),
                  {"metadata", "annotations", "reflector.v1.k8s.emberstack.com/reflects"}),
             "default/s");
    // A namespace that comes later, and a copy that somebody deletes.
    QCOMPARE(world.server.send("GET", two).status, 404);
    nameSpace("two");
    world.settle();
    QCOMPARE(text(world.server.get(two), {"data", "key"}), "dmFsdWU=");
    world.server.send("DELETE", one);
    world.settle();
    QCOMPARE(text(world.server.get(one), {"data", "key"}), "dmFsdWU=");
}

void TestBehaviours::sparkApplicationsRunWithTheirExecutors()
{
    World world;
    world.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                 customDefinition("sparkoperator.k8s.io", "SparkApplication", "sparkapplications",
                                  "v1beta2"));
    world.create(kApps + "/deployments", deployment("spark-operator-controller", 1));
    const std::string applications =
        "/apis/sparkoperator.k8s.io/v1beta2/namespaces/default/sparkapplications";
    world.create(applications,
                 R"({"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication",
                     "metadata":{"name":"job"},"spec":{"image":"spark:1","executor":{"instances":2},
                       "driver":{"template":{"spec":{"containers":[{"name":"d","env":[
                         {"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}]}}}}})");
    // The driver waits for its Secret, as a pod does.
    QCOMPARE(text(world.server.get(applications + "/job"), {"status", "applicationState", "state"}),
             "SUBMITTED");
    world.create(kCore + "/secrets", R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},
                                         "data":{"k":"dg=="}})");
    const core::Json running = world.server.get(applications + "/job");
    QCOMPARE(text(running, {"status", "applicationState", "state"}), "RUNNING");
    QCOMPARE(core::findPath(running, {"status", "executorState"})->as_object().size(), 2u);
    QCOMPARE(text(running, {"status", "executorState", "job-exec-1"}), "RUNNING");
    QCOMPARE(text(world.server.get(kCore + "/pods/job-driver"), {"status", "phase"}), "Running");
    // One executor fewer.
    world.server.send("PATCH", applications + "/job", R"({"spec":{"executor":{"instances":1}}})",
                      "application/merge-patch+json");
    world.settle();
    QCOMPARE(world.server.send("GET", kCore + "/pods/job-exec-1").status, 404);
}

void TestBehaviours::anApiIsAvailableWithItsService()
{
    World world;
    const std::string services = "/apis/apiregistration.k8s.io/v1/apiservices";
    world.create(services,
                 R"({"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
                     "metadata":{"name":"v1beta1.metrics.k8s.io"},"spec":{"group":"metrics.k8s.io",
                       "version":"v1beta1","groupPriorityMinimum":100,"versionPriority":100,
                       "service":{"name":"metrics","namespace":"default"}}})");
    const auto status = [&] {
        return text(world.server.get(services + "/v1beta1.metrics.k8s.io"),
                    {"status", "conditions"});
    };
    QCOMPARE(status().find("\"Available\""), std::string::npos);
    world.create(kCore + "/services",
                 R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"metrics"},"spec":{
                     "selector":{"app":"metrics"},"ports":[{"port":443}]}})");
    const core::Json live = world.server.get(services + "/v1beta1.metrics.k8s.io");
    const core::Json* conditions = core::findPath(live, {"status", "conditions"});
    QVERIFY(conditions && conditions->is_array());
    QCOMPARE(core::stringAt(conditions->get_array().at(0), {"status"}), std::string_view("True"));
}

void TestBehaviours::queuesWaitForTheirOperatorAndCluster()
{
    World world;
    const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    world.create(
        definitions,
        customDefinition("rabbitmq.com", "RabbitmqCluster", "rabbitmqclusters", "v1beta1"));
    world.create(definitions, customDefinition("rabbitmq.com", "Queue", "queues", "v1beta1"));
    const std::string group = "/apis/rabbitmq.com/v1beta1/namespaces/default";
    world.create(group + "/queues",
                 R"({"apiVersion":"rabbitmq.com/v1beta1","kind":"Queue","metadata":{"name":"q"},
                     "spec":{"name":"q","rabbitmqClusterReference":{"name":"r"}}})");
    const auto isReady = [&] {
        const core::Json queue = world.server.get(group + "/queues/q");
        return gitops::practice::hasTrueCondition(queue, "Ready");
    };
    world.create(kApps + "/deployments", deployment("rabbitmq-cluster-operator", 1));
    world.create(group + "/rabbitmqclusters",
                 R"({"apiVersion":"rabbitmq.com/v1beta1","kind":"RabbitmqCluster",
                     "metadata":{"name":"r"},"spec":{"replicas":1}})");
    QVERIFY(gitops::practice::hasTrueCondition(world.server.get(group + "/rabbitmqclusters/r"),
                                               "ClusterAvailable"));
    QVERIFY(!isReady());
    world.create(kApps + "/deployments", deployment("messaging-topology-operator", 1));
    QVERIFY(isReady());
}

void TestBehaviours::restIsRest()
{
    World world;
    world.create(kApps + "/deployments", deployment("web", 2));
    world.create(kCore + "/services",
                 R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{
                     "selector":{"app":"web"},"ports":[{"port":80}]}})");
    const std::uint64_t before = world.server.server().store().resourceVersion();
    for (int i = 0; i < 20; ++i)
        world.wait(std::chrono::minutes(1));
    QCOMPARE(world.server.server().store().resourceVersion(), before);
    QCOMPARE(world.behaviours->queueSize(), 0u);
}

WW_TEST_CLASS(TestBehaviours)
#include "tst_behaviours.moc"
