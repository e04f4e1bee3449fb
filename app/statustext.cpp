// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/statustext.h"

#include "core/base/error.h"

#include <algorithm>

namespace app {

namespace {

constexpr std::size_t kUnhealthy = 10; ///< objects that are named
constexpr std::size_t kNamed = 5;

std::string text(const core::Json& from, std::initializer_list<std::string_view> path)
{
    return std::string(core::stringAt(from, path));
}

std::string placeOf(const core::Json& condition)
{
    const core::Json* place = core::find(condition, "place");
    if (!place)
        return {};
    return core::Place {text(*place, {"file"}), int(core::integerAt(*place, {"line"}, 0)),
                        int(core::integerAt(*place, {"column"}, 0)), text(*place, {"object"})}
        .text();
}

void addConditions(const core::Json& state, const std::string& name, std::vector<std::string>& out)
{
    for (const core::Json& condition : listIn(state, "conditions")) {
        const std::string type = text(condition, {"type"});
        if (type == "Paused") // the pause itself says more
            continue;
        const std::string place = placeOf(condition);
        out.push_back(name + ": " + type + ": " + (place.empty() ? "" : place + ": ")
                      + text(condition, {"message"}));
    }
}

/// The objects whose health is the reason, and where none is, what the application says.
void addHealth(const core::Json& state, const std::string& name, std::vector<std::string>& out)
{
    const std::string health = text(state, {"health"});
    if (health == "Healthy")
        return;
    std::size_t more = 0;
    const std::size_t before = out.size();
    for (const core::Json& resource : listIn(state, "resources")) {
        const std::string each = text(resource, {"health"});
        if (each.empty() || each == "Healthy" || core::find(resource, "parent"))
            continue;
        if (out.size() - before >= kUnhealthy) {
            ++more;
            continue;
        }
        const std::string message = text(resource, {"healthMessage"});
        out.push_back(name + ": " + keyOf(resource).text() + " is " + each
                      + (message.empty() ? "" : ": " + message));
    }
    if (more > 0)
        out.push_back(name + ": " + std::to_string(more) + " more are not Healthy");
    if (const std::string message = text(state, {"healthMessage"});
        out.size() == before && !message.empty())
        out.push_back(name + " is " + health + ": " + message);
}

void addPauses(const core::Json& state, const std::string& name, std::vector<std::string>& out)
{
    for (const core::Json& pause : listIn(state, "pauses")) {
        const core::Json* object = core::find(pause, "object");
        const std::string until = text(pause, {"until"});
        out.push_back(name + (object ? ": " + keyOf(*object).text() : std::string()) + " is paused"
                      + (until.empty() ? "" : " until " + until) + ": " + text(pause, {"reason"}));
    }
}

} // namespace

const core::JsonArray& listIn(const core::Json& state, const char* member)
{
    static const core::JsonArray none;
    const core::Json* list = core::find(state, member);
    return list && list->is_array() ? list->get_array() : none;
}

core::ObjectKey keyOf(const core::Json& object)
{
    return {text(object, {"group"}), text(object, {"kind"}), text(object, {"namespace"}),
            text(object, {"name"})};
}

std::string objectNames(const core::JsonArray& objects)
{
    std::string out;
    for (std::size_t i = 0; i < std::min(objects.size(), kNamed); ++i)
        out += (i ? ", " : "") + keyOf(objects[i]).text();
    if (objects.size() > kNamed)
        out += " and " + std::to_string(objects.size() - kNamed) + " more";
    return out;
}

std::vector<std::string> statusNotes(const core::Json& state)
{
    std::vector<std::string> out;
    const std::string name = text(state, {"name"});
    addConditions(state, name, out);
    addHealth(state, name, out);
    addPauses(state, name, out);
    if (const core::JsonArray& waiting = listIn(state, "awaitingConfirmation"); !waiting.empty())
        out.push_back(name + ": the prune of " + objectNames(waiting)
                      + " waits for a person: wavewright confirm " + name + " says yes");
    return out;
}

} // namespace app
