// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/workspace.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>

#include <csignal>

namespace tests {

Workspace::Workspace()
{
    QDir().mkpath(repository());
    QDir().mkpath(stateFolder());
    git({"init", "-q", "-b", "main"});
    git({"config", "user.name", "Test"});
    git({"config", "user.email", "test@example.com"});
    QFile config(path("config.yaml"));
    if (config.open(QIODevice::WriteOnly))
        config.write(QString("repositories:\n  - url: %1\n    insteadOf: %2\n")
                         .arg(kUrl, repository())
                         .toUtf8());
}

Workspace::~Workspace()
{
    kill();
}

QString Workspace::path(const QString& relative) const
{
    return relative.isEmpty() ? m_folder.path() : m_folder.filePath(relative);
}

void Workspace::write(const QString& relative, const QString& text)
{
    const QString file = repository() + "/" + relative;
    QDir().mkpath(QFileInfo(file).path());
    QFile out(file);
    if (out.open(QIODevice::WriteOnly))
        out.write(text.toUtf8());
}

QString Workspace::read(const QString& relative) const
{
    QFile in(repository() + "/" + relative);
    return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
}

void Workspace::remove(const QString& relative)
{
    QFile::remove(repository() + "/" + relative);
}

void Workspace::copyTree(const QString& from, const QString& relative)
{
    const QString source = QStringLiteral(PROJECT_ROOT_DIR) + "/" + from;
    QDirIterator files(source, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        const QString target =
            repository() + "/" + relative + "/" + QDir(source).relativeFilePath(file);
        QDir().mkpath(QFileInfo(target).path());
        QFile::copy(file, target);
    }
}

void Workspace::commit(const QString& subject)
{
    git({"add", "-A"});
    git({"commit", "-q", "-m", subject});
}

QStringList Workspace::practiceOptions() const
{
    return {"--state",
            stateFolder(),
            "--config",
            path("config.yaml"),
            "--practice=" + kubeconfig(),
            "--practice-delay",
            "0"};
}

Finished Workspace::run(const QString& program, const QStringList& arguments, const QString& folder,
                        int timeoutMs, const QStringList& environment)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (const QString& each : environment)
        all.insert(each.section('=', 0, 0), each.section('=', 1));
    process.setProcessEnvironment(all);
    process.start(program, arguments);
    Finished finished;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished();
        finished.exitCode = -2;
    } else {
        finished.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3;
    }
    finished.output = QString::fromUtf8(process.readAllStandardOutput());
    finished.errors = QString::fromUtf8(process.readAllStandardError());
    return finished;
}

Finished Workspace::wavewright(const QStringList& arguments, int timeoutMs) const
{
    return run(QStringLiteral(WAVEWRIGHT_PROGRAM), arguments, repository(), timeoutMs, {});
}

Finished Workspace::git(const QStringList& arguments) const
{
    return run("git", arguments, repository(), 30'000, {"GIT_CONFIG_NOSYSTEM=1"});
}

Finished Workspace::kubectl(const QStringList& arguments, int timeoutMs,
                            const QStringList& environment) const
{
    return run("kubectl",
               QStringList {"--kubeconfig", kubeconfig(), "--cache-dir", path("kubecache")}
                   + arguments,
               repository(), timeoutMs, environment);
}

Finished Workspace::program(const QString& name, const QStringList& arguments,
                            const QStringList& environment) const
{
    return run(name, arguments, repository(), 60'000, environment);
}

bool Workspace::hasKubectl()
{
    return !QStandardPaths::findExecutable("kubectl").isEmpty();
}

QProcess& Workspace::start(const QStringList& arguments)
{
    kill();
    m_backgroundOutput.clear();
    m_background = std::make_unique<QProcess>();
    m_background->setWorkingDirectory(repository());
    m_background->setProcessChannelMode(QProcess::MergedChannels);
    m_background->start(QStringLiteral(WAVEWRIGHT_PROGRAM), arguments);
    m_background->waitForStarted();
    return *m_background;
}

void Workspace::stop()
{
    if (m_background && m_background->state() != QProcess::NotRunning) {
        m_background->terminate();
        m_background->waitForFinished(15'000);
    }
    kill();
}

void Workspace::kill()
{
    if (!m_background)
        return;
    if (m_background->state() != QProcess::NotRunning) {
        ::kill(pid_t(m_background->processId()), SIGKILL);
        m_background->waitForFinished();
    }
    m_background.reset();
}

QString Workspace::outputSoFar()
{
    if (m_background) {
        m_background->waitForReadyRead(1);
        m_backgroundOutput += QString::fromUtf8(m_background->readAll());
    }
    return m_backgroundOutput;
}

QString Workspace::field(const QString& namespaceName, const QString& object,
                         const QString& jsonPath) const
{
    QStringList arguments {"get", object, "--ignore-not-found", "-o", "jsonpath=" + jsonPath};
    if (!namespaceName.isEmpty())
        arguments << "-n" << namespaceName;
    return kubectl(arguments).output;
}

} // namespace tests
