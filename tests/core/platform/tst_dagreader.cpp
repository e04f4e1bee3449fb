// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/dagreader.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QtTest/QTest>

#include <string>

using namespace core;

namespace {

std::string textOf(const std::vector<DagValue>& values)
{
    std::string out;
    for (const DagValue& value : values)
        out += (out.empty() ? "" : ",") + value.text + (value.complete ? "" : "?");
    return out;
}

/// "dag a(schedule) ; a.x:Operator outlets ; x>y"
std::string textOf(const DagFile& file)
{
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
    for (const Dag& dag : file.dags)
        add("dag " + dag.id
            + (dag.schedule.type == DagValue::Type::Other
                   ? ""
                   : "(" + textOf(datasetsOf(dag.schedule)) + ")"));
    for (const DagTask& task : file.tasks) {
        const DagValue* outlets = task.call.find("outlets");
        add(task.dag + "." + task.id + ":" + task.operatorName
            + (outlets ? " " + textOf(datasetsOf(*outlets)) : ""));
    }
    for (const DagFile::Order& order : file.order)
        add(file.tasks[order.before].id + ">" + file.tasks[order.after].id);
    return out;
}

} // namespace

class TestDagReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void files_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("with")
            << "with DAG('a', schedule='@daily') as dag:\n  x = BashOperator(task_id='x')\n"
            << "dag a(@daily); a.x:BashOperator";
        QTest::newRow("keyword id")
            << "with DAG(\n    dag_id=\"a-b\",\n    schedule=None,\n):\n    "
               "PythonOperator(task_id=\"x\")"
            << "dag a-b; a-b.x:PythonOperator";
        QTest::newRow("variable") << "dag = DAG('a')\nx = FooOperator(task_id='x', dag=dag)"
                                  << "dag a; a.x:FooOperator";
        QTest::newRow("two dags by variable")
            << "d1 = DAG('a')\nd2 = DAG('b')\nFooOperator(task_id='x', dag=d2)"
            << "dag a; dag b; b.x:FooOperator";
        QTest::newRow("dataset") << "D = Dataset('s3://b/x')\nwith DAG('a', schedule=[D]):\n"
                                    "  FooOperator(task_id='t', outlets=[D, Asset(uri='s3://b/y')])"
                                 << "dag a(s3://b/x); a.t:FooOperator s3://b/x,s3://b/y";
        QTest::newRow("both and one of") << "A=Dataset('a:1')\nB=Dataset('b:2')\n"
                                            "with DAG('x', schedule=(A & B) | Dataset('c:3')): pass"
                                         << "dag x(a:1,b:2,c:3)";
        QTest::newRow("constant in an f-string")
            << "BUCKET = 'lake'\nD = Dataset(f's3://{BUCKET}/x')\nwith DAG('a', schedule=[D]): pass"
            << "dag a(s3://lake/x)";
        QTest::newRow("unknown in an f-string")
            << "with DAG('a', schedule=[Dataset(f's3://{other()}/x')]): pass"
            << "dag a(s3://{other()}/x?)";
        QTest::newRow("joined") << "A = 's3://b'\nwith DAG('a', schedule=[Dataset(A + '/x')]): pass"
                                << "dag a(s3://b/x)";
        QTest::newRow("order")
            << "with DAG('a'):\n  x=AOperator(task_id='x')\n  y=AOperator(task_id='y')\n"
               "  z=AOperator(task_id='z')\n  x >> [y, z]\n  z << y"
            << "dag a; a.x:AOperator; a.y:AOperator; a.z:AOperator; x>y; x>z; y>z";
        QTest::newRow("chain")
            << "with DAG('a'):\n  x=AOperator(task_id='x')\n  y=AOperator(task_id='y')\n"
               "  chain(x, y)"
            << "dag a; a.x:AOperator; a.y:AOperator; x>y";
        QTest::newRow("set_downstream") << "with DAG('a'):\n  x=AOperator(task_id='x')\n  "
                                           "y=AOperator(task_id='y')\n  x.set_downstream(y)"
                                        << "dag a; a.x:AOperator; a.y:AOperator; x>y";
        QTest::newRow("group")
            << "with DAG('a'):\n  with TaskGroup('g'):\n    AOperator(task_id='x')\n"
               "  AOperator(task_id='y')"
            << "dag a; a.g.x:AOperator; a.y:AOperator";
        QTest::newRow("taskflow")
            << "@dag(schedule='@hourly')\ndef flow():\n"
               "    @task(outlets=[Dataset('s3://b/x')])\n    def fetch():\n"
               "        return 1\n    @task\n    def load(x):\n        pass\n"
               "    a = fetch()\n    b = load(a)\n    a >> b\nflow()"
            << "dag flow(@hourly); flow.fetch:@task s3://b/x; flow.load:@task; fetch>load";
        QTest::newRow("mapped") << "with DAG('a'):\n  AOperator.partial(task_id='x').expand(y=[1])"
                                << "dag a; a.x:AOperator";
        QTest::newRow("id is not a literal")
            << "with DAG(name()):\n  AOperator(task_id=f())" << "dag line 1";
        QTest::newRow("comment") << "# with DAG('no'):\nwith DAG('a'): pass # DAG('b')" << "dag a";
        QTest::newRow("text that looks like code")
            << "x = 'with DAG(1):'\n\"\"\"DAG('no')\"\"\"" << "";
        QTest::newRow("continued line") << "with DAG('a', \\\n  schedule='x'): pass" << "dag a(x)";
        QTest::newRow("windows") << "with DAG('a'):\r\n  AOperator(task_id='x')\r\n"
                                 << "dag a; a.x:AOperator";
        QTest::newRow("empty") << "" << "";
    }
    void files()
    {
        QFETCH(QString, text);
        QTEST(QString::fromStdString(textOf(readDagFile(text.toStdString()))), "expected");
    }

    void functionsAreReadForTheirTasks()
    {
        const DagFile file =
            readDagFile("def help():\n  put(1)\ndef work():\n  help()\n  get('u')\n"
                        "with DAG('a'):\n  PythonOperator(task_id='x', python_callable=work)\n");
        QCOMPARE(file.tasks.size(), std::size_t(1));
        std::string calls;
        for (const DagValue& call : file.tasks.front().body)
            calls += call.text + " ";
        QCOMPARE(calls, std::string("help get put "));
    }

    /// None may crash, hang or grow without bound; what comes out does not matter.
    void hostile_data()
    {
        QTest::addColumn<QString>("text");
        const auto repeated = [](const char* text, int times) {
            return QString(text).repeated(times);
        };
        QTest::newRow("open brackets") << repeated("(", 100'000);
        QTest::newRow("open lists in a dag") << "with DAG('a', schedule=" + repeated("[", 50'000);
        QTest::newRow("closing brackets") << repeated(")]}", 50'000);
        QTest::newRow("operators") << "x = a" + repeated(" >> a", 50'000);
        QTest::newRow("a variable that grows") << "x = ['a']\n" + repeated("x = [x, x]\n", 5'000);
        QTest::newRow("a text that grows") << "x = 'aaaa'\n" + repeated("x = x + x\n", 5'000);
        QTest::newRow("nested calls") << repeated("DAG(", 20'000);
        QTest::newRow("nested functions") << repeated("def f():\n", 20'000);
        QTest::newRow("decorators") << repeated("@task\n", 50'000);
        QTest::newRow("quotes") << repeated("'''\"\"\"'", 20'000);
        QTest::newRow("f-string braces") << "x = f'" + repeated("{", 100'000) + "'";
        QTest::newRow("lambda") << "x = " + repeated("lambda ", 50'000);
        QTest::newRow("tasks") << "with DAG('a'):\n"
                + repeated("  AOperator(task_id='x')\n", 30'000);
        QTest::newRow("members") << "x" + repeated(".y()", 30'000);
        QTest::newRow("functions that call each other")
            << "def f():\n  f()\n"
               "with DAG('a'):\n  AOperator(task_id='x', "
               "python_callable=f)\n";
        QTest::newRow("control characters") << QString(QChar(0)).repeated(1'000) + "\x01\x7f\\";
        QTest::newRow("no newline behind a backslash") << "x = 1 \\";
    }
    void hostile()
    {
        QFETCH(QString, text);
        QElapsedTimer timer;
        timer.start();
        const DagFile file = readDagFile(text.toStdString());
        QVERIFY(file.tasks.size() <= 10'000);
        QVERIFY(timer.elapsed() < 20'000);
    }
};

WW_TEST_CLASS(TestDagReader)
#include "tst_dagreader.moc"
