// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/telemetry/realservices.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QThread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool connects(int port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool done =
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return done;
}

} // namespace

bool waitForPort(int port, int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!connects(port)) {
        if (timer.elapsed() > milliseconds)
            return false;
        QThread::msleep(50);
    }
    return true;
}

RealProgram::~RealProgram()
{
    m_process.terminate();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

void RealProgram::start(const QString& program, const QStringList& arguments,
                        const QStringList& environment)
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (const QString& each : environment)
        all.insert(each.section('=', 0, 0), each.section('=', 1));
    m_process.setProcessEnvironment(all);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setWorkingDirectory(folder.path());
    m_process.start(program, arguments);
    m_process.waitForStarted(5'000);
}

QString RealProgram::write(const QString& name, const QString& text) const
{
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(text.toUtf8());
    return file.fileName();
}

QString RealKafka::configuration(int controller) const
{
    const auto identity = [&](const char* file, int firstDay, int lastDay) {
        const TestIdentity made =
            m_authority.issue("broker", "DNS:localhost,IP:127.0.0.1", firstDay, lastDay);
        return m_program.write(file, QString::fromStdString(made.keyPem + made.certificatePem));
    };
    const QString ports = QString("PLAINTEXT://127.0.0.1:%1,MUTUAL://127.0.0.1:%2,"
                                  "SCRAM://127.0.0.1:%3,EXPIRED://127.0.0.1:%4")
                              .arg(m_port)
                              .arg(m_mutualPort)
                              .arg(m_scramPort)
                              .arg(m_expiredPort);
    const QString stores =
        QString("ssl.keystore.type=PEM\nssl.keystore.location=%1\nssl.truststore.type=PEM\n"
                "ssl.truststore.location=%2\nlistener.name.mutual.ssl.client.auth=required\n"
                "listener.name.expired.ssl.keystore.type=PEM\n"
                "listener.name.expired.ssl.keystore.location=%3\n")
            .arg(identity("broker.pem", -1, 1),
                 m_program.write("authority.pem",
                                 QString::fromStdString(m_authority.certificatePem())),
                 identity("expired.pem", -3, -1));
    return QString("process.roles=broker,controller\nnode.id=1\n"
                   "controller.quorum.voters=1@127.0.0.1:%2\n"
                   "listeners=%1,INSIDE://127.0.0.1:%4,CONTROLLER://127.0.0.1:%2\n"
                   "advertised.listeners=%1,INSIDE://%5\n"
                   "controller.listener.names=CONTROLLER\n"
                   "inter.broker.listener.name=PLAINTEXT\n"
                   "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
                   "MUTUAL:SSL,SCRAM:SASL_SSL,EXPIRED:SSL,INSIDE:PLAINTEXT\n"
                   "listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-512\n"
                   "listener.name.scram.scram-sha-512.sasl.jaas.config="
                   "org.apache.kafka.common.security.scram.ScramLoginModule required;\n"
                   "log.dirs=%3\noffsets.topic.replication.factor=1\n"
                   "offsets.topic.num.partitions=1\n"
                   "transaction.state.log.replication.factor=1\n"
                   "group.initial.rebalance.delay.ms=0\nnum.partitions=3\n")
               .arg(ports)
               .arg(controller)
               .arg(m_program.folder.filePath("data"))
               .arg(m_insidePort)
               .arg(kInside)
        + stores;
}

/// Makes the broker's folder, and its user.
QString RealKafka::format(const QString& java, const QString& jars,
                          const QString& configuration) const
{
    QProcess tool;
    tool.start(java,
               {"-cp", jars + "/*", "kafka.tools.StorageTool", "format", "-t",
                "d2F2ZXdyaWdodHRlc3RzMQ", "-c", configuration, "--add-scram",
                QString("SCRAM-SHA-512=[name=%1,password=%2]").arg(kUser, kPassword)});
    if (tool.waitForFinished(60'000) && tool.exitCode() == 0)
        return {};
    return "the broker's folder could not be made: "
        + QString::fromUtf8(tool.readAllStandardError()).left(300);
}

QString RealKafka::start()
{
    const QString java = QStandardPaths::findExecutable("java");
    const QString cache = qEnvironmentVariable("XDG_CACHE_HOME", QDir::homePath() + "/.cache");
    const QString jars = cache + "/wavewright-tests/kafka";
    if (java.isEmpty())
        return "no Java on this machine";
    if (QDir(jars).entryList({"kafka_*.jar"}).isEmpty())
        return "no Kafka in " + jars + " (tests/support/kafka/fetch.sh fetches one)";
    for (int* port :
         {&m_port, &m_mutualPort, &m_scramPort, &m_expiredPort, &m_insidePort, &m_metricsPort})
        *port = freePort();
    const QString properties = m_program.write("server.properties", configuration(freePort()));
    // Of Strimzi's rules, in words of our own: what counts events becomes …_total.
    const QString rules = m_program.write(
        "jmx.yml",
        "lowercaseOutputName: true\nrules:\n"
        "- pattern: kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*, (.+)=(.+)><>Count\n"
        "  name: kafka_$1_$2_$3_total\n  type: COUNTER\n  labels: {\"$4\": \"$5\"}\n");
    if (const QString why = format(java, jars, properties); !why.isEmpty())
        return why;
    m_program.start(java,
                    {"-Xmx384m",
                     QString("-javaagent:%1=127.0.0.1:%2:%3")
                         .arg(jars + "/jmx_prometheus_javaagent-1.0.1.jar")
                         .arg(m_metricsPort)
                         .arg(rules),
                     "-cp", jars + "/*", "kafka.Kafka", properties});
    return waitForPort(m_port, 90'000) && waitForPort(m_expiredPort, 30'000)
        ? QString()
        : "the broker does not come up: " + m_program.output();
}

QString RealPrometheus::start(const QString& job, int targetPort, const QString& path,
                              const QString& parameters)
{
    const QString program = QStandardPaths::findExecutable("prometheus");
    if (program.isEmpty())
        return "no prometheus on this machine (Debian's package prometheus has it)";
    m_port = freePort();
    const QString configuration =
        m_program.write("prometheus.yml",
                        QString("global: {scrape_interval: 1s}\nscrape_configs:\n"
                                "- job_name: %1\n  metrics_path: %3\n%4"
                                "  static_configs: [{targets: ['127.0.0.1:%2']}]\n")
                            .arg(job)
                            .arg(targetPort)
                            .arg(path, parameters));
    m_program.start(program,
                    {"--config.file=" + configuration,
                     "--storage.tsdb.path=" + m_program.folder.filePath("data"),
                     QString("--web.listen-address=127.0.0.1:%1").arg(m_port)});
    return waitForPort(m_port, 30'000) ? QString() : "Prometheus does not come up";
}

RealRabbit::~RealRabbit()
{
    // Its script leaves the machine behind it running: that one is asked to end.
    if (!m_environment.isEmpty()) {
        QProcess stop;
        QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
        for (const QString& each : m_environment)
            all.insert(each.section('=', 0, 0), each.section('=', 1));
        stop.setProcessEnvironment(all);
        stop.start("/usr/lib/rabbitmq/bin/rabbitmqctl", {"stop"});
        stop.waitForFinished(60'000);
        stop.start("epmd", {"-kill"}); // it stays behind every node
        stop.waitForFinished(10'000);
    }
}

QString RealRabbit::start()
{
    const QString program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    if (!QFile::exists(program))
        return "no RabbitMQ on this machine (Debian's package rabbitmq-server has it)";
    if (QStandardPaths::findExecutable("python3").isEmpty())
        return "no python3 on this machine";
    m_metricsPort = freePort();
    m_managementPort = freePort();
    const QString configuration = m_program.write(
        "rabbitmq.conf",
        QString("listeners.tcp.1 = 127.0.0.1:%1\nprometheus.tcp.port = %2\n"
                "prometheus.tcp.ip = 127.0.0.1\nmanagement.tcp.port = %3\n"
                "management.tcp.ip = 127.0.0.1\ncollect_statistics_interval = 1000\n")
            .arg(freePort())
            .arg(m_metricsPort)
            .arg(m_managementPort));
    const QString plugins =
        m_program.write("plugins", "[rabbitmq_prometheus,rabbitmq_management].\n");
    const QString here = m_program.folder.path();
    m_environment = {"HOME=" + here,
                     QString("RABBITMQ_NODENAME=wwtest%1@localhost").arg(m_managementPort),
                     "RABBITMQ_MNESIA_BASE=" + here + "/mnesia",
                     "RABBITMQ_LOG_BASE=" + here + "/log",
                     "RABBITMQ_CONFIG_FILE=" + configuration,
                     "RABBITMQ_ENABLED_PLUGINS_FILE=" + plugins,
                     QString("RABBITMQ_DIST_PORT=%1").arg(freePort()),
                     QString("ERL_EPMD_PORT=%1").arg(freePort()),
                     "ERL_EPMD_ADDRESS=127.0.0.1"};
    m_program.start(program, {}, m_environment);
    const bool isUp = waitForPort(m_managementPort, 90'000) && waitForPort(m_metricsPort, 30'000);
    return isUp ? QString() : "RabbitMQ does not come up: " + m_program.output();
}

bool RealRabbit::ask(const QString& script)
{
    const QString head =
        QString("import urllib.request, json, base64\n"
                "def call(method, path, data):\n"
                "    request = urllib.request.Request('http://127.0.0.1:%1/api/' + path,\n"
                "        method=method, data=json.dumps(data).encode(),\n"
                "        headers={'content-type': 'application/json', 'authorization':\n"
                "                 'Basic ' + base64.b64encode(b'guest:guest').decode()})\n"
                "    urllib.request.urlopen(request, timeout=20).read()\n")
            .arg(m_managementPort);
    QProcess python;
    python.start("python3", {"-c", head + script});
    return python.waitForFinished(60'000) && python.exitCode() == 0;
}

bool RealRabbit::declare()
{
    return ask("call('PUT', 'queues/%2F/jobs', {'durable': True})\n"
               "call('PUT', 'exchanges/%2F/inbox', {'type': 'direct', 'durable': True})\n"
               "call('POST', 'bindings/%2F/e/inbox/q/jobs', {'routing_key': 'k'})\n");
}

bool RealRabbit::publish(int messages)
{
    return ask(
        QString("for i in range(%1):\n"
                "    call('POST', 'exchanges/%2F/inbox/publish', {'properties': {},\n"
                "         'routing_key': 'k', 'payload': 'x', 'payload_encoding': 'string'})\n")
            .replace("%1", QString::number(messages)));
}

} // namespace tests
