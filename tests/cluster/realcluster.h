// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/workspace.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <memory>
#include <optional>

namespace tests {

/// A real Kubernetes API server for a test: a control plane of its own (tests/cluster/cluster), or
/// the cluster of WAVEWRIGHT_E2E_KUBECONFIG. Gone with the object.
class RealCluster
{
public:
    /// Why there is none here, in one line; "" when there is.
    static QString whyNot();
    /// A control plane of this test's own: its programs can be killed, anything can be written.
    static bool isOwn();

    RealCluster();
    ~RealCluster();

    /// "" when it is ready, else what went wrong.
    const QString& problem() const { return m_problem; }
    QString folder() const { return m_folder.path(); }
    QString kubeconfig() const; ///< the administrator's

    /// A verb of tests/cluster/cluster: "kill etcd"; what it answered, nullopt when it failed.
    std::optional<QString> command(const QString& line, int timeoutMs = 60'000);
    /// The practice cluster's behaviours, as a client, until the end.
    void behave();
    QString behaviourOutput();

private:
    std::optional<QString> answer(int timeoutMs);

    QTemporaryDir m_folder;
    QProcess m_control;
    std::unique_ptr<QProcess> m_behaviours;
    QString m_problem;
};

/// A folder with a Git repository whose programs talk to a real cluster, and a namespace of its own
/// there that goes with it.
class RealWorkspace : public Workspace
{
public:
    explicit RealWorkspace(const RealCluster& cluster);
    /// Its applications get names of their own: records, Leases and tracking ids know one by its
    /// name alone, and rows of a test share a cluster. The methods below go on taking the short
    /// name.
    void useOwnNames() { m_suffix = '-' + m_space.section('-', -1); }
    QString applicationName(const QString& name) const { return name + m_suffix; }
    ~RealWorkspace();

    const QString& space() const { return m_space; } ///< the namespace
    /// An application of a folder of the repository, into the namespace; more: lines of its spec.
    void writeApplication(const QString& name, const QString& options = {},
                          const QString& more = {});
    QString applicationFile(const QString& name) const { return path(name + ".yaml"); }
    /// --state, --config, --kubeconfig and -f for an application.
    QStringList options(const QString& name) const;
    /// kubectl apply -f - with a text; client-side unless there are more arguments.
    Finished kubectlApply(const QString& text, const QStringList& arguments = {}) const;
    /// wavewright status as JSON, of the process in the background.
    QJsonObject status(const QString& name) const;
    /// Until the application is Synced and Healthy; prints what all sides said when it is not.
    bool settles(const QString& name, int timeoutMs = 90'000);

private:
    QString m_space;
    QString m_suffix; ///< of applications' names
};

/// Until the condition holds, by the clock: programs in the background answer in their own time.
template<class Condition>
bool waitUntil(Condition condition, int timeoutMs = 60'000)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > timeoutMs)
            return false;
        QTest::qWait(100);
    }
    return true;
}

} // namespace tests
