// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/sync/syncsetup.h"

#include <QString>
#include <QStringList>

namespace tests {

void setUp(SyncRun& run, const QString& desired, const QString& live, const QString& settings)
{
    run.input.application = "app";
    run.input.revision = "0123456789";
    run.input.destinationNamespace = "shop";
    run.input.startedAt = core::WallTime {std::chrono::seconds(1700000000)};
    run.input.desired = manifestsOf(desired.toStdString());
    run.cluster.put(live.toStdString());
    gitops::SyncOptions& options = run.input.options;
    options.prune = true;
    for (const QString& word : settings.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const QString name = word.section(QLatin1Char('='), 0, 0);
        const std::string value = word.section(QLatin1Char('='), 1).toStdString();
        if (name == QLatin1String("refuse"))
            run.cluster.refuse(value);
        else if (name == QLatin1String("invalid"))
            run.cluster.refuse(
                value,
                {.code = core::ErrorCode::Invalid, .message = "spec of " + value + " is odd"});
        else if (name == QLatin1String("denied"))
            run.cluster.refuse(value,
                               {.code = core::ErrorCode::Forbidden,
                                .message = "webhook \"p\" denied the request: " + value});
        else if (name == QLatin1String("noright"))
            run.cluster.refuse(value,
                               {.code = core::ErrorCode::Forbidden,
                                .message = "user \"u\" cannot patch resource " + value});
        else if (name == QLatin1String("forbid"))
            run.input.forbidden[parseLines(QString::fromStdString(value)
                                               .replace(QLatin1Char('/'), QLatin1Char(' '))
                                               .toStdString())
                                    .front()
                                    .key] = "resource " + value + " is not permitted";
        else if (name == QLatin1String("degraded"))
            run.cluster.setBehaviour(value, {{core::Health::Degraded, "broken"}, 1, 1});
        else if (name == QLatin1String("stuck"))
            run.cluster.setBehaviour(value, {{core::Health::Progressing, "starting"}, 1, 1});
        else if (name == QLatin1String("suspended"))
            run.cluster.setBehaviour(value, {{core::Health::Suspended, "paused"}, 1, 1});
        else if (name == QLatin1String("unknown"))
            run.cluster.setBehaviour(value, {{core::Health::Unknown, "odd"}, 1, 1});
        else if (name == QLatin1String("slow"))
            run.cluster.setBehaviour(value, {{core::Health::Healthy, ""}, 6, 6});
        else if (name == QLatin1String("missing"))
            run.cluster.setKind({"example.com", value}, gitops::KindAvailability::Missing);
        else if (name == QLatin1String("unknownkind"))
            run.cluster.setKind({"example.com", value}, gitops::KindAvailability::Unknown);
        else if (name == QLatin1String("served"))
            run.cluster.setKind({"example.com", value}, gitops::KindAvailability::Served);
        else if (name == QLatin1String("only"))
            options.only.push_back(parseLines(QString::fromStdString(value)
                                                  .replace(QLatin1Char('/'), QLatin1Char(' '))
                                                  .toStdString())
                                       .front()
                                       .key);
        else if (name == QLatin1String("outofsync"))
            options.outOfSync.insert({"", "ConfigMap", "shop", value});
        options.pruneLast |= name == QLatin1String("prunelast");
        options.managesNamespace |= name == QLatin1String("managesnamespace");
        options.removal |= name == QLatin1String("removal");
        if (name == QLatin1String("prune"))
            options.pruneOption = value;
        if (name == QLatin1String("delete"))
            options.deleteOption = value;
        if (name == QLatin1String("asked"))
            options.asked.insert({"", "ConfigMap", "shop", value});
        options.tryFirst |= name == QLatin1String("tryfirst");
        options.dryRun |= name == QLatin1String("dryrun");
        options.force |= name == QLatin1String("force");
        options.replace |= name == QLatin1String("replace");
        options.createNamespace |= name == QLatin1String("createnamespace");
        options.applyOutOfSyncOnly |= name == QLatin1String("applyoutofsynconly");
        options.skipDryRunOnMissingResource |= name == QLatin1String("skipdryrun");
        if (name == QLatin1String("noprune"))
            options.prune = false;
    }
}

} // namespace tests
