// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/kustomization.h"

#include <functional>
#include <vector>

namespace gitops::kustomize {

/// Reads typed fields from nodes as Go's JSON decoder does: names in any case, null is no value, no
/// conversion between types. The first error stays; what is read after it is empty.
class FieldDecoder
{
public:
    /// Of a plugin's configuration Kustomize takes only the fields that it knows, and a number or
    /// a boolean where a string is wanted.
    enum class Rules
    {
        Strict,
        Plugin
    };
    explicit FieldDecoder(const core::YamlTree& tree, Rules rules = Rules::Strict)
        : m_tree(tree)
        , m_rules(rules)
    {
    }

    struct Field
    {
        std::string_view name;
        std::function<void(const core::YamlNode&)> read;
    };
    /// Calls read for each entry; an entry without a field of its name is an error. where is put
    /// before names in messages.
    void fields(const core::YamlNode& node, std::string_view where,
                const std::vector<Field>& fields);
    void items(const core::YamlNode& node, std::string_view name,
               const std::function<void(const core::YamlNode&)>& read);

    Text text(const core::YamlNode& node, std::string_view name);
    std::string string(const core::YamlNode& node, std::string_view name);
    bool boolean(const core::YamlNode& node, std::string_view name);
    std::int64_t integer(const core::YamlNode& node, std::string_view name);
    std::vector<Text> texts(const core::YamlNode& node, std::string_view name);
    std::vector<std::string> strings(const core::YamlNode& node, std::string_view name);
    Pairs pairs(const core::YamlNode& node, std::string_view name);
    /// {path, group, version, kind, create}
    FieldSpec fieldSpec(const core::YamlNode& node, std::string_view name);

    void fail(const core::YamlNode& node, std::string message,
              core::ErrorCode code = core::ErrorCode::Invalid);
    bool hasFailed() const { return m_error.has_value(); }
    core::Error takeError() { return std::move(*m_error); }

private:
    void wrongType(const core::YamlNode& node, std::string_view name, std::string_view wanted);

    const core::YamlTree& m_tree;
    Rules m_rules;
    std::optional<core::Error> m_error;
};

} // namespace gitops::kustomize
