// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace tests {

/// What a finished program said.
struct Finished
{
    int exitCode = -1;
    QString output;
    QString errors;
    bool isOk() const { return exitCode == 0; }
};

/// A folder of its own with a Git repository, a state folder and a configuration, in which the real
/// programs run as a user would run them: wavewright, git, kubectl. Everything is gone afterwards.
class Workspace
{
public:
    static constexpr const char* kUrl = "https://github.com/wavewright/wavewright.git";

    Workspace();
    ~Workspace();

    QString path(const QString& relative = {}) const;
    QString repository() const { return path("repository"); }
    QString kubeconfig() const { return path("kubeconfig"); }
    QString stateFolder() const { return path("state"); }

    void write(const QString& relative, const QString& text); ///< in the repository
    QString read(const QString& relative) const;
    void remove(const QString& relative);
    void copyTree(const QString& from,
                  const QString& relative); ///< a folder of this project into the repository
    void commit(const QString& subject);

    /// --state, --config, --practice with a kubeconfig, and controllers that are ready at once.
    QStringList practiceOptions() const;
    Finished wavewright(const QStringList& arguments, int timeoutMs = 120'000) const;
    Finished git(const QStringList& arguments) const;
    Finished kubectl(const QStringList& arguments, int timeoutMs = 30'000,
                     const QStringList& environment = {}) const;
    /// Any other program, in the repository's folder, with more in its environment.
    Finished program(const QString& name, const QStringList& arguments,
                     const QStringList& environment) const;
    static bool hasKubectl();

    /// Starts wavewright in the background; killed at the end.
    QProcess& start(const QStringList& arguments);
    void stop(); ///< as Ctrl+C does; killed when it does not end
    void kill(); ///< SIGKILL, and waits for the end
    QString outputSoFar(); ///< of the one in the background
    bool isRunning() const { return m_background && m_background->state() == QProcess::Running; }

    /// kubectl's jsonpath of an object, "" when it is not there.
    QString field(const QString& namespaceName, const QString& object,
                  const QString& jsonPath) const;

private:
    static Finished run(const QString& program, const QStringList& arguments, const QString& folder,
                        int timeoutMs, const QStringList& environment);
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_background;
    QString m_backgroundOutput;
};

} // namespace tests
