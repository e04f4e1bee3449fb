// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/workspace.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

namespace tests {

template<class Condition>
bool waitFor(Condition condition, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > timeoutMs)
            return false;
        QTest::qWait(100);
    }
    return true;
}

/// What `wavewright status` says of an application that another process reconciles.
inline QJsonObject statusOf(const Workspace& here, const QString& name)
{
    const Finished status =
        here.wavewright({"status", name, "-o", "json", "--state", here.stateFolder()});
    return QJsonDocument::fromJson(status.output.toUtf8())["applications"][0].toObject();
}

inline bool isSettled(const QJsonObject& state)
{
    return state["sync"] == "Synced" && state["health"] == "Healthy";
}

/// All that its conditions and its operation say.
inline QString complaints(const QJsonObject& state)
{
    QString text = state["operation"]["message"].toString();
    for (const QJsonValue& condition : state["conditions"].toArray()) {
        const QJsonObject place = condition["place"].toObject();
        text += "\n" + condition["type"].toString() + " " + place["file"].toString() + ":"
            + QString::number(place["line"].toInt()) + ":"
            + QString::number(place["column"].toInt()) + " " + condition["message"].toString();
    }
    for (const QJsonValue& result : state["operation"]["results"].toArray())
        text += "\n" + result["kind"].toString() + " " + result["message"].toString();
    return text;
}

} // namespace tests
