// SPDX-License-Identifier: GPL-3.0-or-later
// The platform's model at a size that hurts: 10,000 objects in 100 namespaces, half of them
// tenants'.
//   bench_platform [OBJECTS]      prints JSON lines, medians of several runs; no verdict
#include "core/platform/findings.h"
#include "core/platform/findingsmodel.h"
#include "core/platform/namespaces.h"
#include "core/platform/platformviews.h"
#include "core/platform/reachability.h"
#include "core/platform/tenants.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kNamespaces = 100;

core::Json parsed(const std::string& text)
{
    auto value = core::parseJson(text);
    if (!value)
        std::abort();
    return *value;
}

core::ManifestPtr manifest(const std::string& text)
{
    return core::Manifest::make(parsed(text), {{"", {.file = "a.yaml", .line = 1}}}).value();
}

std::string nameOf(int space)
{
    return space % 2 == 0 ? fmt::format("user-{}", space) : fmt::format("team-{}", space);
}

std::string deployment(const std::string& space, int i, int cpu)
{
    return fmt::format(
        R"({{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"web-{1}","namespace":"{0}","labels":{{"app":"web-{1}"}}}},"spec":{{"replicas":2,"selector":{{"matchLabels":{{"app":"web-{1}"}}}},"template":{{"metadata":{{"labels":{{"app":"web-{1}","tier":"front"}}}},"spec":{{"serviceAccountName":"robot","containers":[{{"name":"main","image":"registry.example.com/web:1.2.3","args":["--listen=:8080"],"ports":[{{"name":"http","containerPort":8080}}],"env":[{{"name":"KAFKA","value":"kafka.team-1:9092"}},{{"name":"DATABASE_URL","value":"postgres://db.team-3.svc:5432/shop"}},{{"name":"TOKEN","valueFrom":{{"secretKeyRef":{{"name":"secret-0","key":"token"}}}}}}],"resources":{{"requests":{{"cpu":"{2}m","memory":"128Mi"}},"limits":{{"cpu":"500m","memory":"256Mi"}}}},"readinessProbe":{{"httpGet":{{"path":"/healthz","port":"http"}}}},"volumeMounts":[{{"name":"config","mountPath":"/config"}}]}}],"volumes":[{{"name":"config","configMap":{{"name":"map-0"}}}}]}}}}}}}})",
        space, i, cpu);
}

std::string objectOf(const std::string& space, int i)
{
    switch (i % 5) {
    case 0:
        return deployment(space, i, 100);
    case 1:
        return fmt::format(
            R"({{"apiVersion":"v1","kind":"Service","metadata":{{"name":"web-{1}","namespace":"{0}"}},"spec":{{"selector":{{"app":"web-{2}"}},"ports":[{{"name":"http","port":80,"targetPort":"http"}}]}}}})",
            space, i, i - 1);
    case 2:
        return fmt::format(
            R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"map-{1}","namespace":"{0}"}},"data":{{"a":"{2:512}"}}}})",
            space, i, "x");
    case 3:
        return fmt::format(
            R"({{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"secret-{1}","namespace":"{0}"}},"data":{{"token":"c2VjcmV0IHRva2Vu"}}}})",
            space, i);
    default:
        return fmt::format(
            R"({{"apiVersion":"v1","kind":"ServiceAccount","metadata":{{"name":"robot-{1}","namespace":"{0}"}}}})",
            space, i);
    }
}

void addFrame(const std::string& space, core::PlatformInputBuilder& out)
{
    const auto add = [&](const std::string& text) { out.declare({manifest(text), space, 0, {}}); };
    add(fmt::format(R"({{"apiVersion":"v1","kind":"Namespace","metadata":{{"name":"{}"}}}})",
                    space));
    add(fmt::format(
        R"({{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{{"name":"p","namespace":"{}"}},"spec":{{"podSelector":{{}},"policyTypes":["Ingress","Egress"],"ingress":[{{"from":[{{"podSelector":{{}}}},{{"namespaceSelector":{{"matchLabels":{{"role":"platform"}}}}}}]}}],"egress":[{{"to":[{{"namespaceSelector":{{"matchLabels":{{"kubernetes.io/metadata.name":"team-1"}}}}}}],"ports":[{{"port":9092}}]}}]}}}})",
        space));
    add(fmt::format(
        R"({{"apiVersion":"v1","kind":"ResourceQuota","metadata":{{"name":"q","namespace":"{}"}},"spec":{{"hard":{{"requests.cpu":"8","requests.memory":"16Gi","pods":"100"}}}}}})",
        space));
    add(fmt::format(
        R"({{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{{"name":"b","namespace":"{0}"}},"roleRef":{{"kind":"Role","name":"r"}},"subjects":[{{"kind":"ServiceAccount","name":"robot","namespace":"{0}"}}]}})",
        space));
}

core::PlatformInputPtr platform(int objects)
{
    core::PlatformInputBuilder builder;
    const int each = objects / kNamespaces - 4;
    for (int space = 0; space < kNamespaces; ++space) {
        addFrame(nameOf(space), builder);
        for (int i = 0; i < each; ++i)
            builder.declare({manifest(objectOf(nameOf(space), i)), nameOf(space), 0, {}});
    }
    return std::move(builder).build();
}

/// Of the processor, in this thread: what others do on the machine does not count.
double workedMilliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

void report(const char* what, int runs, const std::function<void()>& run)
{
    std::vector<double> times;
    std::vector<double> worked;
    for (int i = 0; i < runs; ++i) {
        const auto start = Clock::now();
        const double before = workedMilliseconds();
        run();
        worked.push_back(workedMilliseconds() - before);
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::ranges::sort(times);
    std::ranges::sort(worked);
    fmt::print(
        R"({{"kernel":"{}","medianMs":{:.3f},"minMs":{:.3f},"maxMs":{:.3f},"cpuMedianMs":{:.3f},"cpuMaxMs":{:.3f},"runs":{}}})"
        "\n",
        what, times[times.size() / 2], times.front(), times.back(), worked[worked.size() / 2],
        worked.back(), runs);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    const core::PlatformInputPtr input = platform(argc > 1 ? std::atoi(argv[1]) : 10'000);
    fmt::print(R"({{"objects":{}}})"
               "\n",
               input->objects.size());
    report("model from scratch", 9, [&] { const core::PlatformModel model(input); });
    report("model and namespaces from scratch", 9, [&] {
        const core::PlatformModel model(input);
        if (core::namespaceViews(model).empty())
            std::abort();
    });
    core::PlatformModel model(input);
    report("the same input again", 9, [&] { model.setInput(input); });
    core::PlatformInputBuilder changed;
    for (int i = 0; i < 101; ++i)
        changed.declare({manifest(deployment("user-0", i * 5, 200 + i)), "user-0", 0, {}});
    const core::PlatformInputPtr objects = std::move(changed).build();
    std::size_t next = 0;
    report("one object changed, with its namespace's view", 20, [&] {
        model.setObject(objects->objects[next++]);
        if (core::namespaceView(model, "user-0").pods == 0)
            std::abort();
    });
    report("tenants", 3, [&] { core::tenantViews(model); });
    report("reachability of all tenants", 3,
           [&] { core::reachMatrix(model, core::tenantSpaces(model)); });
    report("findings", 3, [&] { core::findings(model); });
    core::FindingsModel kept;
    kept.update(model);
    core::PlatformInputBuilder again;
    for (int i = 0; i < 101; ++i)
        again.declare({manifest(deployment("user-0", i * 5, 400 + i)), "user-0", 0, {}});
    const core::PlatformInputPtr others = std::move(again).build();
    next = 0;
    report("findings after one changed object", 20, [&] {
        model.setObject(others->objects[next++]);
        kept.update(model);
    });
    // As the desktop's pages and the engine's questions have it: an input after another.
    core::PlatformViewer viewer;
    core::PlatformInput now = *input;
    report("all views from scratch", 1,
           [&] { viewer.update(std::make_shared<const core::PlatformInput>(now)); });
    std::vector<core::PlatformInputPtr> inputs;
    for (const core::PlatformObject& object : objects->objects) {
        const auto known = std::ranges::find(now.objects, object.key, &core::PlatformObject::key);
        if (known == now.objects.end())
            continue;
        *known = object;
        inputs.push_back(std::make_shared<const core::PlatformInput>(now));
    }
    next = 0;
    report("all views after one changed object", int(inputs.size()),
           [&] { viewer.update(inputs[next++]); });
}
