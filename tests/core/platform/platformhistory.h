// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// Changes a platform at random, a few objects at a time: they come, go, say something else (words
/// of each other, less than before, other labels and annotations, other lines), are seen in the
/// cluster with their owners and healths, change hands, are declared twice.
class PlatformHistory
{
public:
    PlatformHistory(const core::PlatformInput& input, std::vector<core::LineageFile> files,
                    std::uint32_t seed);
    /// Also gaps, kinds that are not known, and the waves of applications.
    void changeCircumstances() { m_areCircumstancesFixed = false; }

    /// Some changes; what they were, in words.
    std::string change();
    core::PlatformInputPtr input() const;
    std::vector<core::LineageFile> files() const;

private:
    struct State
    {
        core::PlatformObject first; ///< as it is at the beginning
        core::PlatformObject now;
        bool isIn = false;
    };
    void collect(const core::Json& value);
    void mutate(core::Json& value, int depth);
    void annotate(core::Json& value);
    core::ManifestPtr mutated(const core::Manifest& manifest);
    core::ManifestPtr manifestOf(const core::Json& value, const core::Manifest& before);
    std::string step();
    std::string live(core::PlatformObject& object);
    std::string hands(core::PlatformObject& object);
    std::string circumstance();
    std::size_t pick(std::size_t below) { return m_random() % below; }
    const std::string& word() { return m_words[pick(m_words.size())]; }

    std::mt19937 m_random;
    std::vector<State> m_states;
    std::vector<core::LineageFile> m_files;
    std::set<std::size_t> m_filesIn;
    std::vector<std::string> m_words;
    core::PlatformInput m_circumstances; ///< without objects
    bool m_areCircumstancesFixed = true;
};

} // namespace tests
