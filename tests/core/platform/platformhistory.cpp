// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/platformhistory.h"

#include "core/platform/findings.h"

#include <memory>
#include <utility>

namespace tests {

using namespace core;

PlatformHistory::PlatformHistory(const PlatformInput& input, std::vector<LineageFile> files,
                                 std::uint32_t seed)
    : m_random(seed)
    , m_files(std::move(files))
    , m_circumstances(input)
{
    m_circumstances.objects.clear();
    m_circumstances.hasLive = true;
    m_circumstances.applications = {{.name = "app"}, {.name = "other", .parent = "app"}};
    for (const PlatformObject& object : input.objects) {
        m_states.push_back({object, object, pick(10) != 0});
        if (object.isDeclared())
            collect(object.declared.front().manifest->value());
    }
    for (std::size_t i = 0; i < m_files.size(); ++i)
        m_filesIn.insert(i);
}

PlatformInputPtr PlatformHistory::input() const
{
    PlatformInput out = m_circumstances;
    for (const State& state : m_states)
        if (state.isIn)
            out.objects.push_back(state.now);
    return std::make_shared<const PlatformInput>(std::move(out));
}

std::vector<LineageFile> PlatformHistory::files() const
{
    std::vector<LineageFile> out;
    for (const std::size_t at : m_filesIn)
        out.push_back(m_files[at]);
    return out;
}

/// Words that may stand somewhere else, too.
void PlatformHistory::collect(const Json& value)
{
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            collect(member.value());
    else if (const auto* array = value.if_array())
        for (const Json& item : *array)
            collect(item);
    else if (const auto* text = value.if_string(); text && text->size() < 200)
        m_words.emplace_back(text->c_str(), text->size());
}

void PlatformHistory::mutate(Json& value, int depth)
{
    if (auto* object = value.if_object(); object && !object->empty()) {
        const auto at = object->begin() + std::ptrdiff_t(pick(object->size()));
        const std::string_view key = at->key();
        const bool isName = depth < 2
            && (key == "apiVersion" || key == "kind" || key == "name" || key == "namespace");
        if (isName)
            return;
        if (pick(8) == 0 && depth > 0)
            object->erase(at);
        else
            mutate(at->value(), depth + 1);
    } else if (auto* array = value.if_array(); array && !array->empty()) {
        const auto at = array->begin() + std::ptrdiff_t(pick(array->size()));
        if (pick(8) == 0)
            array->erase(at);
        else
            mutate(*at, depth + 1);
    } else if (value.is_string() && !m_words.empty()) {
        value = Json(word());
    } else if (value.is_int64()) {
        value = Json(std::int64_t(pick(4)));
    } else if (value.is_bool()) {
        value = Json(!value.get_bool());
    }
}

/// A label, or a word on findings that somebody lives with.
void PlatformHistory::annotate(Json& value)
{
    auto* metadata = value.as_object().contains("metadata")
        ? value.as_object()["metadata"].if_object()
        : nullptr;
    if (!metadata || m_words.empty())
        return;
    const bool isLabel = pick(2) == 0;
    Json& map = (*metadata)[isLabel ? "labels" : "annotations"];
    if (!map.is_object())
        map = JsonObject();
    if (isLabel) {
        map.get_object()[pick(2) ? "app" : "role"] = word();
        return;
    }
    const auto rules = findingRules();
    const std::string code(rules[pick(rules.size())].code);
    map.get_object()[std::string(kAcceptAnnotation)] = pick(4) ? code + ": " + word()
        : pick(2)                                              ? code
                                                               : "nonsense: " + word();
}

ManifestPtr PlatformHistory::manifestOf(const Json& value, const Manifest& before)
{
    Place place = before.origin("");
    if (pick(3) == 0)
        place.line = int(1 + pick(20));
    auto out = Manifest::make(value, {{"", place}});
    return out && (*out)->key() == before.key() ? *out : nullptr;
}

ManifestPtr PlatformHistory::mutated(const Manifest& manifest)
{
    Json value = manifest.value();
    if (pick(3) == 0)
        annotate(value);
    else if (pick(4) != 0) // else only its place is another
        for (std::size_t i = 0; i < 6; ++i)
            mutate(value, 0);
    return manifestOf(value, manifest);
}

std::string PlatformHistory::live(PlatformObject& object)
{
    const std::string name = object.key.text();
    if (object.live && object.isDeclared() && pick(2)) {
        object.live = nullptr;
        return name + " not in the cluster";
    }
    LiveRecord record = object.live ? *object.live : LiveRecord {};
    if (pick(2)) {
        if (const auto& state = object.declared; !state.empty())
            if (const ManifestPtr text = mutated(*state.front().manifest))
                record.text = std::make_shared<const std::string>(toText(text->value()));
    }
    if (pick(3) == 0)
        record.owners = pick(2) ? std::vector<LiveRecord::Owner> {{{"apps", "X"}, "x", "u"}}
                                : std::vector<LiveRecord::Owner> {};
    if (pick(3) == 0)
        record.health.status = pick(2) ? Health::Degraded : Health::Healthy;
    if (pick(4) == 0)
        record.application = pick(2) ? "app" : "";
    object.live = std::make_shared<const LiveRecord>(std::move(record));
    return name + " in the cluster";
}

std::string PlatformHistory::hands(PlatformObject& object)
{
    const std::string name = object.key.text();
    if (!object.isDeclared())
        return name + " as it is";
    switch (pick(4)) {
    case 0:
        if (object.declared.size() == 1)
            object.declared.push_back(object.declared.front());
        else
            object.declared.pop_back();
        object.declared.back().application = pick(2) ? "app" : "other";
        return name + " declared twice or no longer";
    case 1:
        object.declared.front().hook = pick(2) ? "PreSync" : "";
        return name + " as a hook or no longer";
    case 2:
        if (object.live) {
            object.declared.clear();
            return name + " declared no more";
        }
        [[fallthrough]];
    default:
        object.declared.front().application = pick(2) ? "app" : "other";
        object.declared.front().wave = int(pick(3));
        return name + " in other hands";
    }
}

std::string PlatformHistory::circumstance()
{
    switch (pick(3)) {
    case 0:
        m_circumstances.gaps = m_circumstances.gaps.empty() ? std::vector<std::string> {"a gap"}
                                                            : std::vector<std::string> {};
        return "a gap or none";
    case 1:
        if (m_circumstances.unknownKinds.erase({"", "Secret"}) == 0)
            m_circumstances.unknownKinds[{"", "Secret"}] = "forbidden";
        return "Secrets unknown or known";
    default:
        m_circumstances.applications[1].wave = int(pick(3));
        m_circumstances.applications[1].parent = pick(2) ? "app" : "";
        return "an application in another wave";
    }
}

/// One change; what it was, in words.
std::string PlatformHistory::step()
{
    if (!m_areCircumstancesFixed && pick(20) == 0)
        return circumstance();
    if (!m_files.empty() && pick(10) == 0) {
        const std::size_t at = pick(m_files.size());
        const bool isIn = m_filesIn.erase(at) != 0;
        if (!isIn)
            m_filesIn.insert(at);
        return (isIn ? "without " : "with ") + m_files[at].path;
    }
    State& state = m_states[pick(m_states.size())];
    PlatformObject& object = state.now;
    const std::string name = object.key.text();
    switch (pick(8)) {
    case 0:
    case 1:
        state.isIn = !state.isIn;
        return (state.isIn ? "with " : "without ") + name;
    case 2:
        object = state.first;
        return name + " as it was";
    case 3:
        return hands(object);
    case 4:
        return live(object);
    default:
        if (object.isDeclared())
            if (const ManifestPtr other = mutated(*object.declared.front().manifest)) {
                object.declared.front().manifest = other;
                return name + " saying something else";
            }
        return name + " as it is";
    }
}

std::string PlatformHistory::change()
{
    std::string out;
    for (std::size_t changes = 1 + pick(pick(4) == 0 ? 8 : 2); changes > 0; --changes)
        out += step() + "; ";
    return out;
}

} // namespace tests
