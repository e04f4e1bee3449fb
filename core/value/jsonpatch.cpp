// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/jsonpatch.h"

#include "core/value/jsonpointer.h"

#include <charconv>

namespace core {

namespace {

/// Carries one patch out on a copy; the caller swaps it in at the end.
class Patcher
{
public:
    Patcher(Json& target, const JsonPatchOptions& options)
        : m_root(target)
        , m_options(options)
    {
    }

    Result<void> apply(const Json& operation)
    {
        const std::string_view name = stringAt(operation, {"op"});
        const Json* path = core::find(operation, "path");
        if (!path || !path->is_string())
            return failure(ErrorCode::Invalid, "has no \"path\"");
        auto pointer = JsonPointer::parse(path->get_string());
        if (!pointer)
            return std::unexpected(pointer.error());
        const Json* value = core::find(operation, "value");
        if ((name == "add" || name == "replace" || name == "test") && !value)
            return failure(ErrorCode::Invalid, "has no \"value\"");
        if (name == "add")
            return add(*pointer, *value);
        if (name == "remove")
            return remove(*pointer);
        if (name == "replace")
            return replace(*pointer, *value);
        if (name == "test")
            return test(*pointer, *value);
        if (name == "move" || name == "copy")
            return transfer(*pointer, operation, name == "move");
        return failure(ErrorCode::Invalid,
                       "\"" + std::string(name) + "\" is no operation of JSON Patch");
    }

private:
    struct Target
    {
        Json* parent = nullptr;
        std::string key;
    };

    /// Where the last token of a pointer belongs.
    Result<Target> parentOf(const JsonPointer& pointer)
    {
        std::vector<std::string> tokens = pointer.tokens();
        Target target;
        target.key = tokens.back();
        tokens.pop_back();
        Json* at = &m_root;
        for (const std::string& token : tokens) {
            if (JsonObject* object = at->if_object()) {
                at = object->if_contains(token);
            } else if (at->is_array()) {
                const auto index = indexIn(at->get_array(), token, false);
                at = index ? &at->get_array()[*index] : nullptr;
            } else {
                at = nullptr;
            }
            if (!at)
                return failure(ErrorCode::Invalid, "its parent does not exist");
        }
        if (!at->is_object() && !at->is_array())
            return failure(ErrorCode::Invalid, "its parent is neither an object nor a list");
        target.parent = at;
        return target;
    }

    std::optional<std::size_t> indexIn(const JsonArray& array, const std::string& token,
                                       bool forAdd) const
    {
        if (forAdd && token == "-")
            return array.size();
        const std::size_t end = array.size() + (forAdd ? 1 : 0);
        if (m_options.negativeIndices && token.size() > 1 && token[0] == '-') {
            const auto back = arrayIndex(std::string_view(token).substr(1));
            return back && *back >= 1 && *back <= end ? std::optional(end - *back) : std::nullopt;
        }
        const auto index = arrayIndex(token);
        return index && *index < end ? index : std::nullopt;
    }

    Json* existing(const Target& target)
    {
        if (JsonObject* object = target.parent->if_object())
            return object->if_contains(target.key);
        const auto index = indexIn(target.parent->get_array(), target.key, false);
        return index ? &target.parent->get_array()[*index] : nullptr;
    }

    Result<void> add(const JsonPointer& pointer, Json value)
    {
        if (pointer.isEmpty()) {
            m_root = std::move(value);
            return {};
        }
        const auto target = parentOf(pointer);
        if (!target)
            return std::unexpected(target.error());
        if (JsonObject* object = target->parent->if_object()) {
            (*object)[target->key] = std::move(value);
            return {};
        }
        JsonArray& array = target->parent->get_array();
        const auto index = indexIn(array, target->key, true);
        if (!index)
            return failure(ErrorCode::Invalid, "the index is outside the list");
        array.insert(array.begin() + std::ptrdiff_t(*index), std::move(value));
        return {};
    }

    Result<void> remove(const JsonPointer& pointer)
    {
        if (pointer.isEmpty())
            return failure(ErrorCode::Invalid, "the whole value cannot be removed");
        const auto target = parentOf(pointer);
        if (!target || !existing(*target)) {
            if (m_options.allowMissingRemove)
                return {};
            return target ? failure(ErrorCode::Invalid, "there is nothing to remove")
                          : std::unexpected(target.error());
        }
        if (JsonObject* object = target->parent->if_object()) {
            object->stable_erase(object->find(target->key));
        } else {
            JsonArray& array = target->parent->get_array();
            array.erase(array.begin() + std::ptrdiff_t(*indexIn(array, target->key, false)));
        }
        return {};
    }

    Result<void> replace(const JsonPointer& pointer, const Json& value)
    {
        Result<Json*> at = find(pointer);
        if (!at)
            return std::unexpected(at.error());
        **at = value;
        return {};
    }

    Result<void> test(const JsonPointer& pointer, const Json& value)
    {
        const Result<Json*> at = find(pointer);
        // A missing member equals null, as evanphx/json-patch has it.
        if (!at ? value.is_null() : isEqual(**at, value))
            return {};
        return failure(ErrorCode::Invalid, "the test failed: the value is another one");
    }

    Result<void> transfer(const JsonPointer& pointer, const Json& operation, bool move)
    {
        const Json* from = core::find(operation, "from");
        if (!from || !from->is_string())
            return failure(ErrorCode::Invalid, "has no \"from\"");
        auto source = JsonPointer::parse(from->get_string());
        if (!source)
            return std::unexpected(source.error());
        const Result<Json*> at = find(*source);
        if (!at)
            return failure(ErrorCode::Invalid, "\"from\" leads to nothing");
        if (move && pointer.text().starts_with(source->text() + "/"))
            return failure(ErrorCode::Invalid, "a value cannot be moved into itself");
        Json value = **at;
        if (move)
            if (auto removed = remove(*source); !removed)
                return removed;
        return add(pointer, std::move(value));
    }

    Result<Json*> find(const JsonPointer& pointer)
    {
        if (pointer.isEmpty())
            return &m_root;
        const auto target = parentOf(pointer);
        if (!target)
            return std::unexpected(target.error());
        Json* at = existing(*target);
        if (!at)
            return failure(ErrorCode::Invalid, "it leads to nothing");
        return at;
    }

    Json& m_root;
    const JsonPatchOptions& m_options;
};

} // namespace

Result<void> applyJsonPatch(Json& target, const Json& patch, const JsonPatchOptions& options)
{
    const JsonArray* operations = patch.if_array();
    if (!operations)
        return failure(ErrorCode::Invalid, "a JSON patch must be a list of operations");
    if (operations->size() > options.maxOperations)
        return failure(ErrorCode::LimitExceeded,
                       "the JSON patch has " + std::to_string(operations->size())
                           + " operations, more than " + std::to_string(options.maxOperations));
    Json copy = target;
    Patcher patcher(copy, options);
    for (std::size_t i = 0; i < operations->size(); ++i) {
        auto done = patcher.apply((*operations)[i]);
        if (!done)
            return std::unexpected(std::move(done).error().within(
                "JSON patch operation " + std::to_string(i) + " ("
                + std::string(stringAt((*operations)[i], {"op"})) + " "
                + std::string(stringAt((*operations)[i], {"path"})) + ")"));
    }
    target = std::move(copy);
    return {};
}

} // namespace core
