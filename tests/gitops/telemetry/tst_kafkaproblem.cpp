// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkaproblem.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::ErrorCode;

/// Texts are those that librdkafka 2.0.2 says of a Kafka 3.9 broker.
class TestKafkaProblem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<int>("certificateError");
        QTest::addColumn<bool>("hasCertificate");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* said, int certificateError, bool has,
                            ErrorCode code, const char* sentence) {
            QTest::newRow(name) << said << certificateError << has << int(code) << sentence;
        };
        row("password",
            "sasl_ssl://b:9093/bootstrap: SASL authentication error: Authentication failed during "
            "authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512 (after "
            "332ms in state AUTH_REQ)",
            0, false, ErrorCode::Unauthorized,
            "b:9093: the broker does not accept the user name or the password");
        row("mechanism",
            "sasl_ssl://b:9093/bootstrap: SASL PLAIN mechanism handshake failed: Broker: "
            "Unsupported SASL mechanism: broker's supported mechanisms: SCRAM-SHA-512 (after 307ms "
            "in state AUTH_HANDSHAKE)",
            0, false, ErrorCode::Unauthorized,
            "b:9093: this listener does not take the mechanism of SASL that was chosen; it takes "
            "SCRAM-SHA-512");
        row("no broker",
            "127.0.0.1:9092/bootstrap: Receive failed: Invalid response size 1886544227 "
            "(0..100000000): "
            "increase receive.message.max.bytes",
            0, false, ErrorCode::Network,
            "127.0.0.1:9092: what answers is no Kafka broker; behind a practice cluster nothing "
            "real runs, and figures need --simulated-traffic");
        row("another authority",
            "ssl://b:9093/1: error:0A000086:SSL routines::certificate verify failed", 20, true,
            ErrorCode::Network,
            "b:9093: the broker's certificate is not of the authority that is trusted here "
            "(caFile, or ca.crt of the Secret)");
        row("expired", "ssl://b:9093/1: SSL handshake failed: …", 10, false, ErrorCode::Network,
            "b:9093: the broker's certificate has expired");
        row("not yet", "ssl://b:9093/1: x", 9, false, ErrorCode::Network,
            "b:9093: the broker's certificate is not valid yet");
        row("other name", "ssl://b:9093/1: x", 62, false, ErrorCode::Network,
            "b:9093: the broker's certificate is made out to another name");
        row("another refusal", "ssl://b:9093/1: x", 7, false, ErrorCode::Network,
            "b:9093: the broker's certificate is not accepted (OpenSSL's error 7)");
        row("wants a certificate",
            "ssl://b:9093/bootstrap: Receive failed: error:0A000412:SSL routines::sslv3 alert bad "
            "certificate: SSL alert number 42 (after 9ms in state APIVERSION_QUERY)",
            0, false, ErrorCode::Unauthorized,
            "b:9093: this listener wants a certificate: name certificateFile and keyFile, or a "
            "KafkaUser's Secret");
        row("wants another certificate",
            "ssl://b:9093/bootstrap: Receive failed: error:0A000412:SSL routines::sslv3 alert bad "
            "certificate: SSL alert number 42",
            0, true, ErrorCode::Unauthorized, "b:9093: the broker does not accept our certificate");
        row("a stranger's certificate",
            "ssl://b:9093/bootstrap: Receive failed: error:0A000416:SSL routines::sslv3 alert "
            "certificate unknown: SSL alert number 46 (after 6ms in state APIVERSION_QUERY)",
            0, true, ErrorCode::Unauthorized, "b:9093: the broker does not accept our certificate");
        row("plain to TLS",
            "b:9093/bootstrap: Disconnected while requesting ApiVersion: might be caused by "
            "incorrect security.protocol configuration (connecting to a SSL listener?)",
            0, false, ErrorCode::Network,
            "b:9093: this listener does not speak without TLS: set tls, or take the port of a "
            "plain one");
        row("TLS to plain",
            "ssl://b:9092/bootstrap: SSL handshake failed: error:0A000126:SSL routines::unexpected "
            "eof while reading (after 1ms in state SSL_HANDSHAKE)",
            0, false, ErrorCode::Network,
            "b:9092: this listener does not speak TLS: leave tls out, or take the port of one that "
            "does");
        row("SASL to one without",
            "sasl_ssl://b:9093/bootstrap: SASL SCRAM-SHA-512 mechanism handshake failed: Broker: "
            "Request not valid in current SASL state: broker's supported mechanisms:  (after 3ms)",
            0, false, ErrorCode::Unauthorized,
            "b:9093: this listener knows no SASL: leave the mechanism out, or take the port of one "
            "that does");
        row("without a user",
            "ssl://b:9093/bootstrap: Disconnected: verify that security.protocol is correctly "
            "configured, broker might require SASL authentication (after 344ms in state UP)",
            0, false, ErrorCode::Unauthorized,
            "b:9093: this listener wants a user (SASL): name mechanism, username and passwordFile, "
            "or a KafkaUser's Secret");
        row("nobody there",
            "127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after "
            "0ms in state CONNECT)",
            0, false, ErrorCode::Network,
            "127.0.0.1:1: Connect to ipv4#127.0.0.1:1 failed: Connection refused");
        row("no address", "Local: something / other: odd", 0, false, ErrorCode::Network,
            "Local: something / other: odd");
        row("nothing", "", 0, false, ErrorCode::Network, "");
    }
    void sentences()
    {
        QFETCH(QString, said);
        QFETCH(int, certificateError);
        QFETCH(bool, hasCertificate);
        const core::Error error =
            gitops::kafkaProblem(said.toStdString(), certificateError, hasCertificate);
        QTEST(int(error.code), "code");
        QTEST(QString::fromStdString(error.message), "sentence");
    }
};

WW_TEST_CLASS(TestKafkaProblem)
#include "tst_kafkaproblem.moc"
