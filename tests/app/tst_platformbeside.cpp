// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lineagefiles.h"
#include "app/platformbeside.h"
#include "app/terraformfiles.h"
#include "core/model/measureduse.h"
#include "core/platform/platformviews.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using core::PlatformInput;
using core::PlatformInputPtr;

namespace {

std::chrono::steady_clock::time_point s_now {1h};

std::chrono::steady_clock::time_point now()
{
    return s_now;
}

const std::string kShown = TEST_DATA_DIR "/terraform/prod-show.json";
constexpr const char* kDag =
    "from airflow import DAG\n"
    "from airflow.datasets import Dataset\n"
    "from airflow.operators.python import PythonOperator\n"
    "with DAG('load', schedule=None):\n"
    "    PythonOperator(task_id='take', outlets=[Dataset('s3://raw/orders')])\n";

PlatformInputPtr answer(const std::string& revision)
{
    PlatformInput input;
    input.applications = {{.name = "shop", .path = "shop", .revision = revision}};
    return std::make_shared<const PlatformInput>(input);
}

std::vector<std::string> idsOf(const core::LineageGraph& graph)
{
    std::vector<std::string> out;
    for (core::LineageGraph::Index i = 0; i < graph.nodes().size(); ++i)
        out.push_back(graph.node(i).id());
    return out;
}

} // namespace

class TestPlatformBeside : public QObject
{
    Q_OBJECT
private:
    app::Options options(const tests::TemporaryFolder& folder) const
    {
        folder.write(".git/HEAD", "ref: refs/heads/main\n");
        folder.write("shop/dags/load.py", kDag);
        folder.write("shop/other.py", "print('no DAG')\n");
        app::Options out;
        out.path = folder.path() + "/shop";
        out.configFile = folder.path() + "/config.yaml";
        return out;
    }

private Q_SLOTS:
    void withoutTerraformTheAnswerStays()
    {
        const tests::TemporaryFolder folder;
        app::PlatformBeside beside(options(folder), now);
        const auto given = answer("1");
        QCOMPARE(beside.input(given), given);
        QCOMPARE(beside.files().size(), std::size_t(1));
        QCOMPARE(beside.files()[0].path, std::string("shop/dags/load.py"));
    }

    void filesAreReadAgainWhenARevisionChangesOrAMinuteIsOver()
    {
        const tests::TemporaryFolder folder;
        app::PlatformBeside beside(options(folder), now);
        (void)beside.input(answer("1"));
        folder.write("shop/dags/second.py", "import airflow\n");
        (void)beside.input(answer("1"));
        QCOMPARE(beside.files().size(), std::size_t(1));
        (void)beside.input(answer("2"));
        QCOMPARE(beside.files().size(), std::size_t(2));
        folder.remove("shop/dags/second.py");
        s_now += 2min;
        (void)beside.input(answer("2"));
        QCOMPARE(beside.files().size(), std::size_t(1));
    }

    void terraformIsTheLayerBelow()
    {
        const tests::TemporaryFolder folder;
        app::Options with = options(folder);
        with.terraform = {kShown};
        app::PlatformBeside beside(with, now);
        const auto first = beside.input(answer("1"));
        QVERIFY(core::hasTerraform(*first));
        s_now += 2min; // looked at again, and as it was: the same objects
        QVERIFY(core::isSameInput(*beside.input(answer("1")), *first));
    }

    void anotherStateIsTakenUp()
    {
        const tests::TemporaryFolder folder;
        app::Options with = options(folder);
        folder.write("config.yaml", "terraform: [state.json]\n");
        app::PlatformBeside beside(with, now);
        const auto without = beside.input(answer("1"));
        QCOMPARE(without->gaps.size(), std::size_t(1)); // it is named, and not there
        QVERIFY2(without->gaps[0].find("state.json") != std::string::npos,
                 without->gaps[0].c_str());
        folder.write("state.json",
                     R"({"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "x",)"
                     R"( "outputs": {}, "resources": [{"mode": "managed", "type": "aws_s3_bucket",)"
                     R"( "name": "data", "instances": [{"attributes": {"bucket": "data"}}]}]})");
        s_now += 2min;
        const auto then = beside.input(answer("1"));
        QVERIFY(core::hasTerraform(*then));
        folder.write("config.yaml", "terraform: {}: []\n");
        s_now += 2min;
        const auto broken = beside.input(answer("1"));
        QCOMPARE(broken->gaps.size(), std::size_t(1));
        QVERIFY2(broken->gaps[0].find("config.yaml") != std::string::npos, broken->gaps[0].c_str());
    }

    void whatPodsUseComesThrough()
    {
        const tests::TemporaryFolder folder;
        app::Options with = options(folder);
        with.terraform = {kShown};
        app::PlatformBeside beside(with, now);
        (void)beside.input(answer("1"));
        PlatformInput measured = *answer("1");
        measured.use = std::make_shared<const core::MeasuredUse>();
        QCOMPARE(beside.input(std::make_shared<const PlatformInput>(measured))->use, measured.use);
    }

    /// The desktop's lineage is the one that "wavewright lineage" prints.
    void lineageIsThatOfTheCommandLine()
    {
        const tests::TemporaryFolder folder;
        app::Options with = options(folder);
        with.terraform = {kShown};
        app::PlatformBeside beside(with, now);
        core::PlatformViewer viewer;
        const auto input = beside.input(answer("1"));
        const auto views = viewer.update(input, beside.files());
        const auto layered = app::withTerraformLayers(with, answer("1"));
        QVERIFY(layered);
        const auto printed = core::makeLineage(**layered, app::lineageFiles(with, **layered));
        QCOMPARE(idsOf(*views->lineage), idsOf(*printed));
        QVERIFY(!views->lineage->search("load").empty());
        QVERIFY(!views->lineage->search("orders").empty());
        const auto same = viewer.update(beside.input(answer("1")), beside.files());
        QCOMPARE(same, views); // nothing new: nothing is made again
    }
};

WW_TEST_CLASS(TestPlatformBeside)
#include "tst_platformbeside.moc"
