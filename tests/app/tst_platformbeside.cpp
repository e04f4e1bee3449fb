// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformbeside.h"
#include "core/platform/terraform.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

using namespace std::chrono_literals;

namespace {

std::chrono::steady_clock::time_point s_now {1h};

std::chrono::steady_clock::time_point now()
{
    return s_now;
}

core::PlatformInputPtr answer(const std::string& revision)
{
    core::PlatformInput input;
    input.applications = {{.name = "shop", .path = "shop", .revision = revision}};
    return std::make_shared<const core::PlatformInput>(input);
}

} // namespace

class TestPlatformBeside : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    void write(const QString& name, const QByteArray& text)
    {
        const QString path = m_folder.filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    app::Options options() const
    {
        app::Options out;
        out.path = m_folder.filePath("shop").toStdString();
        out.configFile = m_folder.filePath("none.yaml").toStdString();
        return out;
    }

private Q_SLOTS:
    void init()
    {
        write(".git/HEAD", "ref: refs/heads/main\n");
        write("shop/dags/load.py", "from airflow import DAG\n");
        write("shop/other.py", "print('no DAG')\n");
    }

    void withoutTerraformTheAnswerStays()
    {
        app::PlatformBeside beside(options(), now);
        const auto given = answer("1");
        QCOMPARE(beside.input(given), given);
        QCOMPARE(beside.files().size(), std::size_t(1));
        QCOMPARE(beside.files()[0].path, std::string("shop/dags/load.py"));
    }

    void filesAreReadAgainWhenARevisionChangesOrAMinuteIsOver()
    {
        app::PlatformBeside beside(options(), now);
        (void)beside.input(answer("1"));
        write("shop/dags/second.py", "import airflow\n");
        (void)beside.input(answer("1"));
        QCOMPARE(beside.files().size(), std::size_t(1));
        (void)beside.input(answer("2"));
        QCOMPARE(beside.files().size(), std::size_t(2));
        QVERIFY(QFile::remove(m_folder.filePath("shop/dags/second.py")));
        s_now += 2min;
        (void)beside.input(answer("2"));
        QCOMPARE(beside.files().size(), std::size_t(1));
    }

    void terraformIsTheLayerBelow()
    {
        app::Options with = options();
        with.terraform = {PROJECT_ROOT_DIR "/tests/data/terraform/prod-show.json"};
        app::PlatformBeside beside(with, now);
        const auto first = beside.input(answer("1"));
        QVERIFY(core::hasTerraform(*first));
        QCOMPARE(beside.input(answer("1")), first); // nothing new: nothing is made again
    }

    void whatCannotBeReadIsAGap()
    {
        app::Options with = options();
        with.terraform = {m_folder.filePath("gone.json").toStdString()};
        app::PlatformBeside beside(with, now);
        const auto input = beside.input(answer("1"));
        QCOMPARE(input->gaps.size(), std::size_t(1));
        QVERIFY2(input->gaps[0].find("gone.json") != std::string::npos, input->gaps[0].c_str());
    }
};

WW_TEST_CLASS(TestPlatformBeside)
#include "tst_platformbeside.moc"
