// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/health/health.h"
#include "tests/support/testregistry.h"

#include <QDirIterator>
#include <QtTest/QTest>

#include <random>

using core::Health;

namespace {

core::Json read(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    auto object = core::parseYaml(file.readAll().toStdString(), path.toStdString());
    if (!object)
        qFatal("%s", object.error().text().c_str());
    return *object;
}

QStringList caseFiles()
{
    QStringList files;
    QDirIterator each(QStringLiteral(TEST_DATA_DIR "/health"), {QStringLiteral("*.yaml")},
                      QDir::Files, QDirIterator::Subdirectories);
    while (each.hasNext())
        files << each.next();
    files.sort();
    return files;
}

QString word(const core::HealthAssessment& health)
{
    if (!health.status)
        return QStringLiteral("none");
    const std::string_view text = core::toString(*health.status);
    return QString::fromUtf8(text.data(), qsizetype(text.size())).toLower();
}

/// Puts something of another type at a random place.
void damage(core::Json& value, std::mt19937& random)
{
    const auto roll = [&](std::size_t below) { return random() % below; };
    if (value.is_object() && !value.get_object().empty() && roll(6) != 0) {
        auto& object = value.get_object();
        return damage((object.begin() + std::ptrdiff_t(roll(object.size())))->value(), random);
    }
    if (value.is_array() && !value.get_array().empty() && roll(4) != 0)
        return damage(value.get_array()[roll(value.get_array().size())], random);
    switch (roll(6)) {
    case 0:
        value = nullptr;
        break;
    case 1:
        value = core::JsonArray {1, "a", nullptr};
        break;
    case 2:
        value = core::JsonObject {{"type", 1}};
        break;
    case 3:
        value = std::string(5000, 'x');
        break;
    case 4:
        value = -1.5;
        break;
    default:
        value = true;
    }
}

} // namespace

class TestHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judges_data();
    void judges();
    void tellsWhy_data();
    void tellsWhy();
    void survivesDamage();
    void judgesNonObjects();
};

/// tests/data/health/<kind>/<status>-<what>.yaml
void TestHealth::judges_data()
{
    QTest::addColumn<QString>("path");
    const QStringList files = caseFiles();
    QVERIFY(files.size() >= 120);
    for (const QString& path : files)
        QTest::newRow(qPrintable(path.section(QLatin1Char('/'), -2))) << path;
}

void TestHealth::judges()
{
    QFETCH(QString, path);
    const core::HealthAssessment health = gitops::assessHealth(read(path));
    const QString wanted = QFileInfo(path).fileName().section(QLatin1Char('-'), 0, 0);
    QVERIFY2(word(health) == wanted,
             qPrintable(QStringLiteral("got %1 (%2)")
                            .arg(word(health), QString::fromStdString(health.message))));
}

void TestHealth::tellsWhy_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* path, const char* message) {
        QTest::newRow(path) << QStringLiteral(TEST_DATA_DIR "/health/") + QLatin1String(path)
                            << QString::fromUtf8(message);
    };
    row("deployment/progressing-few-updated.yaml", "Waiting for rollout: 1 of 3 replicas updated");
    row("deployment/progressing-deleted.yaml", "Pending deletion");
    row("deployment/unknown-replicas-no-number.yaml",
        "status.updatedReplicas is not a whole number");
    row("deployment/unknown-other-version.yaml", "Health of apps/v1beta2 Deployment is not known");
    row("pod/degraded-image-pull.yaml", "container web: no such image");
    row("pod/degraded-exit-code.yaml", "container web failed with exit code 3");
    row("pod/degraded-out-of-memory.yaml", "OOMKilled");
    row("job/degraded-failed.yaml", "Job has reached the limit");
    row("kafka/progressing-creating.yaml", "Kafka cluster is being deployed");
    row("kafka/progressing-new.yaml", "Waiting for the Strimzi operator");
    row("kafka/progressing-behind.yaml", "Status is of generation 1, waiting for generation 2");
    row("kafkanodepool/progressing-few.yaml", "1 of 3 nodes");
    row("poddisruptionbudget/degraded-sync-failed.yaml", "SyncFailed");
    row("tenant/progressing-provisioning.yaml", "Provisioning MinIO Statefulset");
    row("application/degraded-degraded.yaml", "Caused by web");
}

void TestHealth::tellsWhy()
{
    QFETCH(QString, path);
    QFETCH(QString, message);
    QCOMPARE(QString::fromStdString(gitops::assessHealth(read(path)).message), message);
}

/// An object of any shape gets a verdict, of bounded length and readable.
void TestHealth::survivesDamage()
{
    std::mt19937 random(20260101);
    for (const QString& path : caseFiles()) {
        const core::Json sound = read(path);
        for (int round = 0; round < 20; ++round) {
            core::Json object = sound;
            for (int blow = 0; blow <= round % 3; ++blow)
                damage(object, random);
            const core::HealthAssessment health = gitops::assessHealth(object);
            QVERIFY(health.message.size() < 12'000);
            QVERIFY(core::isValidUtf8(health.message));
            if (health.status == Health::Unknown && object.is_object()
                && core::stringAt(object, {"kind"}) == "Kafka")
                QVERIFY(!health.message.empty());
        }
    }
}

void TestHealth::judgesNonObjects()
{
    for (const core::Json& value :
         {core::Json(nullptr), core::Json(1), core::Json("Pod"), core::Json(core::JsonArray {})})
        QCOMPARE(gitops::assessHealth(value).status, std::optional(Health::Unknown));
    QCOMPARE(gitops::assessHealth(core::JsonObject {}).status, std::optional<Health>());
}

WW_TEST_CLASS(TestHealth)
#include "tst_health.moc"
