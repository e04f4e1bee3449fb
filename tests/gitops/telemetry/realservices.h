// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace tests {

/// A port of loopback that nobody listens on now.
int freePort();
/// Whether anybody answers there within the time.
bool waitForPort(int port, int milliseconds);

/// A program that is ended with the test.
class RealProgram
{
public:
    ~RealProgram();
    void start(const QString& program, const QStringList& arguments,
               const QStringList& environment = {});
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    QString output() { return QString::fromUtf8(m_process.readAll()).right(2000); }
    QTemporaryDir folder;
    /// Writes a file into the folder; its path.
    QString write(const QString& name, const QString& text) const;

private:
    QProcess m_process;
};

/// A Kafka broker (KRaft) of Maven Central's jars, with the JMX exporter.
class RealKafka
{
public:
    /// "": started; else why it cannot be, in one sentence.
    QString start();
    std::string bootstrap() const { return "127.0.0.1:" + std::to_string(m_port); }
    int metricsPort() const { return m_metricsPort; }

private:
    RealProgram m_program;
    int m_port = 0;
    int m_metricsPort = 0;
};

/// Debian's Prometheus, scraping each second.
class RealPrometheus
{
public:
    QString start(const QString& job, int targetPort, const QString& path = "/metrics",
                  const QString& parameters = {});
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }

private:
    RealProgram m_program;
    int m_port = 0;
};

/// Debian's RabbitMQ with its Prometheus and management plugins.
class RealRabbit
{
public:
    ~RealRabbit();
    QString start();
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_metricsPort); }
    /// Makes exchange "inbox" and queue "jobs", bound.
    bool declare();
    bool publish(int messages);

private:
    bool ask(const QString& script);
    RealProgram m_program;
    QStringList m_environment;
    int m_metricsPort = 0;
    int m_managementPort = 0;
};

} // namespace tests
