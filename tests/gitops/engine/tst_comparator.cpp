// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace std::chrono_literals;
using tests::EngineFixture;

namespace {

constexpr const char* kDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
constexpr const char* kBrokers = "/apis/example.org/v1/namespaces/shop/brokers";

/// Brokers have listeners, told apart by name.
std::string definition(const std::string& listType = "\"map\"")
{
    return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
           R"("metadata":{"name":"brokers.example.org"},"spec":{"group":"example.org",)"
           R"("scope":"Namespaced","names":{"plural":"brokers","singular":"broker",)"
           R"("kind":"Broker","listKind":"BrokerList"},"versions":[{"name":"v1","served":true,)"
           R"("storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":)"
           R"({"type":"object","properties":{"listeners":{"type":"array",)"
           R"("x-kubernetes-list-type":)"
        + listType
        + R"(,"x-kubernetes-list-map-keys":["name"],"items":{"type":"object",)"
          R"("required":["name"],"properties":{"name":{"type":"string"},)"
          R"("port":{"type":"integer"}}}}}}}}}}]}})";
}

std::string broker(const std::string& listeners, const std::string& metadata = {})
{
    return R"({"apiVersion":"example.org/v1","kind":"Broker","metadata":{"name":"b",)"
           R"("namespace":"shop")"
        + metadata + R"(},"spec":{"listeners":[)" + listeners + "]}}";
}

/// One that no manager of fields is known of: they do not tell how its listeners are told apart.
void createBroker(EngineFixture& f, const std::string& listeners)
{
    const core::Json made =
        core::parseJson(f.request("POST", kBrokers, broker(listeners)).body).value();
    f.request("PUT", std::string(kBrokers) + "/b",
              broker(listeners,
                     R"(,"managedFields":[{}],"resourceVersion":")"
                         + std::string(core::stringAt(made, {"metadata", "resourceVersion"}))
                         + "\""));
}

std::vector<std::string> changedPaths(EngineFixture& f)
{
    std::vector<std::string> paths;
    const core::ResourceState* found = f.resource("Broker", "b");
    if (found && found->diff)
        for (const core::FieldChange& change : found->diff->changes)
            if (change.path.starts_with("/spec") && change.type != core::FieldChange::Type::NotOurs)
                paths.push_back(change.display);
    return paths;
}

} // namespace

/// Comparisons that need more than the two objects.
class TestComparator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listKeysOfCustomKinds_data()
    {
        QTest::addColumn<QByteArray>("live");
        QTest::addColumn<bool>("isForbidden"); ///< definitions cannot be read
        QTest::addColumn<bool>("isDeclared"); ///< Git has the definition
        QTest::addColumn<QByteArray>("changed");
        const QByteArray moved = R"({"name":"tls","port":2},{"name":"plain","port":1})";
        const QByteArray other = R"({"name":"tls","port":2},{"name":"plain","port":9})";
        QTest::newRow("order means nothing") << moved << false << false << QByteArray();
        QTest::newRow("one item differs")
            << other << false << false << QByteArray("spec.listeners[name=plain].port");
        QTest::newRow("the definition of Git, where the cluster's is not to be read")
            << moved << true << true << QByteArray();
        QTest::newRow("no definition: the list as a whole")
            << moved << true << false << QByteArray("spec.listeners");
    }
    void listKeysOfCustomKinds()
    {
        QFETCH(QByteArray, live);
        QFETCH(bool, isForbidden);
        QFETCH(bool, isDeclared);
        QFETCH(QByteArray, changed);
        EngineFixture f;
        f.createNamespace("shop");
        f.request("POST", kDefinitions, definition());
        QVERIFY(f.runUntil([&] { return f.exists(kBrokers); }));
        createBroker(f, live.toStdString());
        std::size_t asked = 0;
        f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            if (request.method != "GET"
                || !request.target.starts_with(std::string(kDefinitions) + "/"))
                return std::nullopt;
            ++asked;
            if (!isForbidden)
                return std::nullopt;
            gitops::practice::Fault refused;
            refused.answer = {.status = 403, .body = "{}"};
            return refused;
        };
        EngineFixture::Files files {{"app/b.yaml", broker(R"({"name":"plain","port":1})")}};
        if (isDeclared)
            files.push_back({"app/crd.yaml", definition()});
        f.commit(files);
        core::Application application = f.application();
        application.automated = false;
        f.add(application);
        QVERIFY(f.runUntil([&] {
            const core::ResourceState* found = f.resource("Broker", "b");
            return found && found->diff;
        }));
        const std::vector<std::string> paths = changedPaths(f);
        QCOMPARE(paths.size(), std::size_t(changed.isEmpty() ? 0 : 1));
        if (!paths.empty())
            QCOMPARE(paths.front(), changed.toStdString());
        QCOMPARE(asked, std::size_t(isDeclared ? 2 : 1)); // its own manifest is compared, too
    }

    void aChangedDefinitionIsReadAgain()
    {
        EngineFixture f;
        f.createNamespace("shop");
        f.request("POST", kDefinitions, definition("\"atomic\""));
        QVERIFY(f.runUntil([&] { return f.exists(kBrokers); }));
        createBroker(f, R"({"name":"tls","port":2},{"name":"plain","port":1})");
        f.commit({{"app/b.yaml", broker(R"({"name":"plain","port":1})")}});
        core::Application application = f.application();
        application.automated = false;
        f.add(application);
        QVERIFY(f.runUntil([&] { return !changedPaths(f).empty(); }));
        f.request("PATCH", std::string(kDefinitions) + "/brokers.example.org", definition(),
                  "application/merge-patch+json");
        f.run(1s);
        QVERIFY(f.submit(core::command::Refresh {"app"}).has_value());
        f.request("PATCH", std::string(kBrokers) + "/b", R"({"metadata":{"labels":{"a":"b"}}})",
                  "application/merge-patch+json");
        QVERIFY(f.runUntil([&] { return changedPaths(f).empty(); }));
    }
};

WW_TEST_CLASS(TestComparator)
#include "tst_comparator.moc"
