// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/models/manifestdiff.h"

#include <QTest>

#include <algorithm>
#include <set>

using widgets::DiffRow;
using widgets::diffRows;
using Kind = DiffRow::Kind;

namespace {

core::ManifestsAnswer
answer(std::string live, std::string desired, std::vector<core::FieldChange> changes = {},
       core::ResourceDiff::Verdict verdict = core::ResourceDiff::Verdict::Different)
{
    core::ResourceDiff diff;
    diff.verdict = verdict;
    diff.changes = std::move(changes);
    return {std::move(desired), std::move(live), std::make_shared<const core::ResourceDiff>(diff)};
}

core::FieldChange change(core::FieldChange::Type type, const char* path, const char* display)
{
    core::FieldChange value;
    value.type = type;
    value.path = path;
    value.display = display;
    return value;
}

const DiffRow* rowWith(const std::vector<DiffRow>& rows, const char* text)
{
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const DiffRow& row) {
        return row.live.find(text) != std::string::npos
            || row.desired.find(text) != std::string::npos;
    });
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

class TestManifestDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theEnginesVerdictIsWhatCounts()
    {
        const std::vector<DiffRow> rows = diffRows(tests::sampleDriftedManifests());
        QCOMPARE(rowWith(rows, "replicas: ")->kind, Kind::Changed);
        QCOMPARE(QString::fromStdString(rowWith(rows, "replicas: ")->live),
                 QString("  replicas: 5"));
        QCOMPARE(rowWith(rows, "experiment")->kind, Kind::OnlyLive);
        QCOMPARE(rowWith(rows, "LOG_LEVEL")->kind, Kind::OnlyDesired);
        QCOMPARE(rowWith(rows, "value: info")->kind, Kind::OnlyDesired);
        QCOMPARE(rowWith(rows, "image: ")->kind, Kind::Changed);
        // 1000m and "1" are the same for the server, uid and defaults are not Git's business.
        QCOMPARE(rowWith(rows, "cpu: 1000m")->kind, Kind::Spelling);
        QCOMPARE(rowWith(rows, "dnsPolicy")->kind, Kind::Undeclared);
        QCOMPARE(rowWith(rows, "protocol: TCP")->kind, Kind::Undeclared);
        QCOMPARE(rowWith(rows, "serviceAccountName")->kind, Kind::Same);
        const auto differences =
            std::count_if(rows.begin(), rows.end(), [](const auto& r) { return r.isDifference(); });
        QCOMPARE(int(differences), 5);
    }

    void everyChangeHasItsRow()
    {
        std::set<int> seen;
        for (const DiffRow& row : diffRows(tests::sampleDriftedManifests()))
            if (row.change >= 0)
                QVERIFY(seen.insert(row.change).second);
        QCOMPARE(seen, (std::set<int> {0, 1, 2, 3}));
    }

    void orderAndDashesDoNotMatter()
    {
        const auto rows = diffRows(answer("a:\n- image: x\n  name: web\n- name: db\nb: 1\n",
                                          "b: 1\na:\n- name: db\n- name: web\n  image: x\n", {},
                                          core::ResourceDiff::Verdict::Same));
        for (const DiffRow& row : rows)
            QCOMPARE(row.kind, Kind::Same);
        QCOMPARE(int(rows.size()), 5);
        QCOMPARE(QString::fromStdString(rowWith(rows, "web")->desired), QString("- name: web"));
    }

    void listItemsAreFoundByTheirName()
    {
        // In live the item stands at another place than in Git.
        const auto rows = diffRows(answer(
            "c:\n- name: sidecar\n  image: s\n- name: web\n  image: old\n",
            "c:\n- name: web\n  image: new\n",
            {change(core::FieldChange::Type::Different, "/c/0/image", "c[name=web].image")}));
        const DiffRow* row = rowWith(rows, "new");
        QCOMPARE(QString::fromStdString(row->live), QString("  image: old"));
        QCOMPARE(row->kind, Kind::Changed);
        QCOMPARE(row->change, 0);
        QCOMPARE(rowWith(rows, "sidecar")->kind, Kind::Undeclared);
    }

    void keysWithSlashesAreFound()
    {
        const auto rows = diffRows(answer(
            "metadata:\n  annotations:\n    example.org/a: x\n",
            "metadata:\n  annotations:\n    example.org/a: y\n",
            {change(core::FieldChange::Type::Different, "/metadata/annotations/example.org~1a",
                    "metadata.annotations.example.org/a")}));
        QCOMPARE(rowWith(rows, "example.org/a")->kind, Kind::Changed);
    }

    void wholeObjectsCountAsAWhole()
    {
        const auto missing = diffRows(
            answer("", "a: 1\nb:\n  c: 2\n", {}, core::ResourceDiff::Verdict::MissingLive));
        QCOMPARE(int(missing.size()), 3);
        for (const DiffRow& row : missing)
            QCOMPARE(row.kind, Kind::OnlyDesired);
        const auto extra = diffRows(answer("a: 1\n", "", {}, core::ResourceDiff::Verdict::Extra));
        QCOMPARE(extra.front().kind, Kind::OnlyLive);
    }

    void doubtShowsEveryDifference()
    {
        const auto rows = diffRows(
            answer("a: 1\nb: 2\n", "a: 3\n", {}, core::ResourceDiff::Verdict::CouldNotTell));
        QCOMPARE(rows[0].kind, Kind::Changed);
        QCOMPARE(rows[1].kind, Kind::OnlyLive);
    }

    void rowsHaveNamesOfTheirOwn()
    {
        std::set<std::string> ids;
        for (const DiffRow& row : diffRows(tests::sampleDriftedManifests()))
            QVERIFY2(ids.insert(row.id).second, row.id.c_str());
    }

    void noLineOfEitherSideIsLost()
    {
        const core::ManifestsAnswer both = tests::sampleDriftedManifests();
        int live = 0;
        int desired = 0;
        for (const DiffRow& row : diffRows(both)) {
            live += row.hasLive;
            desired += row.hasDesired;
        }
        QCOMPARE(live, int(std::count(both.live.begin(), both.live.end(), '\n')));
        QCOMPARE(desired, int(std::count(both.desired.begin(), both.desired.end(), '\n')));
    }
};

WW_TEST_CLASS(TestManifestDiff)
#include "tst_manifestdiff.moc"
