// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/models/filterwords.h"
#include "widgets/models/viewtablemodel.h"

#include <QStandardItemModel>
#include <QTest>

using namespace widgets;

namespace {

const FilterRow::Labels kLabels {{"app", "web"}, {"tier", "front"}};

/// A topic as a list would show it.
class Row : public FieldRow
{
public:
    Row()
        : FieldRow({{"name", "events"},
                    {"state", "declared, existing, unread"},
                    {"system", "kafka"},
                    {"namespace", "kafka-prod"},
                    {"lag", "300 records"},
                    {"lagged", ""},
                    {"place", "kafka://broker:9092/events"}})
    {
    }
    std::optional<LabelSets> labels() const override { return LabelSets {&kLabels}; }
};

} // namespace

class TestFilterWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("matches");
        QTest::newRow("nothing") << "  " << true;
        QTest::newRow("a word") << "event" << true;
        QTest::newRow("upper case") << "EVENTS Kafka" << true;
        QTest::newRow("one of two words") << "events rabbit" << false;
        QTest::newRow("not, by minus") << "-rabbit" << true;
        QTest::newRow("not, by minus, and there") << "-kafka" << false;
        QTest::newRow("not, by a mark") << "events !kafka" << false;
        QTest::newRow("bare signs ask for nothing") << "! -" << true;
        QTest::newRow("two words as one") << "\"existing, unread\"" << true;
        QTest::newRow("two words as one, not there") << "\"unread existing\"" << false;
        QTest::newRow("a quotation mark without end") << "\"existing, unr" << true;
        QTest::newRow("a field has") << "state:unread" << true;
        QTest::newRow("a field has not") << "state:silent" << false;
        QTest::newRow("a field has one of") << "state:silent,unread" << true;
        QTest::newRow("not a field's") << "-state:unread" << false;
        QTest::newRow("not a field's, with a mark") << "!state:silent" << true;
        QTest::newRow("the key in upper case") << "System:KAFKA" << true;
        QTest::newRow("a key that is begun") << "sys:kafka" << true;
        QTest::newRow("two letters are no key") << "sy:kafka" << false;
        QTest::newRow("a field with blanks") << "state:\"existing, unread\"" << true;
        QTest::newRow("not typed to its end") << "state:" << true;
        QTest::newRow("a field is") << "name=events" << true;
        QTest::newRow("a field is not the whole") << "name=event" << false;
        QTest::newRow("one of its parts is") << "state=unread" << true;
        QTest::newRow("unlike") << "name!=events" << false;
        QTest::newRow("unlike, not") << "-name!=events" << true;
        QTest::newRow("more than") << "lag>200" << true;
        QTest::newRow("not more than") << "lag>300" << false;
        QTest::newRow("at least") << "lag>=300" << true;
        QTest::newRow("less than") << "lag<1000" << true;
        QTest::newRow("at most") << "lag<=299.5" << false;
        QTest::newRow("a field without a number") << "lagged>1" << false;
        QTest::newRow("no number to compare with") << "lag>many" << false;
        QTest::newRow("no such key: a word") << "kafka://broker" << true;
        QTest::newRow("no such key: a word that is not there") << "http://broker" << false;
        QTest::newRow("a port is no key's value") << "broker:9092" << true;
        QTest::newRow("fuzzy") << "-f evnts" << true;
        QTest::newRow("fuzzy, out of order") << "-f zzz" << false;
        QTest::newRow("fuzzy, nothing yet") << "-f" << true;
        QTest::newRow("labels") << "-l app=web" << true;
        QTest::newRow("labels, two") << "-l app=web,tier!=back" << true;
        QTest::newRow("labels, a set") << "-l \"tier in (front, back)\"" << true;
        QTest::newRow("labels, others") << "-l app=db" << false;
        QTest::newRow("labels as a key") << "label:app=web" << true;
        QTest::newRow("labels as a key, not") << "-label:app=web" << false;
        QTest::newRow("namespace") << "-n kafka-prod" << true;
        QTest::newRow("namespace, the whole of it") << "-n kafka" << false;
        QTest::newRow("all together") << "events state:unread -rabbit lag>5 -l app" << true;
    }
    void matches()
    {
        QFETCH(QString, typed);
        QFETCH(bool, matches);
        const FilterWords words(typed);
        QCOMPARE(words.matches(Row()), matches);
        QCOMPARE(words.complaint(), QString());
    }

    void labelsOfAListThatHasNone()
    {
        // They ask for nothing there; the field says so (filterfield.h).
        for (const char* typed : {"-l app=web", "-label:app=web", "label:!app"})
            QVERIFY(FilterWords(typed).matches(TextRow("events")));
        QVERIFY(FilterWords("events -l app=web").asksForLabels());
        QVERIFY(!FilterWords("events app=web").asksForLabels());
        QVERIFY(FilterWords("-n kafka").matches(TextRow("kafka/events"))); // no field: a word
    }

    void whatCannotBeUnderstoodAsksForNothingAndIsNamed()
    {
        const FilterWords words("events -l app=(");
        QVERIFY(!words.complaint().isEmpty());
        QVERIFY(words.matches(Row()));
        QVERIFY(!FilterWords("nothing -l app=(").matches(Row()));
    }

    void keys_data()
    {
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("key");
        QTest::newRow("one word") << "Health" << "health";
        QTest::newRow("two words") << "Behind by" << "behindby";
        QTest::newRow("more in brackets") << "Applications (waves)" << "applications";
    }
    void keys()
    {
        QFETCH(QString, title);
        QFETCH(QString, key);
        QCOMPARE(filterKey(title), key);
    }

    void columnsOfAModelAreFields()
    {
        QStandardItemModel model(1, 2);
        model.setHorizontalHeaderLabels({"Application", "Sync"});
        model.setItem(0, 0, new QStandardItem("kafka"));
        model.setItem(0, 1, new QStandardItem("OutOfSync"));
        QCOMPARE(filterKeys(model), (QStringList {"application", "sync"}));
        const ModelRow row(model.index(0, 0));
        QVERIFY(FilterWords("sync:out app:kafka").matches(row));
        QVERIFY(!FilterWords("sync=synced").matches(row));
        QVERIFY(FilterWords("outofsync").matches(row));
        QVERIFY(!FilterWords("outofsync").matches(ModelRow(model.index(0, 0), "only this")));
    }

    void aListHasItsColumnsAndMore_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("rows");
        QTest::newRow("all") << "" << "a b c";
        QTest::newRow("a column") << "count>=9" << "a c";
        QTest::newRow("a dash is no number") << "count<5" << "b";
        QTest::newRow("another field") << "tenant:x" << "a";
        QTest::newRow("another field, by a key in full") << "counter:5" << "b";
        QTest::newRow("labels") << "-l app" << "a b c";
    }
    void aListHasItsColumnsAndMore()
    {
        QFETCH(QString, typed);
        QFETCH(QString, rows);
        ViewTableModel model({{"Name", 100}, {"Count", 60, true}});
        model.setFields({{"tenant", "counter"},
                         [](int row, const QString& key) {
                             return key == "tenant" ? QString(row == 0 ? "x" : "y")
                                                    : QString::number(row + 4);
                         },
                         [](int) { return FilterRow::LabelSets {&kLabels}; }});
        model.setRows(
            4,
            [](int row, int column) {
                static const qint64 counts[] = {10, 2, 9};
                if (column == 0)
                    return Cell {.text = QString(QChar('a' + row))};
                return row < 3 ? numberCell(counts[row])
                               : Cell {.text = "–", .tone = Cell::Tone::Faint, .order = -1};
            },
            [](int row) { return QString::number(row); });
        QCOMPARE(model.fieldKeys(), (QStringList {"name", "count", "tenant", "counter", "label"}));
        ViewTableProxy proxy;
        proxy.setSourceModel(&model);
        proxy.setWords(typed);
        QStringList shown;
        for (int row = 0; row < proxy.rowCount(); ++row)
            shown << proxy.index(row, 0).data().toString();
        shown.removeAll("d");
        QCOMPARE(shown.join(' '), rows);
        if (typed.startsWith("count"))
            QVERIFY(proxy.rowCount() == shown.size()); // the row with the dash is not among them
    }

    void helpNamesTheKeys()
    {
        QVERIFY(FilterWords::help({"name", "lag"}).contains("name, lag"));
        QVERIFY(!FilterWords::help({}).contains("Keys"));
        QVERIFY(FilterWords::help({"label"}).contains("-l app=web"));
    }
};

WW_TEST_CLASS(TestFilterWords)
#include "tst_filterwords.moc"
