// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/jsonslices.h"

#include <simdjson.h>

#include <memory>

namespace gitops {

namespace {

namespace ondemand = simdjson::ondemand;

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::size_t kKeptCapacity = 64u << 10;

/// A parser whose buffers, which grow with the text, are given back after a large one.
class ParserLoan
{
public:
    ParserLoan()
    {
        if (!kept)
            kept = std::make_unique<ondemand::parser>();
    }
    ~ParserLoan()
    {
        if (kept->capacity() > kKeptCapacity)
            kept.reset();
    }
    ParserLoan(const ParserLoan&) = delete;
    ParserLoan& operator=(const ParserLoan&) = delete;
    ondemand::parser& operator*() const { return *kept; }

private:
    static thread_local std::unique_ptr<ondemand::parser> kept;
};

thread_local std::unique_ptr<ondemand::parser> ParserLoan::kept;

core::Error unreadable(const char* message, core::ErrorCode code = core::ErrorCode::Invalid)
{
    return {code, message, {}, core::Fault::Cluster, {}};
}

/// Calls take for every member of the document's object, which must be all that there is.
template<class Take>
core::Result<void> eachMember(std::string_view text, ondemand::parser& parser, Take take)
{
    const auto noJson = [](simdjson::error_code error) {
        return error == simdjson::MEMALLOC
            ? unreadable("the answer does not fit in memory", core::ErrorCode::LimitExceeded)
            : unreadable("the answer is no JSON");
    };
    ondemand::document document;
    ondemand::object root;
    if (const auto error =
            parser.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document))
        return std::unexpected(noJson(error));
    if (const auto error = document.get_object().get(root))
        return std::unexpected(noJson(error));
    for (auto each : root) {
        ondemand::field member;
        std::string_view key;
        if (const auto error = std::move(each).get(member))
            return std::unexpected(noJson(error));
        if (const auto error = member.unescaped_key().get(key))
            return std::unexpected(noJson(error));
        if (core::Result<void> taken = take(key, member.value()); !taken)
            return taken;
    }
    const char* rest = nullptr;
    if (!document.current_location().get(rest))
        return std::unexpected(unreadable("the answer goes on behind its end"));
    return {};
}

/// The text of a string member; "" for anything else.
core::Result<void> takeText(ondemand::value& value, std::string& out)
{
    ondemand::json_type type {};
    if (value.type().get(type))
        return std::unexpected(unreadable("the answer is no JSON"));
    if (type != ondemand::json_type::string)
        return {};
    std::string_view text;
    if (value.get_string().get(text))
        return std::unexpected(unreadable("the answer is no JSON"));
    out = text;
    return {};
}

core::Result<void> takeListMetadata(ondemand::value& metadata, ListSlices& out)
{
    ondemand::object members;
    if (metadata.get_object().get(members))
        return std::unexpected(unreadable("the server's answer is no list"));
    for (auto each : members) {
        ondemand::field member;
        std::string_view key;
        if (std::move(each).get(member) || member.unescaped_key().get(key))
            return std::unexpected(unreadable("the answer is no JSON"));
        std::string* target = key == "resourceVersion" ? &out.resourceVersion
            : key == "continue"                        ? &out.continueToken
                                                       : nullptr;
        if (target)
            if (auto taken = takeText(member.value(), *target); !taken)
                return taken;
    }
    return {};
}

core::Result<std::string_view> objectText(ondemand::value& value, const char* complaint)
{
    ondemand::object object;
    std::string_view text;
    if (value.get_object().get(object))
        return std::unexpected(unreadable(complaint));
    if (object.raw_json().get(text))
        return std::unexpected(unreadable("the answer is no JSON"));
    return text;
}

core::Result<void> takeItems(ondemand::value& items, ListSlices& out)
{
    ondemand::json_type type {};
    if (items.type().get(type))
        return std::unexpected(unreadable("the answer is no JSON"));
    out.items.clear();
    if (type == ondemand::json_type::null)
        return {};
    ondemand::array array;
    if (items.get_array().get(array))
        return std::unexpected(unreadable("the server's answer is no list"));
    for (auto each : array) {
        ondemand::value item;
        if (std::move(each).get(item))
            return std::unexpected(unreadable("the answer is no JSON"));
        if (out.items.size() >= kMaxListItems)
            return std::unexpected(unreadable("the list has more items than Wavewright reads",
                                              core::ErrorCode::LimitExceeded));
        auto text = objectText(item, "an item of the list is no object");
        if (!text)
            return std::unexpected(std::move(text.error()));
        out.items.push_back(*text);
    }
    return {};
}

} // namespace

core::Result<ListSlices> sliceList(std::string_view body)
{
    const ParserLoan parser;
    ListSlices out;
    bool hasItems = false;
    bool hasMetadata = false;
    auto read = eachMember(body, *parser, [&](std::string_view key, ondemand::value& value) {
        hasItems = hasItems || key == "items";
        hasMetadata = hasMetadata || key == "metadata";
        return key == "items"   ? takeItems(value, out)
            : key == "metadata" ? takeListMetadata(value, out)
                                : core::Result<void>();
    });
    if (!read)
        return std::unexpected(std::move(read.error()));
    if (!hasItems || !hasMetadata)
        return std::unexpected(unreadable("the server's answer is no list"));
    return out;
}

core::Result<FrameSlices> sliceFrame(std::string_view line)
{
    const ParserLoan parser;
    FrameSlices out;
    auto read = eachMember(line, *parser, [&](std::string_view key, ondemand::value& value) {
        if (key == "type")
            return takeText(value, out.type);
        if (key != "object")
            return core::Result<void>();
        auto text = objectText(value, "the event has no object");
        if (!text)
            return core::Result<void>(std::unexpected(std::move(text.error())));
        out.object = *text;
        return core::Result<void>();
    });
    if (!read)
        return std::unexpected(std::move(read.error()));
    if (out.object.empty())
        return std::unexpected(unreadable("the event has no object"));
    return out;
}

} // namespace gitops
