// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/platformchanges.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace tests {

using namespace core;

namespace {

/// Children by number, from the whole object down to a member.
using Path = std::vector<std::size_t>;

/// The texts of all members of one name, so that one can say what another one says.
using Words = std::map<std::string, std::set<std::string>, std::less<>>;

void collect(const Json& value, const std::string& name, Words& out)
{
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            collect(member.value(), member.key(), out);
    else if (const auto* array = value.if_array())
        for (const Json& item : *array)
            collect(item, name, out);
    else if (const auto* text = value.if_string())
        out[name].emplace(text->c_str(), text->size());
}

/// Only the identity has to stay.
bool isIdentity(const Path& path, std::string_view parent, std::string_view name)
{
    return (path.size() == 1 && (name == "apiVersion" || name == "kind" || name == "metadata"))
        || (path.size() == 2 && parent == "metadata" && (name == "name" || name == "namespace"));
}

/// A member as a walk over all of them meets it.
struct Member
{
    Path path;
    std::string name; ///< of the member, or of the list that it is an item of
};

void walk(const Json& value, const Path& path, const std::string& name, std::vector<Member>& out)
{
    const auto visit = [&](std::size_t at, const Json& child, const std::string& key) {
        Path next = path;
        next.push_back(at);
        if (!isIdentity(next, name, key))
            out.push_back({next, key});
        walk(child, next, key, out);
    };
    std::size_t at = 0;
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            visit(at++, member.value(), member.key());
    else if (const auto* array = value.if_array())
        for (const Json& item : *array)
            visit(at++, item, name);
}

Json& childOf(Json& value, std::size_t at)
{
    if (auto* array = value.if_array())
        return (*array)[at];
    return (value.get_object().begin() + std::ptrdiff_t(at))->value();
}

Json& parentOf(Json& root, const Path& path)
{
    Json* at = &root;
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        at = &childOf(*at, path[i]);
    return *at;
}

Json without(Json root, const Path& path)
{
    Json& parent = parentOf(root, path);
    if (auto* array = parent.if_array())
        array->erase(array->begin() + std::ptrdiff_t(path.back()));
    else
        parent.get_object().erase(parent.get_object().begin() + std::ptrdiff_t(path.back()));
    return root;
}

/// The same with another value at a place; nullopt where there is none to be told.
std::optional<Json> otherwise(Json root, const Member& member, const Words& words)
{
    Json& at = childOf(parentOf(root, member.path), member.path.back());
    if (at.is_bool()) {
        at = Json(!at.get_bool());
    } else if (at.is_int64()) {
        at = Json(at.get_int64() + 1);
    } else if (at.is_string()) {
        const auto& known = words.at(member.name);
        const std::string own(at.get_string().c_str(), at.get_string().size());
        const auto next = std::next(known.find(own));
        const std::string& other = next == known.end() ? *known.begin() : *next;
        if (other == own)
            return std::nullopt;
        at = Json(other);
    } else {
        return std::nullopt;
    }
    return root;
}

class ObjectChanges
{
public:
    ObjectChanges(const PlatformObject& object, const Words& words,
                  std::vector<PlatformChange>& out)
        : m_object(object)
        , m_words(words)
        , m_out(out)
    {
    }

    void add(const std::vector<Finding>& findings)
    {
        if (m_object.isDeclared())
            addTexts(findings);
        addLive();
        if (m_object.isDeclared())
            addHands();
    }

private:
    void put(const std::string& what, PlatformObject now)
    {
        m_out.push_back({m_object.key.text() + " " + what, m_object.key, std::move(now), {}});
    }

    void putText(const std::string& what, const Json& value, Origins origins)
    {
        const auto manifest = Manifest::make(value, std::move(origins));
        if (!manifest || (*manifest)->key() != m_object.key)
            return;
        PlatformObject now = m_object;
        now.declared.front().manifest = *manifest;
        put(what, std::move(now));
    }

    void addTexts(const std::vector<Finding>& findings)
    {
        const ManifestPtr& manifest = m_object.declared.front().manifest;
        const Json value = manifest->value();
        std::vector<Member> members;
        walk(value, {}, "", members);
        for (const Member& member : members) {
            putText("without " + member.name, without(value, member.path), manifest->origins());
            if (const auto other = otherwise(value, member, m_words))
                putText("with another " + member.name, *other, manifest->origins());
        }
        Origins moved = manifest->origins();
        for (auto& [pointer, place] : moved)
            ++place.line;
        putText("in another line", value, std::move(moved));
        std::set<std::string> codes;
        for (const Finding& each : findings)
            if (each.key == m_object.key && codes.insert(each.code).second)
                addAccept(value, each.code);
        addAccept(value, "nonsense");
    }

    void addAccept(Json value, const std::string& code)
    {
        Json& annotations = value.as_object()["metadata"].as_object()["annotations"];
        if (!annotations.is_object())
            annotations = JsonObject();
        annotations.get_object()[std::string(kAcceptAnnotation)] = code + ": it is known";
        putText("with " + code + " accepted", value, m_object.declared.front().manifest->origins());
    }

    void putLive(const std::string& what, const std::function<void(LiveRecord&)>& act)
    {
        LiveRecord record = m_object.live ? *m_object.live : LiveRecord {};
        act(record);
        PlatformObject now = m_object;
        now.live = std::make_shared<const LiveRecord>(std::move(record));
        put(what, std::move(now));
    }

    void addLive()
    {
        const auto health = [](Health status) {
            return [status](LiveRecord& record) { record.health.status = status; };
        };
        putLive("healthy in the cluster", health(Health::Healthy));
        putLive("degraded in the cluster", health(Health::Degraded));
        putLive("tracked by another application",
                [](LiveRecord& record) { record.application = "other"; });
        putLive("owned in the cluster",
                [](LiveRecord& record) { record.owners = {{{"apps", "X"}, "x", "u"}}; });
        if (m_object.live && m_object.isDeclared()) {
            PlatformObject now = m_object;
            now.live = nullptr;
            put("not in the cluster", std::move(now));
        }
        if (m_object.isDeclared())
            putLive("in the cluster as declared", [&](LiveRecord& record) {
                record.text = std::make_shared<const std::string>(m_object.manifest()->text());
            });
        if (!m_object.live || !m_object.live->text)
            return;
        const Json value = *parseJson(*m_object.live->text);
        std::vector<Member> members;
        walk(value, {}, "", members);
        for (const Member& member : members)
            putLive("in the cluster without " + member.name, [&](LiveRecord& record) {
                record.text =
                    std::make_shared<const std::string>(toText(without(value, member.path)));
            });
    }

    void addHands()
    {
        const auto putHands = [&](const char* what, const auto& act) {
            PlatformObject now = m_object;
            act(now.declared);
            put(what, std::move(now));
        };
        using Declarations = std::vector<Declaration>;
        putHands("of another application", [](Declarations& all) {
            all.front().application = all.front().application == "other" ? "app" : "other";
        });
        putHands("in a later wave", [](Declarations& all) { ++all.front().wave; });
        putHands("as a hook", [](Declarations& all) { all.front().hook = "PreSync"; });
        putHands("declared once more", [](Declarations& all) {
            all.push_back(all.front());
            all.back().application = "third";
        });
        if (m_object.declared.size() > 1)
            putHands("declared once less", [](Declarations& all) { all.pop_back(); });
        if (m_object.live)
            putHands("only in the cluster", [](Declarations& all) { all.clear(); });
    }

    const PlatformObject& m_object;
    const Words& m_words;
    std::vector<PlatformChange>& m_out;
};

void put(PlatformInput& input, const ObjectKey& key, const std::optional<PlatformObject>& now)
{
    const auto at = std::ranges::lower_bound(input.objects, key, {}, &PlatformObject::key);
    const bool isThere = at != input.objects.end() && at->key == key;
    if (isThere && now)
        *at = *now;
    else if (isThere)
        input.objects.erase(at);
    else if (now)
        input.objects.insert(at, *now);
}

} // namespace

PlatformInputPtr changed(const PlatformInput& platform,
                         const std::vector<const PlatformChange*>& changes)
{
    PlatformInput out = platform;
    for (const PlatformChange* change : changes) {
        if (!change->key.kind.empty())
            put(out, change->key, change->now);
        if (change->beside)
            change->beside(out);
    }
    return std::make_shared<const PlatformInput>(std::move(out));
}

std::vector<PlatformChange> goings(const PlatformInput& platform)
{
    std::vector<PlatformChange> out;
    for (const PlatformObject& object : platform.objects)
        out.push_back({object.key.text() + " goes", object.key, {}, {}});
    return out;
}

std::vector<PlatformChange> changesOf(const PlatformInput& platform,
                                      const std::vector<Finding>& findings)
{
    Words words;
    for (const PlatformObject& object : platform.objects)
        if (object.isDeclared())
            collect(object.manifest()->value(), "", words);
    std::vector<PlatformChange> out;
    for (const PlatformObject& object : platform.objects)
        ObjectChanges(object, words, out).add(findings);
    return out;
}

std::vector<PlatformChange> changesBeside(const PlatformInput& platform)
{
    std::vector<PlatformChange> out;
    const auto add = [&](const std::string& what, std::function<void(PlatformInput&)> act) {
        out.push_back({what, {}, {}, std::move(act)});
    };
    add("a gap", [](PlatformInput& input) { input.gaps = {"an application is not known"}; });
    add("no cluster", [](PlatformInput& input) { input.hasLive = false; });
    for (const char* kind : {"Secret", "ConfigMap"})
        add(std::string(kind) + "s unknown",
            [kind](PlatformInput& input) { input.unknownKinds[{"", kind}] = "forbidden"; });
    for (const PlatformApplication& each : platform.applications) {
        const auto set = [&](const std::string& what, const auto& act) {
            add("application " + each.name + " " + what,
                [name = each.name, act](PlatformInput& input) {
                    for (PlatformApplication& application : input.applications)
                        if (application.name == name)
                            act(application);
                });
        };
        for (const int wave : {0, 2, 3})
            set("in wave " + std::to_string(wave),
                [wave](PlatformApplication& application) { application.wave = wave; });
        set("as a root", [](PlatformApplication& application) { application.parent = ""; });
        set("degraded",
            [](PlatformApplication& application) { application.health = Health::Degraded; });
        set("with another destination",
            [](PlatformApplication& application) { application.destinationNamespace = "quiet"; });
        add("no application " + each.name, [name = each.name](PlatformInput& input) {
            std::erase_if(input.applications, [&](const PlatformApplication& application) {
                return application.name == name;
            });
        });
    }
    return out;
}

} // namespace tests
