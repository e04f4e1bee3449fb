// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/model/snapshot.h"
#include "core/model/telemetry.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace core {

/// What a person (or a script) may ask the engine to do. Unknown applications are an Error
/// (NotFound).
namespace command {

struct Sync
{
    std::string application;
    bool dryRun = false;
    bool prune = false;
    bool force = false;
    std::vector<ObjectKey> only; ///< empty: all
};
/// Look at Git and compare now; hard: forget cached renders too.
struct Refresh
{
    std::string application;
    bool hard = false;
};
struct SetPause
{
    std::string application;
    Pause pause;
};
struct Resume
{
    std::string application;
    std::optional<ObjectKey> key; ///< nullopt: the application's own pause
};
/// A person says yes to prunes that wait. They happen only if they still are what was asked about
/// (same uid).
struct Confirm
{
    std::string application;
    std::vector<ObjectKey> keys; ///< empty: all that wait
};
/// Takes objects that existed before us, or that another reconciler tracks, under our care.
struct Adopt
{
    std::string application;
};
struct Terminate
{
    std::string application;
};
/// Adds or replaces a root application; its children follow from its manifests.
struct AddApplication
{
    Application application;
};
/// Stops reconciling; deletes nothing.
struct RemoveApplication
{
    std::string application;
};

} // namespace command

using Command = std::variant<command::Sync, command::Refresh, command::SetPause, command::Resume,
                             command::Confirm, command::Adopt, command::Terminate,
                             command::AddApplication, command::RemoveApplication>;

namespace query {

/// Both sides of one object as YAML, for the diff view: secrets masked, managedFields and status
/// left out of live unless asked for.
struct Manifests
{
    std::string application;
    ObjectKey key;
    bool whole = false;
};
/// The whole render of the current revision.
struct RenderedText
{
    std::string application;
};
/// All objects that the applications declare and the cluster has, for the views of the platform.
/// The first time, the engine begins to watch the kinds that those views need: until they are
/// listed they stand among the unknown kinds.
struct Platform
{
    std::vector<GroupKind> kinds; ///< to watch beside those that the applications declare
};

/// What is measured now. The first time, the engine begins to look for sources and to sample; it
/// goes on while somebody asks at least once a minute.
struct Telemetry
{
};
/// Samples of a time span, from memory and from the store of the last day.
struct Samples
{
    std::string subject;
    std::vector<Measure> measures; ///< empty: all
    WallTime from {};
    WallTime to {};
    /// Not more samples a series than this: neighbours are joined to their mean, gaps stay.
    std::size_t maxPoints = 2'000;
};

} // namespace query

using Query = std::variant<query::Manifests, query::RenderedText, query::Platform, query::Telemetry,
                           query::Samples>;

struct ManifestsAnswer
{
    std::string desired; ///< YAML, "" when Git has it not
    std::string live; ///< YAML, "" when it is not in the cluster
    ResourceDiffPtr diff;
};
struct TextAnswer
{
    std::string text;
};
struct SamplesAnswer
{
    std::vector<Series> series; ///< by key
};
using Answer =
    std::variant<ManifestsAnswer, TextAnswer, PlatformInputPtr, TelemetryPtr, SamplesAnswer>;

} // namespace core
