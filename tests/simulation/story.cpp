// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/story.h"

#include <algorithm>

namespace tests {

namespace {

std::string configMap(const std::string& name, const std::string& value, int wave = 0,
                      const std::string& space = "")
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name
        + (space.empty() ? "" : "\n  namespace: " + space)
        + "\n  annotations:\n    argocd.argoproj.io/sync-wave: \"" + std::to_string(wave)
        + "\"\ndata:\n  value: \"" + value + "\"\n";
}

constexpr const char* kDefinition = R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
)";

constexpr const char* kHook = R"(apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: migrate, image: "example.com/migrate:1"}
)";

std::string deployment(const std::string& image)
{
    return R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {argocd.argoproj.io/sync-wave: "1"}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: ")"
        + image + R"("}
)";
}

constexpr const char* kService = R"(apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {argocd.argoproj.io/sync-wave: "1"}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: 8080}
)";

std::string widget(int size)
{
    return "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: main\n  annotations:\n"
           "    argocd.argoproj.io/sync-wave: \"2\"\nspec:\n  size: "
        + std::to_string(size) + "\n";
}

constexpr const char* kServiceAccount =
    "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n";

std::string object(const std::string& name, const std::string& space, const std::string& extra)
{
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name
        + R"(","namespace":")" + space + "\"" + extra + R"(},"data":{"value":"theirs"}})";
}

core::Application rootApplication()
{
    core::Application app;
    app.name = "shop";
    app.source.repoUrl = "/repositories/shop";
    app.source.path = "shop";
    app.destinationNamespace = "shop";
    app.automated = true;
    app.prune = true;
    app.selfHeal = true;
    app.syncOptions = {"CreateNamespace=true"};
    app.retry.limit = 5;
    return app;
}

SimulatedGit::Files firstCommit()
{
    return {
        {"shop/crd.yaml", kDefinition},
        {"shop/migrate.yaml", kHook},
        {"shop/settings.yaml", configMap("settings", "1")},
        {"shop/leftover.yaml", configMap("leftover", "1")},
        {"shop/shared.yaml", configMap("shared", "ours", 0, "default")},
        {"shop/account.yaml", kServiceAccount},
        {"shop/web.yaml", deployment("example.com/web:1")},
        {"shop/service.yaml", kService},
        {"shop/old.yaml",
         "apiVersion: v1\nkind: Service\nmetadata:\n  name: old\nspec:\n  ports:\n  - {port: "
         "81}\n"},
        {"shop/widget.yaml", widget(1)},
        {"shop/last.yaml", configMap("last", "1", 2)},
        {"shop/first.yaml", configMap("first", "1", -1)},
    };
}

SimulatedGit::Files secondCommit()
{
    SimulatedGit::Files files = firstCommit();
    std::erase_if(files, [](const auto& file) {
        return file.first == "shop/leftover.yaml" || file.first == "shop/old.yaml";
    });
    for (auto& [path, text] : files) {
        if (path == "shop/web.yaml")
            text = deployment("example.com/web:2");
        else if (path == "shop/widget.yaml")
            text = widget(2);
        else if (path == "shop/last.yaml")
            text = configMap("last", "2", 2);
    }
    files.push_back({"shop/added.yaml", configMap("added", "2", 1)});
    return files;
}

std::vector<std::pair<std::string, std::string>> foreignObjects()
{
    return {
        // Declared by Git, too: it is taken over, marked, and never pruned.
        {"/api/v1/namespaces/default/configmaps/shared", object("shared", "default", "")},
        {"/api/v1/namespaces/default/configmaps/theirs", object("theirs", "default", "")},
        // Labels and annotations copied from an object of ours prove nothing.
        {"/api/v1/namespaces/default/configmaps/copied",
         object(
             "copied", "default",
             R"(,"annotations":{"wavewright.dev/tracking-id":"shop:/ConfigMap:shop/settings"})")},
        // Names itself, but was never applied by us.
        {"/api/v1/namespaces/default/configmaps/claimed",
         object(
             "claimed", "default",
             R"(,"annotations":{"wavewright.dev/tracking-id":"shop:/ConfigMap:default/claimed"})")},
    };
}

std::string inShop(const std::string& rest)
{
    return "/api/v1/namespaces/shop/" + rest;
}

std::map<std::string, std::string> plainTargets()
{
    std::map<std::string, std::string> targets;
    for (const std::string& path : {
             std::string(
                 "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com"),
             std::string("/apis/batch/v1/namespaces/shop/jobs/migrate"),
             std::string("/apis/example.com/v1/namespaces/shop/widgets/main"),
             std::string("/api/v1/namespaces/default/configmaps/shared"),
             std::string("/api/v1/namespaces/shop"),
             std::string(kSettings),
             std::string(kDeployment),
             inShop("configmaps/leftover"),
             inShop("serviceaccounts/web"),
             inShop("services/web"),
             inShop("services/old"),
             inShop("configmaps/last"),
             inShop("configmaps/first"),
             inShop("configmaps/added"),
         })
        targets[path] = "shop";
    return targets;
}

std::string child(const std::string& name, int wave, bool finalizer)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\n  namespace: argocd\n  annotations: {argocd.argoproj.io/sync-wave: \""
        + std::to_string(wave) + "\"}\n"
        + (finalizer ? "  finalizers: [resources-finalizer.argocd.argoproj.io]\n" : "")
        + "spec:\n  project: default\n  source: {repoURL: /repositories/shop, path: " + name
        + ", targetRevision: HEAD}\n  destination: {server: \"https://kubernetes.default.svc\", "
          "namespace: shop}\n  syncPolicy:\n    automated: {prune: true, selfHeal: true}\n"
          "    syncOptions: [CreateNamespace=true]\n    retry: {limit: 5}\n";
}

SimulatedGit::Files familyCommit(bool second)
{
    const std::string number = second ? "2" : "1";
    SimulatedGit::Files files {
        {"shop/base.yaml", child("base", 0, false)},
        {"shop/front.yaml", child("front", 1, false)},
        {"base/web.yaml", deployment("example.com/web:" + number)},
        {"base/settings.yaml", configMap("settings", "1")},
        {"base/crd.yaml", kDefinition},
        {"front/service.yaml", kService},
        {"front/last.yaml", configMap("last", number, 2)},
        {"front/first.yaml", configMap("first", "1", -1)},
        {"front/widget.yaml", widget(second ? 2 : 1)},
        {"front/migrate.yaml", kHook},
    };
    if (second) {
        files.push_back({"shop/late.yaml", child("late", 2, true)});
        files.push_back({"late/added.yaml", configMap("added", "2", 1)});
    } else {
        files.push_back({"shop/extra.yaml", child("extra", 1, true)});
        files.push_back({"extra/a.yaml", configMap("extra-a", "1")});
        files.push_back({"extra/b.yaml", configMap("extra-b", "1", 1)});
        files.push_back({"front/leftover.yaml", configMap("leftover", "1")});
    }
    return files;
}

} // namespace

const Story& plainStory()
{
    static const Story story {
        .root = rootApplication(),
        .applications = {"shop"},
        .first = firstCommit(),
        .second = secondCommit(),
        .targets = plainTargets(),
        .pruned = {inShop("configmaps/leftover"), inShop("services/old")},
        .hooks = {"/apis/batch/v1/namespaces/shop/jobs/migrate"},
        .foreign = foreignObjects(),
        .gates = {},
    };
    return story;
}

const Story& familyStory()
{
    static const Story story {
        .root = rootApplication(),
        .applications = {"shop", "base", "front", "late"},
        .first = familyCommit(false),
        .second = familyCommit(true),
        .targets =
            {
                {"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com",
                 "base"},
                {"/api/v1/namespaces/shop", ""},
                {kSettings, "base"},
                {kDeployment, "base"},
                {inShop("services/web"), "front"},
                {inShop("configmaps/last"), "front"},
                {inShop("configmaps/first"), "front"},
                {inShop("configmaps/leftover"), "front"},
                {"/apis/example.com/v1/namespaces/shop/widgets/main", "front"},
                {"/apis/batch/v1/namespaces/shop/jobs/migrate", "front"},
                {inShop("configmaps/extra-a"), "extra"},
                {inShop("configmaps/extra-b"), "extra"},
                {inShop("configmaps/added"), "late"},
            },
        .pruned = {inShop("configmaps/leftover"), inShop("configmaps/extra-a"),
                   inShop("configmaps/extra-b")},
        .hooks = {"/apis/batch/v1/namespaces/shop/jobs/migrate"},
        .foreign = foreignObjects(),
        .gates = {{"front", "example.com/web:1"},
                  {"extra", "example.com/web:1"},
                  {"late", "example.com/web:2"}},
    };
    return story;
}

std::vector<SimulatedGit::Files> refusedCommits(const Story& story)
{
    const auto with = [&](std::pair<std::string, std::string> file) {
        SimulatedGit::Files files = story.first;
        files.push_back(std::move(file));
        return files;
    };
    std::vector<SimulatedGit::Files> commits {
        with({"shop/broken.yaml",
              "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n   b: c\n"}),
        with({"shop/nameless.yaml", "apiVersion: v1\nkind: ConfigMap\n"}),
        with({"shop/kustomization.yaml", "resources: [nowhere.yaml]\n"}),
        {{"README.md", "All the manifests are gone.\n"}},
        {{"shop/README.md", "The folder is there, and empty.\n"}},
    };
    return commits;
}

} // namespace tests
