// SPDX-License-Identifier: GPL-3.0-or-later
// The drifted Deployment of the sample platform, and what happened lately.
#include "tests/support/sampleplatform.h"

namespace tests {

using namespace std::chrono_literals;

namespace {

constexpr const char* kDesired = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: backstage
    app.kubernetes.io/part-of: event-driven
  name: backstage
  namespace: backstage
spec:
  replicas: 2
  selector:
    matchLabels:
      app: backstage
  template:
    metadata:
      labels:
        app: backstage
    spec:
      containers:
      - name: backstage
        image: ghcr.io/platform/backstage:1.33.2
        ports:
        - containerPort: 7007
          name: http
        env:
        - name: POSTGRES_HOST
          value: postgresql
        - name: LOG_LEVEL
          value: info
        resources:
          limits:
            cpu: "1"
            memory: 1Gi
          requests:
            cpu: 250m
            memory: 512Mi
      serviceAccountName: backstage
)";

constexpr const char* kLive = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: backstage
    app.kubernetes.io/part-of: event-driven
    experiment: blue
  name: backstage
  namespace: backstage
  uid: 3d1c8f52-7be0-4f0e-9a43-0d5f6f1f2a61
spec:
  progressDeadlineSeconds: 600
  replicas: 5
  revisionHistoryLimit: 10
  selector:
    matchLabels:
      app: backstage
  template:
    metadata:
      labels:
        app: backstage
    spec:
      containers:
      - env:
        - name: POSTGRES_HOST
          value: postgresql
        image: ghcr.io/platform/backstage:1.33.2-hotfix
        imagePullPolicy: IfNotPresent
        name: backstage
        ports:
        - containerPort: 7007
          name: http
          protocol: TCP
        resources:
          limits:
            cpu: 1000m
            memory: 1Gi
          requests:
            cpu: 250m
            memory: 512Mi
      dnsPolicy: ClusterFirst
      restartPolicy: Always
      serviceAccountName: backstage
)";

core::Event happening(std::chrono::seconds ago, decltype(core::Event::what) what)
{
    static std::uint64_t number = 0;
    return {++number, sampleTime() - ago, std::move(what)};
}

} // namespace

core::ManifestsAnswer sampleDriftedManifests()
{
    const core::Snapshot platform = samplePlatform();
    for (const core::ResourceState& resource : platform.applications.at("backstage")->resources)
        if (resource.key == sampleDriftedKey())
            return {kDesired, kLive, resource.diff};
    return {};
}

std::map<core::ObjectKey, core::ManifestsAnswer> sampleManifests()
{
    const core::ObjectKey config {"", "ConfigMap", "backstage", "app-config"};
    const std::string text =
        "apiVersion: v1\ndata:\n  app-config.yaml: |\n    app:\n"
        "      title: Platform portal\n      baseUrl: https://portal.example.org\n"
        "kind: ConfigMap\nmetadata:\n  name: app-config\n"
        "  namespace: backstage\n";
    std::map<core::ObjectKey, core::ManifestsAnswer> answers;
    answers[sampleDriftedKey()] = sampleDriftedManifests();
    const core::Snapshot platform = samplePlatform();
    for (const core::ResourceState& resource : platform.applications.at("backstage")->resources)
        if (resource.key == config)
            answers[config] = {text, text, resource.diff};
    return answers;
}

std::vector<core::Event> sampleEvents()
{
    namespace event = core::event;
    const core::Snapshot platform = samplePlatform();
    const core::ApplicationState& kafka = *platform.applications.at("kafka");
    const core::ApplicationState& backstage = *platform.applications.at("backstage");
    const core::ObjectKey cluster {"kafka.strimzi.io", "Kafka", "kafka", "event-cluster"};
    const core::ObjectKey quota {"", "ResourceQuota", "user-beta", "quota"};
    core::WaveProgress wave = kafka.operation->waves[1];
    core::WaveProgress running = kafka.operation->waves[2];
    core::Operation old = *backstage.operation;
    std::vector<core::Event> events {
        happening(47min,
                  event::HealthChanged {"backstage", sampleDriftedKey(), core::Health::Healthy,
                                        core::Health::Degraded,
                                        "3 of 5 replicas are ready: ImagePullBackOff"}),
        happening(14min,
                  event::ConditionRaised {
                      "user-gamma", platform.applications.at("user-gamma")->conditions.front()}),
        happening(9min, event::DriftHealed {"user-beta", quota, 84ms}),
        happening(6min, event::RevisionFound {"kafka", *kafka.revision}),
        happening(3min + 12s, event::DriftFound {"backstage", *sampleDriftedManifests().diff}),
        happening(3min + 12s,
                  event::SyncStateChanged {"backstage", core::SyncState::Synced,
                                           core::SyncState::OutOfSync}),
        happening(92s, event::OperationStarted {"kafka", *kafka.operation}),
        happening(86s, event::OperationProgressed {"kafka", kafka.operation->id, wave}),
        happening(84s, event::OperationProgressed {"kafka", kafka.operation->id, running}),
    };
    for (const core::ResourceResult& result : kafka.operation->results)
        if (result.wave == 1)
            events.push_back(happening(83s, event::ResourceApplied {"kafka", result}));
    events.push_back(
        happening(80s,
                  event::HealthChanged {"kafka", cluster, core::Health::Healthy,
                                        core::Health::Progressing, "2 of 3 brokers are ready"}));
    events.push_back(
        happening(40s,
                  event::ConfirmationNeeded {
                      "user-namespaces",
                      platform.applications.at("user-namespaces")->awaitingConfirmation, ""}));
    return events;
}

} // namespace tests
