// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cluster/realcluster.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <cstdio>

namespace tests {

namespace {

constexpr int kStartMs = 180'000;
const char* const kTool = PROJECT_ROOT_DIR "/tests/cluster/cluster";

QString givenKubeconfig()
{
    return qEnvironmentVariable("WAVEWRIGHT_E2E_KUBECONFIG");
}

} // namespace

bool RealCluster::isOwn()
{
    return givenKubeconfig().isEmpty();
}

QString RealCluster::whyNot()
{
    if (!Workspace::hasKubectl())
        return "kubectl is not installed";
    if (!isOwn())
        return {};
    QProcess check;
    check.start("python3", {kTool, "build", "--check"});
    if (!check.waitForFinished(60'000))
        return "tests/cluster/cluster does not answer";
    return check.exitCode() == 0 ? QString()
                                 : QString::fromUtf8(check.readAllStandardOutput()).trimmed();
}

RealCluster::RealCluster()
{
    if (!isOwn())
        return;
    m_control.setProcessChannelMode(QProcess::SeparateChannels);
    m_control.start("python3", {kTool, "start", m_folder.filePath("cluster"), "--foreground"});
    const auto ready = answer(kStartMs);
    if (!ready)
        m_problem = "the control plane did not start: "
            + QString::fromUtf8(m_control.readAllStandardError()).right(4000);
}

RealCluster::~RealCluster()
{
    if (m_behaviours) {
        m_behaviours->terminate();
        if (!m_behaviours->waitForFinished(15'000))
            m_behaviours->kill();
        m_behaviours->waitForFinished();
    }
    if (m_control.state() == QProcess::NotRunning)
        return;
    m_control.closeWriteChannel();
    if (!m_control.waitForFinished(60'000)) {
        m_control.terminate();
        m_control.waitForFinished();
    }
}

QString RealCluster::kubeconfig() const
{
    return isOwn() ? m_folder.filePath("cluster/kubeconfig") : givenKubeconfig();
}

std::optional<QString> RealCluster::answer(int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    while (!m_control.canReadLine()) {
        if (timer.elapsed() > timeoutMs || m_control.state() == QProcess::NotRunning)
            return std::nullopt;
        m_control.waitForReadyRead(200);
    }
    return QString::fromUtf8(m_control.readLine()).trimmed();
}

std::optional<QString> RealCluster::command(const QString& line, int timeoutMs)
{
    m_control.write(line.toUtf8() + "\n");
    const auto said = answer(timeoutMs);
    if (said && said->startsWith("done"))
        return said->mid(5);
    std::fprintf(stderr, "%s: %s\n", qPrintable(line), qPrintable(said.value_or("no answer")));
    return std::nullopt;
}

void RealCluster::behave()
{
    m_behaviours = std::make_unique<QProcess>();
    m_behaviours->setProcessChannelMode(QProcess::MergedChannels);
    m_behaviours->start(
        QStringLiteral(WAVEWRIGHT_PROGRAM),
        {"practice", "--behaviours-only", "--kubeconfig", kubeconfig(), "--delay", "0"});
    m_behaviours->waitForStarted();
}

QString RealCluster::behaviourOutput()
{
    if (!m_behaviours)
        return {};
    m_behaviours->waitForReadyRead(1);
    return QString::fromUtf8(m_behaviours->readAll());
}

RealWorkspace::RealWorkspace(const RealCluster& cluster)
    : m_space("wavewright-test-" + QString::number(QRandomGenerator::global()->generate(), 36))
{
    QFile::copy(cluster.kubeconfig(), kubeconfig());
    kubectl({"create", "namespace", m_space});
}

RealWorkspace::~RealWorkspace()
{
    stop(); // gives its Lease back: the next test waits for nobody
    kubectl({"delete", "namespace", m_space, "--wait=false"});
}

void RealWorkspace::writeApplication(const QString& name, const QString& options,
                                     const QString& more)
{
    QFile file(applicationFile(name));
    if (!file.open(QIODevice::WriteOnly))
        return;
    QString text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
                   "metadata: {name: %6, namespace: %2}\nspec:\n  project: default\n"
                   "  source: {repoURL: \"%3\", path: %1, targetRevision: HEAD}\n"
                   "  destination: {server: \"https://kubernetes.default.svc\", namespace: %2}\n"
                   "  syncPolicy:\n    automated: {prune: true, selfHeal: true}\n"
                   "    syncOptions: [%4]\n%5";
    // Several tests may share a cluster: an application's records are named after it.
    file.write(text.arg(name, m_space, kUrl, options, more, applicationName(name)).toUtf8());
}

QStringList RealWorkspace::options(const QString& name) const
{
    return {"--state",      stateFolder(), "--config", path("config.yaml"),
            "--kubeconfig", kubeconfig(),  "-f",       applicationFile(name)};
}

Finished RealWorkspace::kubectlApply(const QString& text, const QStringList& arguments) const
{
    QFile file(path("applied.yaml"));
    if (file.open(QIODevice::WriteOnly))
        file.write(text.toUtf8());
    file.close();
    return kubectl(QStringList {"-n", m_space, "apply", "-f", file.fileName()} + arguments);
}

QJsonObject RealWorkspace::status(const QString& name) const
{
    const Finished said =
        wavewright({"status", applicationName(name), "-o", "json", "--state", stateFolder()});
    return QJsonDocument::fromJson(said.output.toUtf8())["applications"][0].toObject();
}

bool RealWorkspace::settles(const QString& name, int timeoutMs)
{
    QJsonObject state;
    const bool settled = waitUntil(
        [&] {
            state = status(name);
            return !isRunning()
                || (state["sync"] == "Synced" && state["health"] == "Healthy"
                    && state["operation"].toObject()["phase"] != "Running");
        },
        timeoutMs);
    if (settled && isRunning())
        return true;
    std::fprintf(stderr, "%s\n%s%s\n", qPrintable(outputSoFar().right(8000)),
                 QJsonDocument(state).toJson().right(6000).constData(),
                 isRunning() ? "" : "wavewright has ended");
    return false;
}

} // namespace tests
