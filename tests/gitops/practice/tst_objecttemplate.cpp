// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objecttemplate.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QtTest/QTest>

using gitops::practice::evaluate;
using gitops::practice::fillTemplate;
using gitops::practice::isTruthy;
using gitops::practice::TemplateScope;

namespace {

/// tests/data/practice/templates.json: an object, templates with what they become, and what is
/// true.
const core::Json& data()
{
    static const core::Json value = [] {
        QFile file(QStringLiteral(TEST_DATA_DIR "/practice/templates.json"));
        if (!file.open(QIODevice::ReadOnly))
            return core::Json();
        auto parsed = core::parseJson(file.readAll().toStdString());
        return parsed ? std::move(*parsed) : core::Json();
    }();
    return value;
}

void rows(const char* list, const char* label)
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const core::Json& each : data().at(list).as_array()) {
        const core::Json& name = each.at(label);
        const std::string text =
            name.is_string() ? std::string(name.get_string()) : core::toText(name);
        QTest::addRow("%d %s", row, text.c_str()) << row;
        ++row;
    }
}

} // namespace

class TestObjectTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fills_data() { rows("cases", "name"); }
    void fills()
    {
        QFETCH(int, row);
        const core::Json& each = data().at("cases").as_array()[std::size_t(row)];
        const core::Json filled =
            fillTemplate(each.at("template"), {data().at("object"), nullptr, 0, "now"});
        QCOMPARE(core::toText(filled), core::toText(each.at("expected")));
    }
    void truth_data() { rows("truths", "value"); }
    void truth()
    {
        QFETCH(int, row);
        const core::Json& each = data().at("truths").as_array()[std::size_t(row)];
        QCOMPARE(isTruthy(each.at("value")), each.at("isTrue").as_bool());
    }
    void theItemIsInScope()
    {
        const core::Json item = core::JsonObject {{"name", "external"}};
        const TemplateScope scope {data().at("object"), &item, 7, "later"};
        QCOMPARE(evaluate("@.name", scope), core::Json("external"));
        QCOMPARE(evaluate("index", scope), core::Json(7));
        QCOMPARE(evaluate("now", scope), core::Json("later"));
        QVERIFY(evaluate("@.name", {data().at("object"), nullptr, 0, ""}).is_null());
    }
    void aCountHasALimit()
    {
        const core::Json many = core::JsonObject {{"replicas", 1'000'000}};
        const core::Json text =
            core::JsonObject {{"$count", ".replicas"}, {"$key", "{{ index }}"}, {"$value", 1}};
        QCOMPARE(fillTemplate(text, {many, nullptr, 0, ""}).as_object().size(), std::size_t(1000));
    }
};

WW_TEST_CLASS(TestObjectTemplate)
#include "tst_objecttemplate.moc"
