// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/liveobjectreader.h"
#include "gitops/health/health.h"
#include "tests/gitops/cluster/jsontexts.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using tests::PaddedText;

class TestLiveObjectReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void identities_data();
    void identities();
    void unreadable_data();
    void unreadable();
    void depth();
    void missingKindIsFilledIn();
    void digestOfAnySpelling();
    void digestIsThatOfTheValue();
    void numbersWithoutAType();
    void healthSeesWhatItNeeds();
    void strangeMetadataIsNoCrash();
    void ownersShareTheirKind();
};

namespace {

/// A reader of one kind, and what it made of a text.
struct Reading
{
    InternTable<core::GroupKind> owners;
    LiveObjectReader reader;
    explicit Reading(const core::GroupVersionKind& kind = {"apps", "v1", "Deployment"},
                     bool isNamespaced = true, LiveState::HealthFunction health = &assessHealth)
        : reader(kind, isNamespaced, std::move(health), owners)
    {
    }
    LiveObjectPtr read(const std::string& text, bool isWanted = true)
    {
        const PaddedText padded(text);
        return reader.open(padded.view()) ? reader.read(isWanted) : LiveObjectPtr();
    }
};

std::string named(const std::string& more)
{
    return "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\","
           "\"namespace\":\"shop\"}"
        + more + "}";
}

} // namespace

void TestLiveObjectReader::identities_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isNamespaced");
    QTest::addColumn<QString>("identity"); ///< namespace/name uid version end
    const auto row = [](const char* name, const char* text, bool isNamespaced, const char* said) {
        QTest::newRow(name) << text << isNamespaced << said;
    };
    row("all",
        "{\"metadata\":{\"name\":\"a\",\"namespace\":\"s\",\"uid\":\"u\",\"resourceVersion\":\"9\"}"
        "}",
        true, "s/a u 9 0");
    row("of the cluster", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"s\"}}", false, "/a   0");
    row("nothing", "{}", true, "/   0");
    row("bookmark",
        "{\"metadata\":{\"resourceVersion\":\"12\",\"annotations\":{\"k8s.io/"
        "initial-events-end\":\"true\"}}}",
        true, "/  12 1");
    row("another bookmark",
        "{\"metadata\":{\"resourceVersion\":\"12\",\"annotations\":{\"k8s.io/"
        "initial-events-end\":\"no\"}}}",
        true, "/  12 0");
    row("wrong types",
        "{\"metadata\":{\"name\":1,\"uid\":{},\"resourceVersion\":7,\"annotations\":[]}}", true,
        "/   0");
    row("metadata no object", "{\"metadata\":[1]}", true, "/   0");
    row("name twice", "{\"metadata\":{\"name\":\"a\",\"name\":\"b\"}}", true, "/b   0");
}

void TestLiveObjectReader::identities()
{
    QFETCH(QString, text);
    QFETCH(bool, isNamespaced);
    QFETCH(QString, identity);
    Reading f({"", "v1", "ConfigMap"}, isNamespaced);
    QVERIFY(f.reader.open(PaddedText(text.toStdString()).view()));
    const LiveIdentity& found = f.reader.identity();
    QCOMPARE(QString::fromStdString(found.key.namespaceName + "/" + found.key.name + " " + found.uid
                                    + " " + found.resourceVersion + " "
                                    + (found.endsInitialEvents ? "1" : "0")),
             identity);
    QCOMPARE(found.key.kind, std::string("ConfigMap"));
    QCOMPARE(f.reader.read(false) == nullptr, found.key.name.empty());
}

void TestLiveObjectReader::unreadable_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"", "null", "[]", "1", "{", "{\"a\":}", "{\"a\":tru}", "{\"a\":01}", "{\"a\":\"\\x\"}",
          "{\"a\":\"\xff\"}", "{\"a\":1}}", "{}{}", "{\"a\":-}", "{\"a\":\"\\ud800\"}"})
        QTest::newRow(text) << QByteArray(text);
}

void TestLiveObjectReader::unreadable()
{
    QFETCH(QByteArray, text);
    Reading f;
    QVERIFY(!f.reader.open(PaddedText(text.toStdString()).view()));
    QVERIFY(!f.reader.read(true)); // and nothing of the one before
    QVERIFY(f.read(named(""))); // it still reads others
}

void TestLiveObjectReader::depth()
{
    const auto nested = [](std::size_t levels) {
        return named(",\"spec\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']'));
    };
    Reading f;
    QVERIFY(f.read(nested(kMaxObjectDepth)));
    QVERIFY(!f.read(nested(kMaxObjectDepth + 1)));
    QVERIFY(!f.read(nested(1'000'000)));
    QVERIFY(f.read(nested(10)));
}

void TestLiveObjectReader::missingKindIsFilledIn()
{
    Reading f;
    const LiveObjectPtr with = f.read(named(""));
    const LiveObjectPtr without = f.read("{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"}}");
    QVERIFY(with && without);
    QVERIFY(with->digest == without->digest);
    const auto value = core::parseJson(*without->manifest);
    QVERIFY(value
            && core::groupVersionKindOf(*value)
                == (core::GroupVersionKind {"apps", "v1", "Deployment"}));
    QVERIFY(with->kind == (core::GroupVersionKind {"apps", "v1", "Deployment"}));
}

void TestLiveObjectReader::digestOfAnySpelling()
{
    Reading f;
    const auto digest = [&f](const std::string& more) { return f.read(named(more))->digest; };
    const core::Digest plain = digest(",\"spec\":{\"a\":\"ü\",\"b\":[1,2.5,1e21]}");
    QVERIFY(digest(",\"spec\": {\"b\":[1, 2.50, 1000000000000000000000.0],\"a\":\"\\u00fc\"}")
            == plain);
    QVERIFY(digest(",\"status\":{\"x\":1},\"spec\":{\"a\":\"ü\",\"b\":[1,2.5,1e21]}") == plain);
    QVERIFY(digest(",\"spec\":{\"a\":\"ü\",\"b\":[1,2.5,1e20]}") != plain);
    QVERIFY(digest(",\"spec\":{\"a\":\"ü\",\"b\":[2.5,1,1e21]}") != plain);
    QVERIFY(digest(",\"spec\":{\"a\":\"ü\",\"b\":[1,2.5,1e21],\"status\":1}") != plain);
}

void TestLiveObjectReader::digestIsThatOfTheValue()
{
    Reading f({"apps", "v1", "Deployment"}, true, {});
    for (unsigned seed = 1; seed < 1000; ++seed) {
        tests::JsonMaker maker(seed);
        core::JsonObject metadata = maker.object(3);
        metadata["name"] = "a";
        metadata["managedFields"] = maker.value(4);
        metadata["resourceVersion"] = "5";
        metadata["generation"] = 7;
        core::JsonObject object = maker.object(4);
        object["apiVersion"] = "apps/v1";
        object["kind"] = "Deployment";
        object["status"] = maker.value(3);
        object["metadata"] = metadata;
        const std::string text = core::toText(object);
        const LiveObjectPtr read = f.read(text);
        QVERIFY2(read, text.c_str());
        QCOMPARE(*read->manifest, text);
        for (const char* const name : {"managedFields", "resourceVersion", "generation"})
            metadata.stable_erase(name);
        object["metadata"] = metadata;
        object.stable_erase("status");
        QVERIFY(read->digest == core::sha256(core::toCanonicalText(object)));
    }
}

void TestLiveObjectReader::numbersWithoutAType()
{
    Reading f;
    // Go prints neither, but an aggregated API need not be written in Go.
    const LiveObjectPtr large = f.read(named(",\"spec\":{\"n\":123456789012345678901234567890}"));
    QVERIFY(large);
    QVERIFY(large->digest
            == f.read(named(",\"spec\":{\"n\":123456789012345680000000000000}"))->digest);
    QVERIFY(large->digest != f.read(named(",\"spec\":{\"n\":12}"))->digest);
}

void TestLiveObjectReader::healthSeesWhatItNeeds()
{
    core::Json seen;
    const auto spy = [&seen](const core::Json& object) {
        seen = core::Json(object, boost::json::storage_ptr());
        return core::HealthAssessment {core::Health::Healthy, "fine"};
    };
    const std::string body =
        "{\"metadata\":{\"name\":\"a\",\"generation\":2,\"managedFields\":[1]},"
        "\"data\":{\"k\":\"v\"},\"status\":{\"n\":1.5}}";
    Reading deployment({"apps", "v1", "Deployment"}, true, spy);
    const LiveObjectPtr object = deployment.read(body);
    QVERIFY(object->health.status == core::Health::Healthy);
    QCOMPARE(
        core::toCanonicalText(seen),
        std::string("{\"apiVersion\":\"apps/v1\",\"data\":{\"k\":\"v\"},\"kind\":\"Deployment\","
                    "\"metadata\":{\"generation\":2,\"name\":\"a\"},\"status\":{\"n\":1.5}}"));
    Reading secret({"", "v1", "Secret"}, true, spy);
    QVERIFY(secret.read(body)->manifest->find("\"k\":\"v\"") != std::string::npos);
    QVERIFY(!core::find(seen, "data"));
}

void TestLiveObjectReader::strangeMetadataIsNoCrash()
{
    for (unsigned seed = 1; seed < 3000; ++seed) {
        tests::JsonMaker maker(seed);
        core::JsonObject metadata;
        for (const char* const name :
             {"generation", "creationTimestamp", "deletionTimestamp", "annotations",
              "ownerReferences", "finalizers", "namespace", "uid", "resourceVersion"})
            metadata[name] = maker.value(3);
        metadata["name"] = "a";
        Reading f;
        QVERIFY(f.read(core::toText(core::JsonObject {
            {"metadata", metadata}, {"spec", maker.value(2)}, {"status", maker.value(3)}})));
    }
}

void TestLiveObjectReader::ownersShareTheirKind()
{
    Reading f;
    const std::string text =
        "{\"metadata\":{\"name\":\"a\",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\","
        "\"kind\":\"ReplicaSet\",\"name\":\"r\",\"uid\":\"u\",\"controller\":true}]}}";
    const LiveObjectPtr a = f.read(text);
    const LiveObjectPtr b = f.read(text);
    QVERIFY(&*a->owners[0].kind == &*b->owners[0].kind);
    QVERIFY(&*a->kind == &*b->kind);
    QVERIFY(a->owners[0].kind == (core::GroupKind {"apps", "ReplicaSet"})
            && a->owners[0].controller);
}

WW_TEST_CLASS(TestLiveObjectReader)
#include "tst_liveobjectreader.moc"
