// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/story.h"

#include <algorithm>

namespace tests::story {

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

const std::vector<std::string>& pruned()
{
    static const std::vector<std::string> targets {
        "/api/v1/namespaces/shop/configmaps/leftover",
        "/api/v1/namespaces/shop/services/old",
    };
    return targets;
}

std::string object(const std::string& name, const std::string& space, const std::string& extra)
{
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name
        + R"(","namespace":")" + space + "\"" + extra + R"(},"data":{"value":"theirs"}})";
}

} // namespace

core::Application application()
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

std::vector<std::string> allTargets()
{
    return {
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com",
        "/apis/batch/v1/namespaces/shop/jobs/migrate",
        kSettings,
        "/api/v1/namespaces/shop/configmaps/leftover",
        "/api/v1/namespaces/default/configmaps/shared",
        "/api/v1/namespaces/shop/serviceaccounts/web",
        kDeployment,
        "/api/v1/namespaces/shop/services/web",
        "/api/v1/namespaces/shop/services/old",
        "/apis/example.com/v1/namespaces/shop/widgets/main",
        "/api/v1/namespaces/shop/configmaps/last",
        "/api/v1/namespaces/shop/configmaps/first",
        "/api/v1/namespaces/shop/configmaps/added",
        "/api/v1/namespaces/shop",
    };
}

bool isDeclared(const std::string& target)
{
    return std::ranges::count(allTargets(), target) > 0;
}

bool isPruned(const std::string& target)
{
    return std::ranges::count(pruned(), target) > 0;
}

} // namespace tests::story
