// SPDX-License-Identifier: GPL-3.0-or-later
// describe(): one line of a log for each event.
#include "core/base/strings.h"
#include "core/model/event.h"

#include <fmt/format.h>

namespace core {

namespace {

std::string authorText(const std::optional<FieldAuthor>& author)
{
    if (!author)
        return "who wrote it is not recorded";
    std::string out = author->manager;
    if (!author->subresource.empty())
        out += "/" + author->subresource;
    if (author->when)
        out += " at " + formatRfc3339(*author->when).substr(11, 8);
    return out;
}

std::string changeText(const FieldChange& change)
{
    switch (change.type) {
    case FieldChange::Type::Missing:
        return fmt::format("{} is gone, Git says {}", change.display, change.desired);
    case FieldChange::Type::Undeclared:
        return fmt::format("{} is {}, Git declares it no more", change.display, change.live);
    case FieldChange::Type::NotOurs:
        return fmt::format("{} is owned by {}", change.display, authorText(change.author));
    case FieldChange::Type::Different:
        break;
    }
    return fmt::format("{} is {}, Git says {} ({})", change.display, change.live, change.desired,
                       authorText(change.author));
}

std::string shortText(std::string text, std::size_t limit = 300)
{
    return text.size() <= limit ? text : text.substr(0, limit) + "…";
}

struct Describer
{
    std::string operator()(const event::RevisionFound& event) const
    {
        return fmt::format("new revision {} \"{}\" by {}", event.commit.shortId(),
                           event.commit.subject, event.commit.author);
    }
    std::string operator()(const event::OperationStarted& event) const
    {
        return fmt::format("{} of {} started", operationName(event.operation),
                           event.operation.revision.substr(0, 7));
    }
    std::string operator()(const event::OperationProgressed& event) const
    {
        std::string out =
            fmt::format("{} wave {}: {}, {} of {} applied, {} ready", toString(event.wave.phase),
                        event.wave.wave, toString(event.wave.state), event.wave.applied,
                        event.wave.total, event.wave.ready);
        if (!event.wave.waitsFor.empty())
            out += "; waits for " + event.wave.waitsFor.front()
                + (event.wave.waitsFor.size() > 1
                       ? fmt::format(" and {} more", event.wave.waitsFor.size() - 1)
                       : "");
        return out;
    }
    std::string operator()(const event::OperationFinished& event) const
    {
        std::string out =
            fmt::format("{} of {} {}", operationName(event.operation),
                        event.operation.revision.substr(0, 7), toString(event.operation.phase));
        return event.operation.message.empty() ? out : out + ": " + event.operation.message;
    }
    std::string operator()(const event::ResourceApplied& event) const
    {
        std::string out =
            fmt::format("{} {}", event.result.key.text(), toString(event.result.code));
        return event.result.message.empty() ? out : out + ": " + event.result.message;
    }
    std::string operator()(const event::HealthChanged& event) const
    {
        const auto word = [](const std::optional<Health>& health) {
            return health ? toString(*health) : std::string_view("none");
        };
        std::string out = event.key.kind.empty() ? "health" : event.key.text();
        out += fmt::format(" {} -> {}", word(event.from), word(event.to));
        return event.message.empty() ? out : out + ": " + event.message;
    }
    std::string operator()(const event::SyncStateChanged& event) const
    {
        return fmt::format("{} -> {}", toString(event.from), toString(event.to));
    }
    std::string operator()(const event::DriftFound& event) const
    {
        std::string out = event.diff.key.text() + " drifted";
        if (event.diff.verdict == ResourceDiff::Verdict::MissingLive)
            return out + ": it was deleted (who did it is not recorded)";
        std::size_t shown = 0;
        for (const FieldChange& change : event.diff.changes)
            if (change.type != FieldChange::Type::NotOurs && shown++ < 3)
                out += (shown == 1 ? ": " : "; ") + changeText(change);
        if (shown > 3)
            out += fmt::format(" and {} more fields", shown - 3);
        return out;
    }
    std::string operator()(const event::DriftHealed& event) const
    {
        return fmt::format("{} healed in {:.1f} ms", event.key.text(),
                           double(event.took.count()) / 1000);
    }
    std::string operator()(const event::ConditionRaised& event) const
    {
        const std::string where = event.condition.place.text();
        return fmt::format("{}: {}{}", event.condition.type, where.empty() ? "" : where + ": ",
                           event.condition.message);
    }
    std::string operator()(const event::ConditionCleared& event) const
    {
        return event.type + " is over";
    }
    std::string operator()(const event::ConfirmationNeeded& event) const
    {
        std::string out =
            "prune of " + (event.keys.empty() ? std::string("objects") : event.keys.front().text());
        if (event.keys.size() > 1)
            out += fmt::format(" and {} more", event.keys.size() - 1);
        out += " waits for confirmation";
        return event.reason.empty() ? out : out + ": " + event.reason;
    }
    std::string operator()(const event::ConnectionChanged& event) const
    {
        switch (event.cluster.connection) {
        case ClusterState::Connection::Connecting:
            return "connecting to " + event.cluster.server;
        case ClusterState::Connection::Connected:
            return fmt::format("connected to {} ({}, Kubernetes {}){}{}", event.cluster.context,
                               event.cluster.server, event.cluster.version,
                               event.cluster.practice ? ", a practice cluster" : "",
                               event.cluster.message.empty() ? "" : ". " + event.cluster.message);
        case ClusterState::Connection::Disconnected:
            break;
        }
        return fmt::format("no connection to {}: {}", event.cluster.server, event.cluster.message);
    }
    std::string operator()(const event::SnapshotPublished& event) const
    {
        return fmt::format("snapshot {}", event.snapshot ? event.snapshot->sequence : 0);
    }

    static std::string operationName(const Operation& operation)
    {
        std::string out = operation.trigger == Operation::Trigger::SelfHeal ? "heal" : "sync";
        return operation.dryRun ? "dry run of a " + out : out;
    }
};

} // namespace

std::string_view applicationOf(const Event& event)
{
    return std::visit(
        [](const auto& what) -> std::string_view {
            if constexpr (requires { what.application; })
                return what.application;
            else
                return {};
        },
        event.what);
}

std::string describe(const Event& event)
{
    const std::string_view application = applicationOf(event);
    const std::string text = shortText(std::visit(Describer {}, event.what), 600);
    return sanitised(application.empty() ? text : std::string(application) + ": " + text);
}

} // namespace core
