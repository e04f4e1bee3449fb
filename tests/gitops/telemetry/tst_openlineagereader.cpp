// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/openlineagereader.h"
#include "tests/gitops/telemetry/fakefetch.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

using namespace gitops;

namespace {

const char* const kEvent =
    "{\"eventType\":\"COMPLETE\",\"eventTime\":\"2026-01-01T10:00:00Z\",\"run\":{\"runId\":\"r\"},"
    "\"job\":{\"namespace\":\"n\",\"name\":\"j\"},\"outputs\":[{\"namespace\":\"s3://"
    "b\",\"name\":\"x\"}]}";

Reading readOnce(OpenLineageReader& reader, tests::ManualExecutor& executor)
{
    Reading out;
    reader.read(std::make_shared<Subjects>(), [&](Reading made) { out = std::move(made); });
    executor.runUntilIdle();
    return out;
}

} // namespace

class TestOpenLineageReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ofAFile()
    {
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        QTemporaryDir folder;
        const std::string path = folder.filePath("events.ndjson").toStdString();
        OpenLineageReader reader(path, pool, executor.clock());
        const auto missing = readOnce(reader, executor);
        QVERIFY(missing.state == core::TelemetrySource::State::Failed);
        QVERIFY(missing.message.find(path) != std::string::npos);
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kEvent);
        file.close();
        const auto reading = readOnce(reader, executor);
        QVERIFY(reading.state == core::TelemetrySource::State::Live);
        QCOMPARE(reading.runs.size(), std::size_t(1));
        QCOMPARE(reading.runs.front().source, reader.name());
    }

    void ofMarquez()
    {
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        int status = 200;
        std::string target;
        OpenLineageReader reader(
            "http://marquez:5000", tests::fakeFetch([&](const core::HttpRequest& request) {
                target = request.target;
                return tests::answered(status, std::string("{\"events\":[") + kEvent + "]}");
            }),
            pool, executor.clock());
        QCOMPARE(readOnce(reader, executor).runs.size(), std::size_t(1));
        QVERIFY(target.starts_with("/api/v1/events/lineage"));
        status = 500;
        QVERIFY(readOnce(reader, executor).state == core::TelemetrySource::State::Failed);
    }
};

WW_TEST_CLASS(TestOpenLineageReader)
#include "tst_openlineagereader.moc"
