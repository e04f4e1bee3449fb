// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/metricsserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestMetrics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void text()
    {
        core::Snapshot snapshot;
        core::ApplicationState state;
        state.spec.name = "a\"b";
        state.spec.source.repoUrl = "https://e.x/r";
        state.sync = core::SyncState::OutOfSync;
        core::ResourceState resource;
        resource.declared = true;
        resource.sync = core::SyncState::OutOfSync;
        state.resources = {resource};
        snapshot.applications["a\"b"] = std::make_shared<const core::ApplicationState>(state);
        const std::string text = app::metricsText(snapshot);
        QVERIFY(text.find("wavewright_app_info{name=\"a\\\"b\",repo=\"https://e.x/"
                          "r\",sync_status=\"OutOfSync\"")
                != std::string::npos);
        QVERIFY(text.find("wavewright_app_resources{name=\"a\\\"b\",sync_status=\"OutOfSync\"} 1")
                != std::string::npos);
        QVERIFY(text.find("wavewright_cluster_connected{server=\"\"} 0") != std::string::npos);
    }
};

WW_TEST_CLASS(TestMetrics)
#include "tst_metrics.moc"
