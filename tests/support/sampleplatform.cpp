// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"

#include "tests/support/editlist.h"

namespace tests {

using namespace std::chrono_literals;
using core::Health;
using core::ObjectKey;
using core::SyncState;

namespace {

constexpr const char* kRepository = "https://git.example.org/platform/event-driven.git";

core::WallTime before(std::chrono::seconds passed)
{
    return sampleTime() - passed;
}

core::CommitInfo headCommit()
{
    return {"4f1c2ab90de37c5581f2a6e07b4d93c1e85a7712", "platform-team",
            "Raise Kafka to three brokers with min.insync 2", before(6min)};
}

core::CommitInfo olderCommit()
{
    return {"b07e99d2416f0c3a88de5b7712c94aa5310fe6d8", "release-bot", "Bump backstage to 1.33.2",
            before(26h)};
}

core::ApplicationState application(const std::string& name, const std::string& path,
                                   const std::string& target)
{
    core::ApplicationState state;
    state.spec.name = name;
    state.spec.source.repoUrl = kRepository;
    state.spec.source.path = path;
    state.spec.source.targetRevision = "main";
    state.spec.destinationServer = "https://kubernetes.default.svc";
    state.spec.destinationNamespace = target;
    state.spec.automated = state.spec.prune = state.spec.selfHeal = true;
    state.spec.syncOptions = {"CreateNamespace=true", "ServerSideApply=true"};
    if (name != "platform")
        state.spec.parent = "platform";
    state.sync = SyncState::Synced;
    state.health = Health::Healthy;
    state.revision = headCommit();
    state.lastReconciled = before(4s);
    state.lastFetched = before(31s);
    return state;
}

struct Object
{
    ObjectKey key;
    const char* version = "v1";
    int wave = 0;
    std::optional<Health> health = std::nullopt;
    const char* message = "";
    std::chrono::seconds age = 72h;
};

void add(core::ApplicationState& state, const Object& object, SyncState sync = SyncState::Synced)
{
    core::ResourceState resource;
    resource.key = object.key;
    resource.version = object.version;
    resource.uid = "uid-" + object.key.text();
    resource.declared = true;
    resource.wave = object.wave;
    resource.sync = sync;
    resource.health = object.health;
    resource.healthMessage = object.message;
    resource.createdAt = before(object.age);
    resource.origin = {state.spec.source.path + "/" + object.key.name + ".yaml", 1, 0, {}};
    append(state.resources, resource);
}

void addChild(core::ApplicationState& state, const ObjectKey& parent, const ObjectKey& key,
              Health health, const char* message = "", std::chrono::seconds age = 72h)
{
    core::ResourceState resource;
    resource.key = key;
    resource.version = "v1";
    resource.uid = "uid-" + key.text();
    resource.health = health;
    resource.healthMessage = message;
    resource.parent = parent;
    resource.createdAt = before(age);
    append(state.resources, resource);
}

template<class Change>
void amendLast(core::ApplicationState& state, Change change)
{
    edit(state.resources, [&](auto& rows) { change(rows.back()); });
}

core::ResourceResult result(const ObjectKey& key, int wave, const char* message = "",
                            std::optional<core::OperationPhase> hookPhase = std::nullopt)
{
    core::ResourceResult value;
    value.key = key;
    value.wave = wave;
    value.message = message;
    value.hookPhase = hookPhase;
    value.uid = "uid-" + key.text();
    return value;
}

core::ApplicationState operators()
{
    core::ApplicationState state = application("operators", "operators", "operators");
    const std::pair<const char*, const char*> names[] = {
        {"strimzi-cluster-operator", "strimzi"},
        {"rabbitmq-cluster-operator", "rabbitmq"},
        {"camel-k-operator", "camel-k"},
    };
    add(state, {{"", "Namespace", "", "operators"}});
    for (const auto& [name, account] : names) {
        const ObjectKey deployment {"apps", "Deployment", "operators", name};
        const ObjectKey replicaSet {"apps", "ReplicaSet", "operators",
                                    std::string(name) + "-6f9c4d7b8"};
        add(state, {{"", "ServiceAccount", "operators", account}});
        add(state, {deployment, "v1", 0, Health::Healthy});
        addChild(state, deployment, replicaSet, Health::Healthy);
        addChild(state, replicaSet, {"", "Pod", "operators", replicaSet.name + "-x7k2p"},
                 Health::Healthy);
    }
    return state;
}

core::Operation kafkaOperation(const ObjectKey& ns, const ObjectKey& metrics,
                               const ObjectKey& kafka)
{
    using Wave = core::WaveProgress;
    core::Operation operation;
    operation.trigger = core::Operation::Trigger::Automated;
    operation.id = "kafka-20260821-101428";
    operation.revision = headCommit().id;
    operation.message = "Waiting for wave 1";
    operation.startedAt = before(92s);
    operation.prune = true;
    operation.waves = {
        {Wave::State::Done, core::SyncPhase::PreSync, 0, 1, 1, 1, {}},
        {Wave::State::Done, core::SyncPhase::Sync, 0, 3, 3, 3, {}},
        {Wave::State::Waiting,
         core::SyncPhase::Sync,
         1,
         4,
         4,
         2,
         {"Kafka kafka/event-cluster: Progressing, 2 of 3 brokers are ready"}},
        {Wave::State::Pending, core::SyncPhase::Sync, 2, 4, 0, 0, {}},
        {Wave::State::Pending, core::SyncPhase::PostSync, 0, 1, 0, 0, {}},
    };
    core::ResourceResult check = result({"batch", "Job", "kafka", "storage-class-check"}, 0,
                                        "Job completed", core::OperationPhase::Succeeded);
    check.phase = core::SyncPhase::PreSync;
    check.hook = "PreSync";
    operation.results = {
        check,
        result(ns, 0, "unchanged"),
        result(metrics, 0, "configured"),
        result({"", "ServiceAccount", "kafka", "kafka-clients"}, 0, "unchanged"),
        result({"kafka.strimzi.io", "KafkaNodePool", "kafka", "brokers"}, 1, "configured"),
        result(kafka, 1, "configured", core::OperationPhase::Running),
        result({"policy", "PodDisruptionBudget", "kafka", "event-cluster"}, 1, "unchanged"),
        result({"networking.k8s.io", "NetworkPolicy", "kafka", "brokers"}, 1, "configured",
               core::OperationPhase::Running),
    };
    return operation;
}

void addBrokers(core::ApplicationState& state, const ObjectKey& kafka)
{
    const ObjectKey set {"core.strimzi.io", "StrimziPodSet", "kafka", "event-cluster-brokers"};
    addChild(state, kafka, set, Health::Progressing, "2 of 3 pods are ready");
    for (int i = 0; i < 3; ++i) {
        const std::string name = "event-cluster-brokers-" + std::to_string(i);
        addChild(state, set, {"", "Pod", "kafka", name},
                 i < 2 ? Health::Healthy : Health::Progressing,
                 i < 2 ? "" : "Readiness probe has not succeeded yet", i < 2 ? 72h : 80s);
        addChild(state, kafka, {"", "PersistentVolumeClaim", "kafka", "data-" + name},
                 Health::Healthy, "", i < 2 ? 72h : 85s);
    }
    addChild(state, kafka, {"", "Service", "kafka", "event-cluster-kafka-bootstrap"},
             Health::Healthy);
}

core::ApplicationState kafka()
{
    core::ApplicationState state = application("kafka", "kafka/overlays/production", "kafka");
    const ObjectKey ns {"", "Namespace", "", "kafka"};
    const ObjectKey metrics {"", "ConfigMap", "kafka", "kafka-metrics"};
    const ObjectKey cluster {"kafka.strimzi.io", "Kafka", "kafka", "event-cluster"};
    state.sync = SyncState::OutOfSync;
    state.health = Health::Progressing;
    state.healthMessage = "Caused by Kafka kafka/event-cluster";
    state.activity = "Waiting for wave 1: Kafka event-cluster";
    add(state, {ns});
    add(state, {metrics});
    add(state, {{"", "ServiceAccount", "kafka", "kafka-clients"}});
    add(state,
        {{"kafka.strimzi.io", "KafkaNodePool", "kafka", "brokers"}, "v1beta2", 1, Health::Healthy});
    add(state, {cluster, "v1beta2", 1, Health::Progressing, "2 of 3 brokers are ready"});
    add(state, {{"policy", "PodDisruptionBudget", "kafka", "event-cluster"}, "v1", 1});
    add(state, {{"networking.k8s.io", "NetworkPolicy", "kafka", "brokers"}, "v1", 1});
    for (const char* topic : {"commands", "events", "notifications"})
        add(state,
            {{"kafka.strimzi.io", "KafkaTopic", "kafka", topic}, "v1beta2", 2, Health::Healthy},
            std::string_view(topic) == "events" ? SyncState::OutOfSync : SyncState::Synced);
    add(state,
        {{"kafka.strimzi.io", "KafkaUser", "kafka", "audit"},
         "v1beta2",
         2,
         Health::Missing,
         "Not in the cluster yet",
         0s},
        SyncState::OutOfSync);
    amendLast(state, [](core::ResourceState& resource) {
        resource.uid.clear();
        resource.createdAt.reset();
    });
    add(state, {{"batch", "Job", "kafka", "topic-smoke-test"}, "v1", 0});
    amendLast(state, [](core::ResourceState& resource) {
        resource.hook = "PostSync";
        resource.createdAt.reset();
        resource.uid.clear();
    });
    addBrokers(state, cluster);
    state.operation = kafkaOperation(ns, metrics, cluster);
    return state;
}

core::ApplicationState rabbitmq()
{
    core::ApplicationState state = application("rabbitmq", "rabbitmq", "rabbitmq");
    const ObjectKey cluster {"rabbitmq.com", "RabbitmqCluster", "rabbitmq", "rabbitmq-cluster"};
    const ObjectKey set {"apps", "StatefulSet", "rabbitmq", "rabbitmq-cluster-server"};
    add(state, {{"", "Namespace", "", "rabbitmq"}});
    add(state, {cluster, "v1beta1", 1, Health::Healthy});
    addChild(state, cluster, set, Health::Healthy);
    for (int i = 0; i < 3; ++i)
        addChild(state, set, {"", "Pod", "rabbitmq", set.name + "-" + std::to_string(i)},
                 Health::Healthy);
    return state;
}

core::ResourceDiffPtr backstageDiff()
{
    core::ResourceDiff diff;
    diff.verdict = core::ResourceDiff::Verdict::Different;
    diff.key = sampleDriftedKey();
    core::FieldChange replicas;
    replicas.path = "/spec/replicas";
    replicas.display = "spec.replicas";
    replicas.desired = "2";
    replicas.live = "5";
    replicas.author = core::FieldAuthor {"kubectl", "Update", "scale", before(3min + 12s)};
    replicas.origin = {"backstage/base/deployment.yaml", 9, 13, {}};
    core::FieldChange image = replicas;
    image.path = "/spec/template/spec/containers/0/image";
    image.display = "spec.template.spec.containers[name=backstage].image";
    image.desired = "\"ghcr.io/platform/backstage:1.33.2\"";
    image.live = "\"ghcr.io/platform/backstage:1.33.2-hotfix\"";
    image.author = core::FieldAuthor {"kubectl-set", "Update", "", before(47min)};
    image.origin = {"backstage/overlays/production/kustomization.yaml", 14, 5, {}};
    core::FieldChange level;
    level.type = core::FieldChange::Type::Missing;
    level.path = "/spec/template/spec/containers/0/env/1";
    level.display = "spec.template.spec.containers[name=backstage].env[name=LOG_LEVEL]";
    level.desired = R"({"name":"LOG_LEVEL","value":"info"})";
    level.origin = {"backstage/base/deployment.yaml", 31, 15, {}};
    core::FieldChange label;
    label.type = core::FieldChange::Type::Undeclared;
    label.path = "/metadata/labels/experiment";
    label.display = "metadata.labels.experiment";
    label.live = "\"blue\"";
    label.author = core::FieldAuthor {"wavewright", "Apply", "", before(26h)};
    diff.changes = {label, replicas, image, level};
    return std::make_shared<const core::ResourceDiff>(diff);
}

core::ApplicationState backstage()
{
    core::ApplicationState state =
        application("backstage", "backstage/overlays/production", "backstage");
    const ObjectKey deployment = sampleDriftedKey();
    const ObjectKey oldSet {"apps", "ReplicaSet", "backstage", "backstage-5d8f7c6b44"};
    state.spec.selfHeal = false;
    state.sync = SyncState::OutOfSync;
    state.health = Health::Degraded;
    state.healthMessage = "Caused by Deployment backstage/backstage";
    state.revision = olderCommit();
    add(state, {{"", "Namespace", "", "backstage"}, "v1", 2, std::nullopt, "", 240h});
    add(state,
        {{"", "Secret", "backstage", "backstage-database"}, "v1", 2, std::nullopt, "", 240h});
    add(state, {{"", "ConfigMap", "backstage", "app-config"}, "v1", 2, std::nullopt, "", 240h},
        SyncState::OutOfSync);
    core::ResourceDiff config;
    config.verdict = core::ResourceDiff::Verdict::CouldNotTell;
    config.key = state.resources.back().key;
    config.reason = "The dry run was refused: admission webhook \"policy.example.org\" did not "
                    "answer in 10 s.";
    amendLast(state, [&](core::ResourceState& resource) {
        resource.sync = SyncState::Unknown;
        resource.diff = std::make_shared<const core::ResourceDiff>(config);
    });
    add(state, {{"", "Service", "backstage", "backstage"}, "v1", 2, Health::Healthy, "", 240h});
    add(state,
        {{"apps", "StatefulSet", "backstage", "postgresql"}, "v1", 2, Health::Healthy, "", 240h});
    add(state,
        {deployment, "v1", 2, Health::Degraded, "3 of 5 replicas are ready: ImagePullBackOff",
         240h},
        SyncState::OutOfSync);
    amendLast(state, [](core::ResourceState& resource) { resource.diff = backstageDiff(); });
    addChild(state, deployment, oldSet, Health::Degraded, "2 pods cannot pull their image", 47min);
    for (const char* pod : {"4c8tz", "9wfhs", "kk2vd"})
        addChild(state, oldSet, {"", "Pod", "backstage", oldSet.name + "-" + pod}, Health::Healthy,
                 "", 46min);
    addChild(state, oldSet, {"", "Pod", "backstage", oldSet.name + "-qm71x"}, Health::Degraded,
             "ImagePullBackOff: ghcr.io/platform/backstage:1.33.2-hotfix", 3min);
    addChild(state, oldSet, {"", "Pod", "backstage", oldSet.name + "-z0b6r"}, Health::Degraded,
             "ImagePullBackOff: ghcr.io/platform/backstage:1.33.2-hotfix", 3min);
    core::Operation last;
    last.trigger = core::Operation::Trigger::Automated;
    last.id = "backstage-1";
    last.revision = olderCommit().id;
    last.phase = core::OperationPhase::Succeeded;
    last.message = "6 objects applied";
    last.startedAt = before(26h);
    last.finishedAt = before(26h - 41s);
    last.waves = {{core::WaveProgress::State::Done, core::SyncPhase::Sync, 2, 6, 6, 6, {}}};
    for (const core::ResourceState& resource : state.resources)
        if (resource.declared)
            append(last.results, result(resource.key, 2, "configured"));
    state.operation = last;
    return state;
}

core::ApplicationState camelk()
{
    core::ApplicationState state = application("camelk", "camelk", "camelk");
    add(state, {{"", "Namespace", "", "camelk"}});
    add(state,
        {{"camel.apache.org", "IntegrationPlatform", "camelk", "camel-k"},
         "v1",
         1,
         Health::Healthy});
    add(state,
        {{"camel.apache.org", "Integration", "camelk", "kafka-to-rabbitmq"},
         "v1",
         1,
         Health::Healthy});
    add(state,
        {{"camel.apache.org", "Integration", "camelk", "webhook-intake"},
         "v1",
         1,
         Health::Suspended,
         "Scaled to zero"});
    state.health = Health::Suspended;
    state.pauses.push_back({std::nullopt, "broker upgrade under way", before(-48min)});
    return state;
}

core::ApplicationState userNamespace(const std::string& name)
{
    core::ApplicationState state =
        application("user-" + name, "users/overlays/" + name, "user-" + name);
    state.spec.parent = "user-namespaces";
    const std::string target = "user-" + name;
    add(state, {{"", "Namespace", "", target}, "v1", 3});
    add(state, {{"", "ResourceQuota", target, "quota"}, "v1", 3});
    add(state, {{"", "LimitRange", target, "limits"}, "v1", 3});
    add(state, {{"networking.k8s.io", "NetworkPolicy", target, "isolation"}, "v1", 3});
    add(state, {{"", "ServiceAccount", target, "user-sa"}, "v1", 3});
    add(state,
        {{"camel.apache.org", "IntegrationPlatform", target, "camel-k"}, "v1", 3, Health::Healthy});
    return state;
}

core::ApplicationState parentOf(const std::string& name, const std::vector<std::string>& children)
{
    core::ApplicationState state =
        application(name, name == "platform" ? "apps" : "users/apps", "argocd");
    for (const std::string& child : children)
        add(state,
            {{"argoproj.io", "Application", "argocd", child}, "v1alpha1", 0, Health::Healthy});
    return state;
}

core::ApplicationState userNamespaces()
{
    core::ApplicationState state =
        parentOf("user-namespaces", {"user-alpha", "user-beta", "user-gamma"});
    add(state, {{"", "Namespace", "", "user-delta"}, "v1", 3}, SyncState::OutOfSync);
    amendLast(state, [](core::ResourceState& resource) {
        resource.declared = false;
        resource.requiresPrune = true;
    });
    core::ResourceState gone = state.resources.back();
    gone.key = {"", "ResourceQuota", "user-delta", "quota"};
    append(state.resources, gone);
    gone.key = {"", "PersistentVolumeClaim", "user-delta", "workspace"};
    gone.health = Health::Healthy;
    append(state.resources, gone);
    for (auto resource = state.resources.end() - 3; resource != state.resources.end(); ++resource)
        state.awaitingConfirmation.push_back(resource->key);
    state.sync = SyncState::OutOfSync;
    return state;
}

void put(core::Snapshot& snapshot, core::ApplicationState state)
{
    const std::string name = state.spec.name;
    snapshot.applications[name] = std::make_shared<const core::ApplicationState>(std::move(state));
}

} // namespace

core::WallTime sampleTime()
{
    return core::parseRfc3339("2026-08-21T10:16:00Z").value();
}

core::Snapshot samplePlatform()
{
    core::Snapshot snapshot;
    snapshot.sequence = 512;
    snapshot.at = before(1s);
    snapshot.cluster.connection = core::ClusterState::Connection::Connected;
    snapshot.cluster.context = "practice";
    snapshot.cluster.server = "https://127.0.0.1:36443";
    snapshot.cluster.version = "v1.36.0";
    snapshot.cluster.practice = true;
    core::ApplicationState root = parentOf(
        "platform", {"operators", "kafka", "rabbitmq", "camelk", "backstage", "user-namespaces"});
    root.health = Health::Degraded;
    root.healthMessage = "Caused by Application argocd/backstage";
    put(snapshot, std::move(root));
    put(snapshot, operators());
    put(snapshot, kafka());
    put(snapshot, rabbitmq());
    put(snapshot, camelk());
    put(snapshot, backstage());
    put(snapshot, userNamespaces());
    put(snapshot, userNamespace("alpha"));
    put(snapshot, userNamespace("beta"));
    put(snapshot, userNamespace("gamma"));
    changeApplication(snapshot, "user-gamma", [](core::ApplicationState& state) {
        state.sync = SyncState::Unknown;
        state.health = Health::Unknown;
        state.revision = olderCommit();
        state.lastReconciled = before(14min);
        state.conditions.push_back({"ComparisonError",
                                    "quota.yaml is named here and is not in the commit.",
                                    {"users/overlays/gamma/kustomization.yaml", 6, 3, {}},
                                    before(14min)});
    });
    return snapshot;
}

core::Snapshot sampleDisconnected()
{
    core::Snapshot snapshot = samplePlatform();
    snapshot.at = before(4min);
    snapshot.cluster.connection = core::ClusterState::Connection::Disconnected;
    snapshot.cluster.context = "production-eu";
    snapshot.cluster.server = "https://api.production-eu.example.org:6443";
    snapshot.cluster.practice = false;
    snapshot.cluster.insecure = true;
    snapshot.cluster.message = "The server did not answer in 10 s; the next try is in 20 s.";
    return snapshot;
}

core::Snapshot sampleEmpty()
{
    core::Snapshot snapshot;
    snapshot.sequence = 1;
    snapshot.at = before(1s);
    snapshot.cluster = samplePlatform().cluster;
    return snapshot;
}

ObjectKey sampleDriftedKey()
{
    return {"apps", "Deployment", "backstage", "backstage"};
}

} // namespace tests
