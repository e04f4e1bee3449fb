// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/kustomization.h"

#include <map>
#include <memory>

namespace gitops::kustomize {

/// A Selector made ready: its regular expressions compiled (RE2, matching as a whole), its label
/// and annotation selectors parsed.
class Selection
{
public:
    static core::Result<Selection> make(const Selector& selector, const core::Place& place);
    Selection(Selection&&) noexcept;
    Selection& operator=(Selection&&) noexcept;
    ~Selection();

    /// Name and namespace match what the resource was called first, or is called now.
    bool matches(const Resource& resource) const;

private:
    struct Private;
    explicit Selection(std::unique_ptr<Private> parts);
    std::unique_ptr<Private> d;
};

/// The labels or annotations of an object: all scalars, as text.
std::map<std::string, std::string> textMap(const core::YamlNode* mapping);

} // namespace gitops::kustomize
