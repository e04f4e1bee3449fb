// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/kindtable.h"
#include "core/schema/fieldset.h"
#include "core/value/json.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// How the lists and maps of a type merge, by place. A walk starts at root() and follows member()
/// and item(); implementations are immutable, so any thread may walk.
class TypeSchema
{
public:
    /// Where a walk stands. Valid as long as its TypeSchema.
    struct Position
    {
        std::string path; ///< field names without indices: "spec.template.spec.containers"
        const Json* schema = nullptr; ///< the OpenAPI node; null where nothing is known
        bool isTyped =
            false; ///< false below preserve-unknown-fields: types are guessed from values
    };

    virtual ~TypeSchema() = default;
    virtual Position root() const = 0;
    virtual Position member(const Position& map, std::string_view name) const = 0;
    virtual Position item(const Position& list) const = 0;
    virtual ListKeys listKeys(const Position& list) const = 0;
    /// A map that is owned and replaced as a whole.
    virtual bool isAtomicMap(const Position& map) const = 0;
    /// True for a field that the type names, false for a key of a free map (a label). value is the
    /// member's, for implementations that know only list keys.
    virtual bool isNamedField(const Position& map, std::string_view name,
                              const Json* value) const = 0;
    virtual std::optional<Json> keyFieldDefault(const Position& list,
                                                std::string_view key) const = 0;
    /// True where null is a value of its own, not "absent".
    virtual bool isNullable(const Position& position) const = 0;
};

/// For built-in kinds, from a table of list keys (the built-in one when null) and the fields whose
/// maps are atomic. For a kind that is not built in, all lists are atomic and all maps granular.
class BuiltinTypeSchema final : public TypeSchema
{
public:
    using ListKeysFunction = std::function<ListKeys(const GroupKind&, std::string_view path)>;

    explicit BuiltinTypeSchema(GroupKind kind, ListKeysFunction listKeys = {});
    Position root() const override;
    Position member(const Position& map, std::string_view name) const override;
    Position item(const Position& list) const override;
    ListKeys listKeys(const Position& list) const override;
    bool isAtomicMap(const Position& map) const override;
    bool isNamedField(const Position& map, std::string_view name, const Json* value) const override;
    std::optional<Json> keyFieldDefault(const Position& list, std::string_view key) const override;
    bool isNullable(const Position& position) const override;

private:
    GroupKind m_kind;
    ListKeysFunction m_listKeys;
    bool m_isBuiltin;
};

/// From an OpenAPI v3 structural schema, as a CustomResourceDefinition carries it in
/// spec.versions[].schema.openAPIV3Schema. metadata is ObjectMeta whatever the schema says of it.
class CrdTypeSchema final : public TypeSchema
{
public:
    explicit CrdTypeSchema(std::shared_ptr<const Json> openApiV3Schema);
    /// Of one version of a CRD object; NotFound when the version has no schema.
    static Result<std::shared_ptr<const CrdTypeSchema>> fromCrd(const Json& crd,
                                                                std::string_view version);
    const Json& schema() const { return *m_schema; }

    Position root() const override;
    Position member(const Position& map, std::string_view name) const override;
    Position item(const Position& list) const override;
    ListKeys listKeys(const Position& list) const override;
    bool isAtomicMap(const Position& map) const override;
    bool isNamedField(const Position& map, std::string_view name, const Json* value) const override;
    std::optional<Json> keyFieldDefault(const Position& list, std::string_view key) const override;
    bool isNullable(const Position& position) const override;

private:
    std::shared_ptr<const Json> m_schema;
    BuiltinTypeSchema m_metadata;
};

/// The step that leads to an item of a list by its keys. Invalid, in the API server's words, when a
/// key field is missing without a default, or an item of a set is no scalar.
Result<PathElement> itemElement(const TypeSchema& schema, const TypeSchema::Position& list,
                                const ListKeys& keys, const Json& item);

} // namespace core
