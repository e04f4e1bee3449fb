// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagemodel.h"

#include "core/platform/lineageextractor.h"
#include "core/platform/lineagejoiner.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace core {

struct LineageModel::Entry
{
    ObjectKey key;
    // What the input said last. What is held keeps its address: equal address, equal text.
    ManifestPtr manifest; ///< null: nobody declares it
    std::shared_ptr<const std::string> live;
    std::string application;
    int wave = 0;
    bool existing = false;
    bool isSeen = false;
    // What was read.
    bool isTextOther = true; ///< than what `facts` are of
    bool isLiveOther = true;
    std::vector<ObjectKey> lookups;
    LineageFactsPtr facts;
    LineageFactsPtr observed;
    // What was joined.
    LineageJoiner::Part part = nullptr;
    std::uint32_t serial = 0;
};

/// What an entry saw last, in one line of memory: most of a large platform is as it was, and that
/// has to be told without a look at each entry.
struct LineageModel::Seen
{
    const Manifest* manifest = nullptr;
    const std::string* live = nullptr;
    int wave = 0;
    bool existing = false;
    std::string application;

    /// Whether an object is the one of this line and says the same. Where neither text is known,
    /// only the key would tell.
    bool isOf(const PlatformObject& object) const
    {
        const Declaration* declared = object.isDeclared() ? &object.declared.front() : nullptr;
        const LiveRecord* record = object.live.get();
        if ((declared ? declared->manifest.get() : nullptr) != manifest
            || (record ? record->text.get() : nullptr) != live || (!manifest && !live)
            || existing != (record != nullptr))
            return false;
        return declared ? declared->wave == wave && declared->application == application
                        : wave == 0 && record->application == application;
    }
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

ManifestPtr textOf(const PlatformObject& object)
{
    return object.isDeclared() ? object.declared.front().manifest : liveManifest(object);
}

bool sameFacts(const LineageFactsPtr& a, const LineageFactsPtr& b)
{
    return a == b || (a && b && *a == *b);
}

const std::string& applicationOf(const PlatformObject& object)
{
    static const std::string none;
    if (object.isDeclared())
        return object.declared.front().application;
    return object.live ? object.live->application : none;
}

} // namespace

LineageModel::LineageModel(const LineageRules& rules)
    : m_rules(rules)
    , m_joiner(std::make_unique<LineageJoiner>(rules))
{
}

LineageModel::~LineageModel() = default;

/// Notes what an object says now, and whether it has to be read.
void LineageModel::see(const PlatformObject& object, Entry& entry)
{
    const Declaration* declared = object.isDeclared() ? &object.declared.front() : nullptr;
    const std::string* live = object.live ? object.live->text.get() : nullptr;
    const int wave = declared ? declared->wave : 0;
    const std::string& application = applicationOf(object);
    const bool existing = object.live != nullptr;
    const Manifest* manifest = declared ? declared->manifest.get() : nullptr;
    if (manifest == entry.manifest.get() && live == entry.live.get() && wave == entry.wave
        && existing == entry.existing && application == entry.application && entry.isSeen)
        return;
    const bool isLiveOther = live != entry.live.get();
    const bool isTextOther = manifest != entry.manifest.get() || (!manifest && isLiveOther);
    if (isTextOther || !entry.isSeen)
        m_changed.push_back(entry.key);
    entry.isTextOther = entry.isTextOther || isTextOther;
    // What was observed counts beside a declaration only.
    entry.isLiveOther = entry.isLiveOther || isLiveOther || isTextOther;
    entry.manifest = declared ? declared->manifest : nullptr;
    entry.live = object.live ? object.live->text : nullptr;
    entry.application = application;
    entry.wave = wave;
    entry.existing = existing;
    entry.isSeen = true;
    m_stale.insert(&entry);
}

void LineageModel::leave(Entry& entry)
{
    m_changed.push_back(entry.key);
    forgetLookups(entry);
    if (entry.part)
        m_joiner->remove(entry.part);
}

/// The places of objects that are, or may be, others than the last time; nullopt when they are not
/// all at the places where they were.
std::optional<std::vector<std::size_t>> LineageModel::othersOf(const PlatformInput& input) const
{
    if (m_order.size() != input.objects.size())
        return std::nullopt;
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < m_seen.size(); ++i) {
        if (m_seen[i].isOf(input.objects[i]))
            continue;
        if (m_order[i]->key != input.objects[i].key)
            return std::nullopt;
        out.push_back(i);
    }
    return out;
}

/// Both lists are by key: what is in one of them only came or went.
void LineageModel::putInOrder(const PlatformInput& input)
{
    std::vector<std::unique_ptr<Entry>> before = std::exchange(m_order, {});
    m_order.reserve(input.objects.size());
    auto known = before.begin();
    for (const PlatformObject& object : input.objects) {
        for (; known != before.end() && (*known)->key < object.key; ++known)
            leave(**known);
        if (known != before.end() && (*known)->key == object.key) {
            m_order.push_back(std::move(*known++));
            continue;
        }
        m_order.push_back(std::make_unique<Entry>());
        m_order.back()->key = object.key;
    }
    for (; known != before.end(); ++known)
        leave(**known);
    m_seen.resize(m_order.size());
}

void LineageModel::takeObjects(const PlatformInput& input)
{
    auto others = othersOf(input);
    if (!others) {
        putInOrder(input);
        others.emplace(m_order.size());
        std::iota(others->begin(), others->end(), std::size_t(0));
    }
    for (const std::size_t at : *others) {
        Entry& entry = *m_order[at];
        see(input.objects[at], entry);
        m_seen[at] = {entry.manifest.get(), entry.live.get(), entry.wave, entry.existing,
                      entry.application};
    }
    for (const ObjectKey& key : m_changed)
        if (const auto readers = m_lookups.find(key); readers != m_lookups.end())
            for (Entry* entry : readers->second) {
                entry->isTextOther = true;
                m_stale.insert(entry);
            }
    m_changed.clear();
}

void LineageModel::forgetLookups(Entry& entry)
{
    for (const ObjectKey& key : entry.lookups) {
        const auto found = m_lookups.find(key);
        if (found == m_lookups.end())
            continue;
        found->second.erase(&entry);
        if (found->second.empty())
            m_lookups.erase(found);
    }
    entry.lookups.clear();
}

LineageFactsPtr LineageModel::factsOf(const PlatformInput& input, const PlatformObject& object,
                                      Entry& entry)
{
    forgetLookups(entry);
    const ManifestPtr manifest = textOf(object);
    if (!manifest)
        return nullptr;
    const LineageLookup lookup = [&](const ObjectKey& key) {
        entry.lookups.push_back(key);
        m_lookups[key].insert(&entry);
        const PlatformObject* found = input.find(key);
        return found ? textOf(*found) : nullptr;
    };
    ++m_statistics.extracted;
    return extractLineage(*manifest, lookup, m_rules);
}

void LineageModel::readAgain(const PlatformInput& input)
{
    for (Entry* entry : m_stale) {
        const PlatformObject& object = *input.find(entry->key);
        if (std::exchange(entry->isTextOther, false)) {
            LineageFactsPtr facts = factsOf(input, object, *entry);
            if (!sameFacts(facts, entry->facts))
                entry->facts = std::move(facts);
        }
        if (std::exchange(entry->isLiveOther, false)) {
            LineageFactsPtr observed;
            if (entry->live && object.isDeclared())
                if (const ManifestPtr manifest = liveManifest(object))
                    observed = extractLineage(*manifest, {}, m_rules);
            if (!sameFacts(observed, entry->observed))
                entry->observed = std::move(observed);
        }
        put(*entry);
    }
    m_stale.clear();
}

/// Hands to the joiner what is known of an object, where it is something.
void LineageModel::put(Entry& entry)
{
    const bool isFile = entry.key.kind == "File" && !entry.manifest;
    const bool hasPart = entry.facts && (isFile || !entry.facts->isEmpty() || entry.observed);
    if (!hasPart) {
        if (entry.part)
            m_joiner->remove(std::exchange(entry.part, nullptr));
        return;
    }
    LineagePart next {entry.facts, entry.observed,           entry.application,
                      entry.wave,  isFile || entry.manifest, entry.existing,
                      entry.serial};
    if (!entry.part)
        entry.part = m_joiner->add(std::move(next));
    else if (next != *entry.part)
        m_joiner->change(entry.part, std::move(next));
}

void LineageModel::takeFiles(const std::vector<LineageFile>& files)
{
    std::map<std::string, std::uint32_t> count;
    std::set<Entry*> seen;
    for (const LineageFile& file : files) {
        const std::uint32_t serial = count[file.path]++;
        std::unique_ptr<Entry>& slot = m_files[{file.path, serial}];
        if (!slot) {
            slot = std::make_unique<Entry>();
            slot->key = {"", "File", "", file.path};
            slot->serial = serial;
        }
        seen.insert(slot.get());
        if (slot->live != file.text || !slot->facts) {
            ++m_statistics.extracted;
            LineageFactsPtr facts = extractDagFile(file.path, *file.text, m_rules);
            if (!sameFacts(facts, slot->facts))
                slot->facts = std::move(facts);
            slot->live = file.text;
        }
        slot->application = file.application;
        put(*slot);
    }
    std::erase_if(m_files, [&](const auto& each) {
        if (seen.contains(each.second.get()))
            return false;
        if (each.second->part)
            m_joiner->remove(each.second->part);
        return true;
    });
}

LineageGraphPtr LineageModel::update(const PlatformInput& input,
                                     const std::vector<LineageFile>& files)
{
    m_statistics = {};
    takeObjects(input);
    readAgain(input);
    takeFiles(files);
    LineageGraphPtr graph = m_joiner->graph();
    m_statistics.rejoined = m_joiner->joined();
    m_statistics.joined = graph != m_graph;
    m_graph = std::move(graph);
    return m_graph;
}

LineageGraphPtr makeLineage(const PlatformInput& input, const std::vector<LineageFile>& files)
{
    return LineageModel().update(input, files);
}

} // namespace core
