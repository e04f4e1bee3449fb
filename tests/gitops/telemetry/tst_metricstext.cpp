// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/metricstext.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace gitops;

namespace {

/// "name{label=value,…}=number;" of each line, or "error: …".
QString readAll(const QByteArray& text, const MetricsTextLimits& limits = {})
{
    QString out;
    const auto done = readMetricsText(
        std::string_view(text.constData(), std::size_t(text.size())),
        [&](const MetricLine& line) {
            out += QString::fromUtf8(line.name.data(), qsizetype(line.name.size())) + "{";
            for (const auto& [name, value] : line.labels)
                out += QString::fromUtf8(name.data(), qsizetype(name.size())) + "="
                    + QString::fromStdString(value) + ",";
            out += "}=" + QString::number(line.value) + ";";
        },
        limits);
    return done ? out : "error: " + QString::fromStdString(done.error().message);
}

} // namespace

class TestMetricsText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lines_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QString(expected);
        };
        row("empty", "", "");
        row("comments", "# HELP a b\n# TYPE a counter\n\n", "");
        row("plain", "up 1\n", "up{}=1;");
        row("no end of line", "up 1", "up{}=1;");
        row("line ends of elsewhere", "up 1\r\ndown 2\r\n", "up{}=1;down{}=2;");
        row("labels", "q{vhost=\"/\",queue=\"jobs\"} 3.5\n", "q{vhost=/,queue=jobs,}=3.5;");
        row("blanks", "  q { a = \"b\" , c = \"d\" , }  7 \n", "q{a=b,c=d,}=7;");
        row("no labels in braces", "q{} 1\n", "q{}=1;");
        row("time", "q 1 1395066363000\n", "q{}=1;");
        row("exemplar", "q_total{a=\"b\"} 17.0 # {trace=\"x\"} 0.67\n", "q_total{a=b,}=17;");
        row("escapes", "q{a=\"x\\\"y\\\\z\\nw\"} 1\n", "q{a=x\"y\\z\nw,}=1;");
        row("no escape", "q{a=\"\\d\"} 1\n", "q{a=\\d,}=1;");
        row("braces in a value", "q{a=\"}{,=\"} 1\n", "q{a=}{,=,}=1;");
        row("channel", "c{channel=\"<0.904.0>\"} 2\n", "c{channel=<0.904.0>,}=2;");
        row("not a number", "q NaN\n", "q{}=nan;");
        row("infinite", "q +Inf\nr -Inf\n", "q{}=inf;r{}=-inf;");
        row("exponent", "q 1.5e+09\n", "q{}=1.5e+09;");
        row("too large", "q 1e999\n", "q{}=inf;");
        row("name missing", "{a=\"b\"} 1\n",
            "error: line 1 of the metrics: a metric's name is missing");
        row("value missing", "up 1\nq\n", "error: line 2 of the metrics: the value is no number");
        row("value is text", "q one\n", "error: line 1 of the metrics: the value is no number");
        row("label cut", "q{a=\"b\n", "error: line 1 of the metrics: a label's value is cut");
        row("label without value", "q{a} 1\n", "error: line 1 of the metrics: a label is cut");
        row("no comma", "q{a=\"b\"c=\"d\"} 1\n",
            "error: line 1 of the metrics: a label is not followed by a comma or a brace");
        row("a page of HTML", "<html>\n",
            "error: line 1 of the metrics: a metric's name is missing");
    }

    void lines()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(readAll(text), expected);
    }

    void limits()
    {
        QVERIFY(readAll(QByteArray(100, 'a'), {.bytes = 10}).startsWith("error"));
        QVERIFY(readAll("a 1\nb 2\nc 3\n", {.lines = 2}).startsWith("error"));
        QVERIFY(readAll("a{x=\"" + QByteArray(200, 'y') + "\"} 1\n", {.lineBytes = 100})
                    .startsWith("error"));
        QVERIFY(readAll("a{b=\"1\",c=\"2\"} 1\n", {.labels = 1}).startsWith("error"));
    }
};

WW_TEST_CLASS(TestMetricsText)
#include "tst_metricstext.moc"
