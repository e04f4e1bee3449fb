// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// Problems found while a manifest is read, each naming its field ("spec.source.path").
struct FieldProblems
{
    std::vector<std::string> errors; ///< the field is wrong: the manifest is not used
    std::vector<std::string> unsupported; ///< the field asks for what Wavewright does not do
    std::vector<std::string> warnings; ///< the field has no effect
};

/// One object of a manifest, read member by member; every wrong type becomes a problem that names
/// the field. Absent and null members count as not there. A view: the value and the problems must
/// outlive it.
class FieldReader
{
public:
    /// value may be null: then nothing is there. path: "spec.source".
    FieldReader(const core::Json* value, std::string path, FieldProblems& problems);

    bool isPresent() const { return m_object != nullptr; }
    const std::string& path() const { return m_path; }
    bool has(std::string_view name) const { return member(name) != nullptr; }

    std::string text(std::string_view name, std::string_view fallback = {});
    bool flag(std::string_view name, bool fallback);
    std::optional<std::int64_t> integer(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    std::map<std::string, std::string> textMap(std::string_view name);
    FieldReader object(std::string_view name);
    /// The objects of a list.
    std::vector<FieldReader> objects(std::string_view name);
    const core::Json* value(std::string_view name) { return member(name); }

    void error(std::string_view name, std::string_view message);
    void unsupported(std::string_view name, std::string_view message);
    void warning(std::string_view name, std::string_view message);
    /// Warns of members that are none of these, with the nearest of them.
    void warnOfOthers(std::initializer_list<std::string_view> known);

private:
    const core::Json* member(std::string_view name) const;
    std::string pathOf(std::string_view name) const;

    const core::JsonObject* m_object = nullptr;
    std::string m_path;
    FieldProblems* m_problems;
};

/// The nearest of some words, when it is near enough to be meant.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& known);

/// The first five problems as one sentence.
std::string sentence(const std::vector<std::string>& problems);

} // namespace gitops
