// SPDX-License-Identifier: GPL-3.0-or-later
// What Wavewright makes of the platforms in manifests/: the event-driven one in full, held against
// a recorded text; of the others what their documents promise. To record anew after a change that
// is meant, run with RECORD=1 and read the difference.
#include "core/base/strings.h"
#include "core/platform/findings.h"
#include "core/platform/lineagemodel.h"
#include "gitops/application/applicationreader.h"
#include "gitops/engine/declaredplatform.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace core;

namespace {

PlatformInputPtr platform(const std::string& name)
{
    const auto tree = gitops::openDiskTree(PROJECT_ROOT_DIR).value();
    Application root;
    root.name = name;
    root.source.path = "manifests/" + name + "/apps/overlays/practice";
    PlatformInputBuilder builder;
    gitops::declarePlatform(
        {root},
        [&](const Application&) -> Result<gitops::Revision> {
            gitops::Revision revision;
            revision.tree = tree;
            return revision;
        },
        builder);
    return std::move(builder).build();
}

std::string amount(const ResourceList& need, const char* name)
{
    return needFor(need, name).canonical();
}

void writeNamespaces(const PlatformModel& model, std::ostream& out)
{
    for (const NamespaceView& view : namespaceViews(model)) {
        out << "namespace " << view.name << ": " << view.pods << " pods, "
            << amount(view.need, "requests.cpu") << " cpu, " << amount(view.need, "requests.memory")
            << " memory\n";
        for (const NamespaceView::Bringer& each : view.applications)
            out << "  by " << each.application << ", waves " << each.firstWave << " to "
                << each.lastWave << ", " << each.objects << " objects\n";
        for (const WorkloadView& each : view.workloads)
            out << "  runs " << each.key.text() << " x" << each.pods << "\n";
        for (const CrossReference& each : view.references)
            out << "  uses " << each.toNamespace << ": " << each.how << ": " << each.text << "\n";
    }
}

void writeTenants(const PlatformModel& model, std::ostream& out)
{
    for (const TenantView& view : tenantViews(model)) {
        out << "tenant " << view.name << ": " << view.knownBy << "\n";
        for (const QuotaView& quota : view.quotas)
            for (const QuotaLine& line : quota.lines)
                out << "  quota " << line.resource << ": " << line.pending.canonical() << " of "
                    << line.hard.canonical() << "\n";
        for (const IsolationCheck& check : view.checks)
            out << "  " << (check.ok ? "pass " : "FAIL ") << check.text << "\n";
        for (const Grant& grant : view.grants)
            for (const RbacRule& rule : grant.rules)
                out << "  " << grant.subject.text() << " may " << rule.text() << " by "
                    << grant.binding.text() << "\n";
    }
    const ReachMatrix matrix = reachMatrix(model, tenantSpaces(model));
    for (const ReachRow& row : matrix.rows)
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (row.tenant == "alice")
                out << "reach " << matrix.targets[i].title << ": "
                    << (row.cells[i].reach == Reach::Allowed ? "yes, " : "no, ")
                    << row.cells[i].verdict.reason() << "\n";
}

void writeFindings(const PlatformModel& model, std::ostream& out)
{
    for (const Finding& finding : findings(model, *makeLineage(model.input())))
        out << toString(finding.severity) << " " << finding.code << " " << finding.place.file << ":"
            << finding.place.line << " " << finding.message << "\n";
}

std::string readText(const std::string& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

class TestPlatformViews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eventDriven_data()
    {
        QTest::addColumn<QString>("view");
        for (const char* view : {"namespaces", "tenants", "findings"})
            QTest::newRow(view) << QString(view);
    }
    void eventDriven()
    {
        QFETCH(QString, view);
        const PlatformModel model(platform("event-driven"));
        std::ostringstream text;
        if (view == "namespaces")
            writeNamespaces(model, text);
        else if (view == "tenants")
            writeTenants(model, text);
        else
            writeFindings(model, text);
        const std::string path =
            TEST_DATA_DIR "/platform/event-driven/" + view.toStdString() + ".txt";
        if (qEnvironmentVariableIsSet("RECORD")) {
            std::filesystem::create_directories(TEST_DATA_DIR "/platform/event-driven");
            std::ofstream(path) << text.str();
        }
        const std::string recorded = readText(path);
        const auto expected = split(recorded, '\n');
        const std::string now = text.str();
        const auto actual = split(now, '\n');
        for (std::size_t i = 0; i < std::min(expected.size(), actual.size()); ++i)
            QCOMPARE(std::string(actual[i]), std::string(expected[i]));
        QCOMPARE(actual.size(), expected.size());
    }
    void everythingIsRead_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"event-driven", "greenfield", "lakehouse", "lambda-education", "ml-two-layer"})
            QTest::newRow(name) << QString(name);
    }
    void everythingIsRead()
    {
        QFETCH(QString, name);
        const PlatformInputPtr input = platform(name.toStdString());
        for (const std::string& gap : input->gaps)
            QFAIL(gap.c_str());
        QVERIFY(input->objects.size() > 20);
        const PlatformModel model(input);
        for (const Finding& finding : findings(model, *makeLineage(*input))) {
            QVERIFY2(!finding.place.file.empty(), finding.message.c_str());
            QVERIFY2(finding.place.line > 0, finding.message.c_str());
        }
    }
    void promised_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("guest, guest") << "event-driven" << "default-credentials" << "default_pass";
        QTest::newRow("port 9092") << "event-driven" << "plain-listener" << "user-alice";
        QTest::newRow("one topic") << "event-driven" << "two-writers" << "Topic events";
        QTest::newRow("minioadmin") << "lambda-education" << "default-credentials" << "secret-key";
        QTest::newRow("airflow-worker") << "lakehouse" << "cluster-admin" << "airflow-worker";
    }
    void promised()
    {
        QFETCH(QString, name);
        QFETCH(QString, code);
        QFETCH(QString, words);
        const PlatformModel model(platform(name.toStdString()));
        const auto all = findings(model, *makeLineage(model.input()));
        QVERIFY(std::ranges::any_of(all, [&](const Finding& finding) {
            return finding.code == code.toStdString()
                && finding.message.find(words.toStdString()) != std::string::npos;
        }));
    }
};

WW_TEST_CLASS(TestPlatformViews)
#include "tst_platformviews.moc"
