// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/loopbackserver.h"
#include "tests/support/testcertificates.h"

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace tests {

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

/// A Kafka broker (KRaft) of Maven Central's jars, with the JMX exporter. Beside the plain listener
/// it has three with TLS, as Strimzi's have: one that wants a user's certificate, one that wants a
/// user by SCRAM-SHA-512, and one whose own certificate has expired.
class RealKafka
{
public:
    static constexpr const char* kUser = "reader"; ///< of SCRAM
    static constexpr const char* kPassword = "a-right-word";

    /// "": started; else why it cannot be, in one sentence.
    QString start();
    std::string bootstrap() const { return addressOf(m_port); }
    std::string mutualTls() const { return addressOf(m_mutualPort); }
    std::string scram() const { return addressOf(m_scramPort); }
    std::string expired() const { return addressOf(m_expiredPort); }
    /// As of a broker in Kubernetes: it advertises kInside, which has no address here.
    int insidePort() const { return m_insidePort; }
    static constexpr const char* kInside = "events-kafka-0.events-kafka-brokers.kafka.svc:9092";
    int metricsPort() const { return m_metricsPort; }
    /// Signs the broker's certificates, and those of users.
    const TestAuthority& authority() const { return m_authority; }

private:
    static std::string addressOf(int port) { return "127.0.0.1:" + std::to_string(port); }
    QString configuration(int controller) const;
    QString format(const QString& java, const QString& jars, const QString& configuration) const;

    TestAuthority m_authority {"Kafka's authority"};
    RealProgram m_program;
    int m_port = 0;
    int m_mutualPort = 0;
    int m_scramPort = 0;
    int m_expiredPort = 0;
    int m_insidePort = 0;
    int m_metricsPort = 0;
};

/// Debian's Prometheus, scraping each second.
class RealPrometheus
{
public:
    QString start(const QString& job, int targetPort, const QString& path = "/metrics",
                  const QString& parameters = {});
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    std::uint16_t port() const { return std::uint16_t(m_port); }

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
    std::uint16_t metricsPort() const { return std::uint16_t(m_metricsPort); }
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
