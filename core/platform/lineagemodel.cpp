// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagemodel.h"

#include "core/platform/lineageextractor.h"

#include <algorithm>
#include <utility>

namespace core {

struct LineageModel::Entry
{
    ObjectKey key;
    Digest digest; ///< of the declared manifest, null without one
    const void* address = nullptr; ///< of the text that was read: equal address, equal text
    std::shared_ptr<const void> keep; ///< so that no other text gets that address
    std::shared_ptr<const std::string> live;
    std::vector<std::pair<ObjectKey, Digest>> dependencies;
    LineageFactsPtr facts;
    LineageFactsPtr observed;
    std::string application;
    int wave = 0;
    bool existing = false;
    std::uint64_t round = 0;
};

namespace {

/// The live object as a manifest; nullptr where its text is not kept.
ManifestPtr liveManifest(const PlatformObject& object)
{
    if (!object.live || !object.live->text)
        return nullptr;
    const auto value = parseJson(*object.live->text);
    if (!value)
        return nullptr;
    auto manifest = Manifest::make(*value, {{"", {.object = object.key.text()}}});
    return manifest ? *manifest : nullptr;
}

ManifestPtr textOf(const PlatformInput& input, const ObjectKey& key)
{
    const PlatformObject* object = input.find(key);
    if (!object)
        return nullptr;
    return object->isDeclared() ? object->declared.front().manifest : liveManifest(*object);
}

bool sameFacts(const LineageFactsPtr& a, const LineageFactsPtr& b)
{
    return a == b || (a && b && *a == *b);
}

} // namespace

LineageModel::LineageModel(const LineageRules& rules)
    : m_rules(rules)
{
}

LineageModel::~LineageModel() = default;

LineageFactsPtr LineageModel::factsOf(const PlatformInput& input, const PlatformObject& object,
                                      Entry& entry)
{
    const ManifestPtr manifest =
        object.isDeclared() ? object.declared.front().manifest : liveManifest(object);
    if (!manifest)
        return nullptr;
    entry.dependencies.clear();
    const LineageLookup lookup = [&](const ObjectKey& key) {
        ManifestPtr found = textOf(input, key);
        entry.dependencies.emplace_back(key, found ? found->digest() : Digest {});
        return found;
    };
    ++m_statistics.extracted;
    return extractLineage(*manifest, lookup, m_rules);
}

LineageGraphPtr LineageModel::update(const PlatformInput& input,
                                     const std::vector<LineageFile>& files)
{
    m_statistics = {};
    ++m_round;
    bool changed = !m_graph;
    std::vector<LineagePart> parts;
    parts.reserve(m_parts.size());
    const auto put = [&](Entry& entry, LineageFactsPtr facts, LineageFactsPtr observed) {
        changed = changed || !sameFacts(facts, entry.facts) || !sameFacts(observed, entry.observed);
        if (!sameFacts(facts, entry.facts))
            entry.facts = std::move(facts);
        if (!sameFacts(observed, entry.observed))
            entry.observed = std::move(observed);
    };
    std::vector<Entry*> order;
    order.reserve(input.objects.size());
    for (const PlatformObject& object : input.objects) {
        // Mostly the same objects as the last time, at the same places.
        Entry* known = order.size() < m_order.size() ? m_order[order.size()] : nullptr;
        if (!known || known->key != object.key) {
            std::unique_ptr<Entry>& slot = m_entries[object.key];
            if (!slot) {
                slot = std::make_unique<Entry>();
                slot->key = object.key;
            }
            known = slot.get();
        }
        order.push_back(known);
        Entry& entry = *known;
        entry.round = m_round;
        const void* address = object.isDeclared()
            ? static_cast<const void*>(object.declared.front().manifest.get())
            : (object.live ? static_cast<const void*>(object.live->text.get()) : nullptr);
        const auto isStale = [&] {
            if (address != entry.address)
                return !(object.isDeclared() && !entry.digest.isNull() && entry.facts
                         && object.declared.front().manifest->digest() == entry.digest);
            return false;
        };
        const bool dependenciesChanged =
            std::ranges::any_of(entry.dependencies, [&](const auto& each) {
                const ManifestPtr now = textOf(input, each.first);
                return (now ? now->digest() : Digest {}) != each.second;
            });
        const bool stale = !entry.facts || isStale() || dependenciesChanged;
        const std::shared_ptr<const std::string> live = object.live ? object.live->text : nullptr;
        if (stale || live != entry.live) {
            LineageFactsPtr observed = entry.observed;
            if (live != entry.live) {
                observed = nullptr;
                if (live && object.isDeclared())
                    if (const ManifestPtr manifest = liveManifest(object))
                        observed = extractLineage(*manifest, {}, m_rules);
                entry.live = live;
            }
            put(entry, stale ? factsOf(input, object, entry) : entry.facts, std::move(observed));
        }
        entry.address = address;
        entry.keep = object.isDeclared()
            ? std::shared_ptr<const void>(object.declared.front().manifest)
            : std::shared_ptr<const void>(live);
        entry.digest = object.isDeclared() ? object.declared.front().manifest->digest() : Digest {};
        const bool existing = object.live != nullptr;
        const std::string& application = object.isDeclared()
            ? object.declared.front().application
            : (object.live ? object.live->application : entry.application);
        const int wave = object.isDeclared() ? object.declared.front().wave : 0;
        const bool hasPart = entry.facts && (!entry.facts->isEmpty() || entry.observed);
        if (hasPart
            && (existing != entry.existing || application != entry.application
                || wave != entry.wave))
            changed = true;
        entry.existing = existing;
        entry.application = application;
        entry.wave = wave;
        if (hasPart)
            parts.push_back(
                {entry.facts, entry.observed, application, wave, object.isDeclared(), existing});
    }
    m_order = std::move(order);
    const std::size_t before = m_entries.size();
    std::erase_if(m_entries, [&](const auto& each) {
        return each.second->round != m_round && each.first.kind != "File";
    });
    changed =
        changed || before != m_entries.size() || parts.size() + files.size() != m_parts.size();
    for (const LineageFile& file : files) {
        std::unique_ptr<Entry>& slot = m_entries[{"", "File", "", file.path}];
        if (!slot)
            slot = std::make_unique<Entry>();
        if (slot->address != file.text.get()) {
            ++m_statistics.extracted;
            put(*slot, extractDagFile(file.path, *file.text, m_rules), nullptr);
            slot->address = file.text.get();
            slot->keep = file.text;
        }
        parts.push_back({slot->facts, nullptr, file.application, 0, true, false});
    }
    m_parts = std::move(parts);
    if (changed) {
        m_statistics.joined = true;
        m_graph = std::make_shared<const LineageGraph>(joinLineage(m_parts, m_rules));
    }
    return m_graph;
}

LineageGraphPtr makeLineage(const PlatformInput& input, const std::vector<LineageFile>& files)
{
    return LineageModel().update(input, files);
}

} // namespace core
