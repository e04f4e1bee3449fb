// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/texts.h"

#include "core/base/strings.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace widgets {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

QString say(const char* source, int n = -1)
{
    return QCoreApplication::translate("widgets::texts", source, nullptr, n);
}

QDateTime localTime(core::WallTime when)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(ms.count());
}

/// One number and one unit: what an eye takes in at a glance.
QString span(seconds length)
{
    const auto count = length.count();
    if (count < 60)
        return say("%1 s").arg(count);
    if (count < 3600)
        return say("%1 min").arg(count / 60);
    if (count < 48 * 3600)
        return say("%1 h").arg(count / 3600);
    return say("%1 d").arg(count / 86400);
}

} // namespace

QString text(std::string_view utf8)
{
    const std::string safe = core::sanitised(utf8);
    return QString::fromUtf8(safe.data(), qsizetype(safe.size()));
}

QString ago(core::WallTime when, core::WallTime now)
{
    const auto passed = std::chrono::duration_cast<seconds>(now - when);
    if (passed < seconds(0))
        return say("in %1").arg(span(-passed));
    if (passed < seconds(1))
        return say("just now");
    return say("%1 ago").arg(span(passed));
}

QString age(core::WallTime when, core::WallTime now)
{
    const auto passed = std::chrono::duration_cast<seconds>(now - when);
    return text(core::describeAge(std::max(passed, seconds(0))));
}

QString duration(core::WallTime from, core::WallTime to)
{
    const auto passed = std::chrono::duration_cast<milliseconds>(to - from);
    return text(core::describeDuration(std::max(passed, milliseconds(0))));
}

QString clockTime(core::WallTime when, core::WallTime now)
{
    const QDateTime time = localTime(when);
    if (time.date() == localTime(now).date())
        return time.toString(QStringLiteral("HH:mm:ss"));
    return time.toString(QStringLiteral("MM-dd HH:mm:ss"));
}

QString nameOf(const core::ObjectKey& key)
{
    if (key.namespaceName.empty())
        return text(key.name);
    return text(key.namespaceName + "/" + key.name);
}

QString objectText(const core::ObjectKey& key)
{
    return text(key.kind) + QLatin1Char(' ') + nameOf(key);
}

QString authorText(const std::optional<core::FieldAuthor>& author, core::WallTime now)
{
    if (!author || author->manager.empty())
        return say("not recorded");
    QString words = text(author->manager);
    if (!author->subresource.empty())
        words = say("%1 through /%2").arg(words, text(author->subresource));
    if (author->when)
        words = say("%1, %2").arg(words, ago(*author->when, now));
    return words;
}

QString objectCount(int count)
{
    return count == 1 ? say("1 object") : say("%1 objects").arg(count);
}

} // namespace widgets
